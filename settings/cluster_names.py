"""How a cluster of a stack is called here: `dev` is the first one of the stack dev, `dev/blue` the one that `clusters:` calls blue."""

import re

NAME = re.compile("[a-z]([a-z0-9-]{0,18}[a-z0-9])?")
"""What a further cluster may be called."""


def stack_of(name: str) -> str:
    """Return the Pulumi stack that a cluster belongs to."""
    return name.partition("/")[0]


def further_of(name: str) -> str:
    """Return how `clusters:` calls it; empty for the first cluster of a stack."""
    return name.partition("/")[2]


def name_of(stack: str, further: str = "") -> str:
    """Return a cluster's name, from those of its stack and of itself."""
    return f"{stack}/{further}" if further else stack


def file_stem(name: str) -> str:
    """Return the name as files and objects carry it: a stack's name has no `@`, so that no two meet."""
    return name.replace("/", "@")
