"""What the Pulumi CLI says when it cannot begin, in one line each: what, why, and what to type."""

from __future__ import annotations

import re
import socket
from typing import TYPE_CHECKING

from pulumi.automation import CommandResult
from secure_aks_lifecycle import ending

from .process import runs

if TYPE_CHECKING:
    from pulumi.automation import CommandError

KNOWN: tuple[tuple[re.Pattern[str], str], ...] = (
    (
        re.compile(r"no stack named '(?P<stack>[^']+)' found"),
        (
            "no stack named '{stack}' found where Pulumi keeps its state: make it with `{pulumi} stack init {stack}`, "
            "or go to where it is with `pulumi login <address>`"
        ),
    ),
    (
        re.compile(r"PULUMI_ACCESS_TOKEN must be set"),
        "nobody is logged in to Pulumi: `pulumi login` (Pulumi Cloud), or `pulumi login <address>` (your own backend)",
    ),
    (
        re.compile(r"passphrase must be set with|incorrect passphrase|get_passphrase"),
        (
            "the stack's secrets cannot be read: set PULUMI_CONFIG_PASSPHRASE (or PULUMI_CONFIG_PASSPHRASE_FILE) "
            "to the stack's own passphrase"
        ),
    ),
    (
        re.compile(r"failed to create '(?P<folder>[^']+)': (mkdir [^:]+: )?(?P<why>.+)"),
        "{folder}: {why}: Pulumi cannot make its own folder; name another one: PULUMI_HOME=<folder>",
    ),
)


def in_words(error: CommandError, result: CommandResult) -> CommandError:
    """Return an error of the same kind that says in one line what is the matter; one that is not known stays as it is."""
    for pattern, words in KNOWN:
        if found := pattern.search(result.stderr):
            return type(error)(
                CommandResult(
                    stdout="",
                    stderr=words.format(pulumi=ending.there("pulumi"), **found.groupdict()),
                    code=result.code,
                )
            )
    return error


LOCK = re.compile(r"created by \S*?@(?P<host>\S+) \(pid (?P<pid>\d+)\)")
"""How a file backend names the holder of a stack's lock."""


def is_left_behind(error: CommandError) -> bool:
    """Tell whether every lock that stands in the way was left by a process of this machine that is no more."""
    holders = _holders(error)
    return bool(holders) and all(lives is False for lives in holders)


def is_held_here(error: CommandError) -> bool:
    """Tell whether a living process of this machine holds a lock that stands in the way: that of a killed tool ends by itself."""
    return any(_holders(error))


def _holders(error: CommandError) -> list[bool | None]:
    """Return of each holder whether it lives; None for another machine's."""
    return [
        runs(int(pid)) if host == socket.gethostname() else None for host, pid in LOCK.findall(str(error))
    ]
