"""AppArmor profiles: compiled by the real parser where this machine has one, else checked for their shape."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from functools import cache

from settings.profile_files.fault import Fault

_PLACE = re.compile(r"AppArmor parser error.*? at line (\d+): (.*)")
_HEADER = re.compile(r'^\s*(?:profile\s+(?:"([^"]+)"|([^\s{]+))|("?/[^\s{]*))[^{}\n]*\{', re.MULTILINE)
_UNPROTECTED = re.compile(r"flags=\([^)]*\b(complain|unconfined|kill|prompt)\b[^)]*\)")
_COMMENT = re.compile(r"#(?!include\b).*")


@cache
def apparmor_faults(text: str, name: str) -> list[Fault]:
    """Return what is wrong with a profile that the stack calls `name`."""
    code = _COMMENT.sub("", text)
    found = [*_names(code, name), *_enforced(code)]
    parser = parser_path()
    return sorted([*found, *(_compiled(parser, text) if parser else _braces(code))])


def parser_path() -> str | None:
    """Return where AppArmor's parser is, None where it is not."""
    return shutil.which(
        "apparmor_parser", path=os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin", "/sbin"])
    )


def _names(code: str, name: str) -> Iterator[Fault]:
    headers = list(_HEADER.finditer(code))
    if not headers:
        yield Fault(
            1, "there is no profile in it", f"begin it with `profile {name} flags=(attach_disconnected) {{`"
        )
    for header in headers:
        written = header[1] or header[2] or header[3]
        outer = code.count("{", 0, header.start()) == code.count("}", 0, header.start())
        if outer and written != name:
            line = code.count("\n", 0, header.start(1 if header[1] else 2 if header[2] else 3)) + 1
            why = f"it is called {written!r}, and the stack loads it as {name!r}"
            yield Fault(line, why, f"write `profile {name}`, or rename the file; one profile a file")


def _enforced(code: str) -> Iterator[Fault]:
    for flags in _UNPROTECTED.finditer(code):
        if flags[1] in {"complain", "unconfined"}:
            line = code.count("\n", 0, flags.start()) + 1
            yield Fault(line, f"with the flag {flags[1]} the profile stops nothing", "remove the flag")


def _compiled(parser: str, text: str) -> Iterator[Fault]:
    """Yield what the parser says; it compiles for the kernel features it knows, and loads nothing."""
    command = [parser, "--skip-kernel-load", "--skip-cache"]
    done = subprocess.run(
        command, input=text, capture_output=True, text=True, check=False, env={"LC_ALL": "C"}
    )
    if done.returncode:
        found = _PLACE.search(done.stderr)
        line, why = (int(found[1]), found[2]) if found else (1, done.stderr.strip().splitlines()[-1])
        yield Fault(line, f"AppArmor's parser says: {why}", "mend the rule in that line or before it")


def _braces(code: str) -> Iterator[Fault]:
    """Yield braces without their other half; alternatives in paths, {a,b}, balance too."""
    opened: list[int] = []
    for number, line in enumerate(code.splitlines(), 1):
        for sign in re.sub(r'\\.|"[^"]*"', "", line):
            if sign == "{":
                opened.append(number)
            elif sign == "}":
                if not opened:
                    yield Fault(number, "a `}` closes nothing", "remove it, or open it before")
                    return
                opened.pop()
    if opened:
        yield Fault(opened[-1], "this `{` is never closed", "close it with `}`")
