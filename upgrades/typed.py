"""The commands that messages print, as they have to be typed: they work when they are pasted where the message was read."""

from __future__ import annotations

from secure_aks_lifecycle import ending

from settings.cluster_names import stack_of

from . import lab

A_CLI = "install it (https://www.pulumi.com/docs/install), or add --lab: the lab brings its own"
"""What to do without the Pulumi CLI. `make engine` builds one for the lab, and puts it on no PATH."""


def command(name: str, stack: str, *more: str) -> str:
    """Return a command of this tool for a stack, with whatever comes after."""
    return " ".join((ending.typed("upgrades"), name, words(stack), *more))


def words(stack: str) -> str:
    """Return the options that name a stack, and the lab where this process is in it."""
    return f"--stack {stack}{' --lab' if lab.is_entered() else ''}"


def refresh_catalog() -> str:
    """Return the command that brings the version catalog up to date."""
    return f"{ending.there()} catalog --location <region> --write"


def bring_up(stack: str) -> str:
    """Return the command that brings the stack of a cluster up, judged by both packs."""
    return f"{ending.there('make')} {'up' if lab.is_entered() else 'azure-up'} STACK={stack_of(stack)}"
