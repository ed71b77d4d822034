"""What a method of `EmulatedStack` takes of what the SDK's takes, and how it refuses the rest."""

from __future__ import annotations

import inspect
from functools import wraps
from typing import TYPE_CHECKING, Any, NoReturn, ParamSpec, TypeVar

from pulumi.automation import CommandError, CommandResult

if TYPE_CHECKING:
    from collections.abc import Callable

P = ParamSpec("P")
R = TypeVar("R")

_OFFERED = {
    "message",
    "policy_packs",
    "policy_pack_configs",
    "expect_no_changes",
    "on_output",
    "on_error",
    "on_event",
    "refresh",
    "config_file",
    "preview_only",
    "remove",
}
_WITHOUT_MEANING = {
    "parallel", "color", "diff", "show_secrets", "log_flow", "log_verbosity", "log_to_std_err", "tracing", "debug",
    "suppress_outputs", "suppress_progress", "clear_pending_creates", "json",
}  # fmt: skip
"""Options about speed, looks and logs: accepted, and nothing changes. Any other option is refused by name when it is set."""


def as_in(original: Callable[P, R]) -> Callable[[Callable[..., R]], Callable[P, R]]:
    """Give a method the signature of the SDK's, and hand it only the options that the emulator offers."""
    signature = inspect.signature(original)

    def decorate(method: Callable[..., R]) -> Callable[P, R]:
        @wraps(original)
        def wrapper(*args: P.args, **kwargs: P.kwargs) -> R:
            given = signature.bind(*args, **kwargs).arguments
            stack = given.pop("self")
            options: dict[str, Any] = {}
            for name, value in given.items():
                if name in _OFFERED:
                    options[name] = value
                elif name not in _WITHOUT_MEANING and value and value != signature.parameters[name].default:
                    raise failure(f"the emulator does not offer the option {name!r}; the Pulumi CLI does")
            return method(stack, **options)

        return wrapper

    return decorate


def failure(message: str, kind: type[CommandError] = CommandError) -> CommandError:
    """Return the SDK's error with this message."""
    return kind(CommandResult("", message, 1))


class NoWorkspace:
    """What the methods of `Stack` that nothing here overrides ask for: all but `work_dir` is refused by name."""

    def __init__(self, work_dir: str) -> None:
        """Take the project's folder."""
        self.work_dir = work_dir

    def __getattr__(self, name: str) -> NoReturn:
        raise failure(f"the emulator does not offer `{name}`; the Pulumi CLI does")
