"""What the emulator says when it cannot go on: messages for people, never tracebacks."""

from __future__ import annotations

UNJUDGED = {
    "none": "no policy pack judges this: policies/ has none (--policy-pack names one)",
    "--no-policies": "no policy pack judges this: --no-policies",
}
"""What is said, in one line, where a preview or an `up` runs without a pack, by why."""


class UsageError(Exception):
    """The command is wrong, or there is nothing to run it on; nothing was started."""


class ConfigError(UsageError):
    """The stack file, or another file that the stack is configured with, is wrong; the message names file and place."""


class OperationError(Exception):
    """The operation was refused or failed; the message says why and what to do."""


class ProviderError(Exception):
    """A refusal or a failed operation, told in one line as the service says it: code, then message."""

    status: int = 0
    """That of an answer over HTTP."""
