"""Stack files made wrong: the text of one, or the values of one, with a few things changed at random."""

from __future__ import annotations

import copy
import json
from typing import TYPE_CHECKING, Any

from settings.reading.scalars import plain

if TYPE_CHECKING:
    from random import Random

TOKENS = [
    "\0", "\x1b[31m", "\ufeff", "\u202e", "\u2028", "\t", "\r", "&a ", "*a", "*nobody", "<<: *a", "!!set ", "!!bool ",
    "!!binary ", "!!timestamp ", "!!python/object:os.system ", "!x ", "? ", ": ", "- ", "[", "]", "{", "}", '"', "'", "|", ">",
    "---\n", "...\n", "%YAML 1.1\n", "# ", "secure: ", "~", "null", "yes", "0o17", "017", "1_000", "1e400", ".inf", ".nan",
    "2026-13-18", "2026-12-18", "9999-12-31", "0x7fffffffffffffffff", "99999999999h", "[" * 50, "{a: " * 50, "\\u0000", "é", "😀",
]  # fmt: skip
"""What a text gets in a place where nobody would write it."""

VALUES: list[Any] = [
    None, True, False, 0, -1, 1, 2**63, 10**40, 1.5, 1e308, "", " ", "a", "A" * 5000, "é", "\u202e", "a\nb", "*", "?*", "[a]*",
    "0", "1", "32Gi", "500m", "99999999999h", "168h", "1h30m", "Factory", "UTC", "Europe/Amsterdam", "22:00", "+14:00", "2026-12-18",
    "9999-12-31", "0001-01-01", "2099-12-31", "1.35.6", "1.35.06", "1.35", "10.60.0.0/16", "127.0.0.0/8", "0.0.0.0/0", "10.0.0.0/30",
    "Standard_B1s", "Standard_D0s_v5", "Standard_D4ds_v5", "Ubuntu2404", "Windows2025", "Windows", "AzureLinux", "Ephemeral", "System",
    "dev", "prod", "disabled", "all", "system", "none", "33%", "0%", "101%", "(([A-Za-z]+)+)+!$", "(?=a)", "a{1000}{1000}", "9" * 5000, "0." + "9" * 5000, "1." * 3000, "a:" * 5000,
    [], {}, [[]], [None], {"secure": "AAAB"}, {"": 1}, {"a": {"b": {"c": []}}}, ["1", "2", "3"], {"min": 0, "max": 10**9},
    {"all": "disabled"}, [{"name": "a", "role": "viewer"}], {"weekly": {"day": "Sunday"}, "startTime": "22:00", "hours": 8},
]  # fmt: skip
"""What a value becomes: odd kinds, ends of scales, and what would be right somewhere else."""


def text(seed: bytes, random: Random) -> bytes:
    """The text of a stack file with up to four things changed."""
    data = bytearray(seed)
    for _ in range(random.randint(1, 4)):
        at = random.randint(0, len(data))
        match random.randrange(6):
            case 0:
                data[at:at] = random.choice(TOKENS).encode()
            case 1:
                del data[at : at + random.randint(1, 40)]
            case 2 if data:
                data[min(at, len(data) - 1)] = random.randrange(256)
            case 3:
                lines = bytes(data).splitlines(keepends=True)
                line = random.choice(lines or [b"\n"])
                lines.insert(random.randint(0, len(lines)), b" " * random.randint(0, 6) + line.lstrip())
                data = bytearray(b"".join(lines))
            case 4:
                data = bytearray(bytes(data).replace(b"\n", random.choice([b"\r\n", b"\r", b"\n\n", b" \n"])))
            case _:
                del data[at + random.randint(0, 200) :]
    return bytes(data)


def values(document: Any, random: Random) -> bytes:
    """A stack file whose values have up to four things changed; JSON, which is YAML too."""
    changed = copy.deepcopy(document)
    for _ in range(random.randint(1, 4)):
        _change(changed["config"], random)
    return json.dumps(changed, ensure_ascii=random.random() < 0.5, indent=random.choice([None, 1])).encode(
        "utf-8", "replace"
    )


def document(node: Any) -> Any:
    """The plain values of a stack file, all words read as the reader reads them, for `values` to change."""
    if node.kind == "mapping":
        return {key.text: document(value) for key, value in node.pairs}
    if node.kind == "list":
        return [document(item) for item in node.items]
    value = plain(node.text) if node.plain else node.text
    return value if isinstance(value, (bool, int, float, str)) or value is None else str(value)


def _change(place: Any, random: Random) -> None:
    while True:
        keys = list(place) if isinstance(place, dict) else list(range(len(place)))
        if not keys:
            return
        key = random.choice(keys)
        inner = place[key]
        if isinstance(inner, (dict, list)) and inner and random.random() < 0.8:
            place = inner
            continue
        match random.randrange(5):
            case 0:
                del place[key]
            case 1 if isinstance(place, dict):
                place[
                    random.choice(
                        ["", "a.b", "é", "name", "kind", "<<", str(key).upper(), f"{key}s", str(key)[:-1]]
                    )
                ] = place.pop(key)
            case 2 if isinstance(place, list):
                place *= random.choice([2, 3, 120])
            case _:
                place[key] = copy.deepcopy(random.choice(VALUES))
        return
