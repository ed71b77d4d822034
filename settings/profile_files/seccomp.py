"""Seccomp profiles: the format of the OCI runtime specification, which is what the kubelet's runtime reads.

https://github.com/opencontainers/runtime-spec/blob/main/config-linux.md#seccomp; a key that is not in it would be
skipped in silence, and with it the protection. `comment` is the one exception.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

from settings.profile_files.fault import Fault
from settings.profile_files.json_lines import Located, Members, loads
from settings.profile_files.seccomp_rules import ACTIONS, rule_faults
from settings.profile_files.shape import Keys, one_of, whole

ARCHITECTURES = tuple(
    f"SCMP_ARCH_{name}"
    for name in (
        "X86_64", "AARCH64", "X86", "X32", "ARM", "LOONGARCH64", "M68K", "MIPS", "MIPS64", "MIPS64N32", "MIPSEL",
        "MIPSEL64", "MIPSEL64N32", "PARISC", "PARISC64", "PPC", "PPC64", "PPC64LE", "RISCV64", "S390", "S390X",
        "SH", "SHEB",
    )
)  # fmt: skip
_FLAGS = ("SECCOMP_FILTER_FLAG_LOG", "SECCOMP_FILTER_FLAG_SPEC_ALLOW", "SECCOMP_FILTER_FLAG_TSYNC",
          "SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV")  # fmt: skip
_INSTEAD = {
    "archMap": "write `architectures`: the runtime of the node does not read Docker's format",
    "listenerPath": "remove it: nothing listens on the nodes",
}
_KEYS = Keys(("defaultAction", "defaultErrnoRet", "architectures", "flags", "syscalls", "comment"), _INSTEAD)
_LETS_PASS = ("SCMP_ACT_ALLOW", "SCMP_ACT_LOG")


def seccomp_faults(text: str) -> list[Fault]:
    """Return what is wrong with a seccomp profile, in the order of its lines."""
    try:
        profile = loads(text)
    except json.JSONDecodeError as error:
        return [Fault(error.lineno, f"it is not JSON: {error.msg.lower()}", "mend the JSON")]
    except RecursionError:
        return [Fault(1, "it is nested deeper than any profile", "mend the JSON")]
    if not isinstance(profile.value, Members):
        return [Fault(profile.line, "a profile is a JSON object", "write {...}")]
    return sorted(_faults(profile), key=lambda fault: fault.line)


def seccomp_architectures(file: Path) -> tuple[str, ...]:
    """Return the architectures a sound profile is for; none: whichever the node has."""
    plain: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return tuple(plain.get("architectures", ()))


def _faults(profile: Located) -> Iterator[Fault]:
    yield from _KEYS.faults(profile)
    found = _KEYS.read(profile)
    if "defaultAction" not in found:
        yield Fault(
            profile.line, "`defaultAction` is missing", "add what happens to a call that no rule names"
        )
    else:
        yield from one_of(found["defaultAction"], ACTIONS, "an action of seccomp")
    if "defaultErrnoRet" in found:
        yield from whole(found["defaultErrnoRet"], 4095)
    for key, known, what in (
        ("architectures", ARCHITECTURES, "an architecture"),
        ("flags", _FLAGS, "a flag"),
    ):
        yield from _listed(found.get(key), known, key, what)
    rules = found.get("syscalls", Located([], profile.line))
    if not isinstance(rules.value, list):
        yield Fault(rules.line, "`syscalls` is a list", "write [...]")
        return
    items = cast("list[Located]", rules.value)
    wrong = list(rule_faults(items))
    yield from wrong
    if not wrong and "defaultAction" in found:
        yield from _starts(found["defaultAction"], items)


def _listed(value: Located | None, known: tuple[str, ...], key: str, what: str) -> Iterator[Fault]:
    if value is None:
        return
    if not isinstance(value.value, list):
        yield Fault(value.line, f"`{key}` is a list", "write [...]")
        return
    for item in cast("list[Located]", value.value):
        yield from one_of(item, known, what)


def _starts(default: Located, rules: list[Located]) -> Iterator[Fault]:
    """Yield a fault when no container could start: the runtime loads the profile, then executes the program."""
    if default.value in _LETS_PASS:
        return
    passing = {
        name for rule in rules for name in _names(rule.plain()) if rule.plain()["action"] in _LETS_PASS
    }
    if "execve" not in passing:
        why = "it does not allow execve, so no container could start"
        yield Fault(default.line, why, "allow execve in `syscalls`")


def _names(rule: dict[str, Any]) -> list[str]:
    return rule["names"]
