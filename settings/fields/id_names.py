"""What a resource id consists of, and the shape that Azure gives the name of each of its parts."""

import re
from collections.abc import Iterator
from functools import cache

from settings.facts.data_files import read

GUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_ID = re.compile(
    rf"/subscriptions/{GUID.pattern}/resourceGroups/(?P<group>[^/]+)/providers/(?P<provider>[a-z][a-z0-9.]*)(?P<parts>(/[a-z0-9]+/[^/]+)+)",
    re.IGNORECASE | re.ASCII,
)
_ANY = r"[a-z0-9_][-\w.()]{0,126}", "1 to 127 letters, digits and `_-.()`, a letter, a digit or `_` first"


def type_of(value: str) -> str | None:
    """Return the type of the resource that an id names, such as Microsoft.KeyVault/vaults; None of a text that is no id."""
    found = _ID.fullmatch(value)
    return found and "/".join([found["provider"], *found["parts"].split("/")[1::2]])


def misnamed(value: str) -> tuple[str, str] | None:
    """Return the first name in a resource id that Azure gives nothing of its type, and what is to be written; None when there is none."""
    for what, name in _names(value):
        pattern, words = _shape(what.lower())
        if not re.fullmatch(pattern, name, re.IGNORECASE | re.ASCII):
            kind = "resource group" if what == "group" else what
            return f"nothing of the type {kind} is called {name!r}", f"write a name of {words}"
    return None


def _names(value: str) -> Iterator[tuple[str, str]]:
    found = _ID.fullmatch(value)
    if not found:
        return
    yield "group", found["group"]
    type_ = found["provider"]
    _, *parts = found["parts"].split("/")
    for part, name in zip(parts[::2], parts[1::2], strict=True):
        type_ = f"{type_}/{part}"
        yield type_, name


@cache
def _shape(type_: str) -> tuple[str, str]:
    """Return the pattern and the words of the names of a type, in lower case, or of a `group`."""
    data = read("names")
    known = {name.lower(): one for name, one in data["types"].items()} | {"group": data["group"]}
    return (known[type_]["pattern"], known[type_]["words"]) if type_ in known else _ANY
