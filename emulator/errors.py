"""What the emulator says when it cannot go on: messages for people, never tracebacks."""

from __future__ import annotations


class UsageError(Exception):
    """The command, the project file or the stack file is wrong; nothing was started."""


class OperationError(Exception):
    """The operation was refused or failed; the message says why and what to do."""


class LockedError(OperationError):
    """Another operation on the same stack is under way."""
