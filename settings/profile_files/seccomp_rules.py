"""The rules of a seccomp profile, each a list of system calls and what happens to them."""

from collections.abc import Iterator
from typing import Any, cast

from settings.profile_files.fault import Fault
from settings.profile_files.json_lines import Located, Members
from settings.profile_files.shape import Keys, one_of, whole
from settings.profile_files.syscalls import SYSCALLS
from settings.words import did_you_mean

ACTIONS = tuple(
    f"SCMP_ACT_{name}"
    for name in ("ALLOW", "ERRNO", "KILL", "KILL_PROCESS", "KILL_THREAD", "LOG", "TRACE", "TRAP")
)
"""What a filter can do with a call; SCMP_ACT_NOTIFY needs a listener, and there is none on the nodes."""
_WITH_ERRNO = ("SCMP_ACT_ERRNO", "SCMP_ACT_TRACE")
_OPERATORS = tuple(f"SCMP_CMP_{name}" for name in ("NE", "LT", "LE", "EQ", "GE", "GT", "MASKED_EQ"))
_UNREAD = "only Docker reads it; write one rule that holds for these nodes"
_RULE = Keys(
    ("names", "action", "errnoRet", "args", "comment"),
    {"name": 'write `"names": [...]`', "includes": _UNREAD, "excludes": _UNREAD},
)
_ARGUMENT = Keys(("index", "value", "valueTwo", "op"), {})
_LAST_ARGUMENT, _WORD = 5, 2**64 - 1


def rule_faults(rules: list[Located]) -> Iterator[Fault]:
    """Yield what is wrong with the rules, each alone and two together."""
    decided: dict[str, tuple[str, int]] = {}
    for rule in rules:
        if not isinstance(rule.value, Members):
            yield Fault(rule.line, "a rule is a JSON object", 'write {"names": [...], "action": ...}')
            continue
        wrong = list(_rule(rule))
        yield from wrong
        plain: dict[str, Any] = rule.plain()
        if wrong or plain.get("args"):
            continue
        for name in plain["names"]:
            action, line = decided.setdefault(name, (plain["action"], rule.line))
            if action != plain["action"]:
                yield Fault(
                    rule.line,
                    f"{name} is {action} in line {line} and {plain['action']} here",
                    "decide for one",
                )


def _rule(rule: Located) -> Iterator[Fault]:
    yield from _RULE.faults(rule)
    found = _RULE.read(rule)
    names = found.get("names")
    listed = cast("list[Located]", names.value) if names and isinstance(names.value, list) else []
    if not listed:
        yield Fault((names or rule).line, "the rule names no system call", 'write `"names": [...]`')
    yield from _known(listed)
    if "action" not in found:
        yield Fault(rule.line, "the rule has no `action`", "add one, such as SCMP_ACT_ALLOW")
    else:
        yield from one_of(found["action"], ACTIONS, "an action of seccomp")
    if "errnoRet" in found:
        yield from whole(found["errnoRet"], 4095)
        if "action" in found and found["action"].value not in _WITH_ERRNO:
            yield Fault(found["errnoRet"].line, "`errnoRet` is for SCMP_ACT_ERRNO", "remove it")
    arguments = found.get("args", Located([], rule.line))
    if not isinstance(arguments.value, list):
        yield Fault(arguments.line, "`args` is a list", "write [...]")
        return
    for argument in cast("list[Located]", arguments.value):
        yield from _argument(argument)


def _known(names: list[Located]) -> Iterator[Fault]:
    for name in names:
        if not isinstance(name.value, str) or name.value not in SYSCALLS:
            why = f"Linux has no system call {name.plain()!r}, and the runtime would skip it in silence"
            yield Fault(name.line, why, did_you_mean(str(name.plain()), SYSCALLS))


def _argument(argument: Located) -> Iterator[Fault]:
    if not isinstance(argument.value, Members):
        yield Fault(
            argument.line, "an argument is a JSON object", 'write {"index": 0, "value": 1, "op": ...}'
        )
        return
    yield from _ARGUMENT.faults(argument)
    found = _ARGUMENT.read(argument)
    for key, most in (("index", _LAST_ARGUMENT), ("value", _WORD), ("valueTwo", _WORD)):
        if key in found:
            yield from whole(found[key], most)
        elif key != "valueTwo":
            yield Fault(argument.line, f"the argument has no `{key}`", f"add `{key}`")
    if "op" not in found:
        yield Fault(argument.line, "the argument has no `op`", "add one, such as SCMP_CMP_EQ")
    else:
        yield from one_of(found["op"], _OPERATORS, "an operator of seccomp")
