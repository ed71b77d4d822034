"""The commands that messages print, as they have to be typed: they work when they are pasted where the message was read."""

from __future__ import annotations

from secure_aks_lifecycle import ending

from . import lab


def command(name: str, stack: str, *more: str) -> str:
    """Return a command of this tool for a stack, with whatever comes after."""
    return " ".join((ending.typed("upgrades"), name, words(stack), *more))


def words(stack: str) -> str:
    """Return the options that name a stack, and the lab where this process is in it."""
    return f"--stack {stack}{' --lab' if lab.is_entered() else ''}"
