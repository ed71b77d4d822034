"""The text of a small file that somebody wrote: regular, UTF-8, and without what no editor shows."""

import re
from collections.abc import Iterator
from pathlib import Path

from secure_aks_lifecycle import regular_file

from settings.reading.fault import Fault, UnreadableError

MOST_BYTES = 512 * 1024
"""Most bytes of a stack file: one of 100 pools and 500 teams has a third of it."""

_UNSEEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ufffe\uffff]")
_BREAK = re.compile(r"\r\n|\r|\n")
_MOST_FAULTS = 20


def read_text(path: Path, most: int = MOST_BYTES) -> str:
    """Return the text of a file, without a byte order mark.

    Raises UnreadableError for a file that is not there, is none (a folder, a pipe, a device), is too large or no text.
    """
    try:
        data = regular_file.data(path, most + 1)
    except OSError as error:
        why = f"it cannot be read: {error.strerror or error}"
        raise UnreadableError(Fault(why, "name a file that exists and is yours to read")) from None
    except ValueError as error:  # such as a NUL in the name
        raise UnreadableError(Fault(f"it cannot be read: {error}", "name a file that exists")) from None
    if len(data) > most:
        why = f"it has more than {most // 1024} KiB, which no such file needs"
        raise UnreadableError(Fault(why, "take out what is no setting"))
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise UnreadableError(Fault("it is not UTF-8 text", "save it as UTF-8", line)) from None
    if faults := list(unseen(text)):
        raise UnreadableError(*faults)
    return text


def unseen(text: str) -> Iterator[Fault]:
    """Yield the control characters and invisible line breaks of a text, the first few of them."""
    for number, found in enumerate(_UNSEEN.finditer(text)):
        if number == _MOST_FAULTS:
            return
        line = len(_BREAK.findall(text, 0, found.start())) + 1
        why = f"it holds the character U+{ord(found[0]):04X}, which no editor shows"
        yield Fault(why, "delete the character, or write the line anew", line)
