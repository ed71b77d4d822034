"""What the program refuses by itself: an `up` ends, a preview tells it, goes on so that all problems show at once, and then fails."""

from weakref import WeakKeyDictionary

import pulumi

_TOLD: WeakKeyDictionary[pulumi.Resource, int] = WeakKeyDictionary()
"""How many refusals each run of a program has told, by its stack."""


def refuse(told: str) -> None:
    """Refuse what this run would do. Raises RunError in an `up`.

    An error that is only logged is none to the engine: a preview would exit with 0, and an `up` would go on to delete.
    """
    if not pulumi.runtime.is_dry_run():
        raise pulumi.RunError(told)
    pulumi.log.error(told)
    if root := pulumi.runtime.get_root_resource():
        _TOLD[root] = _TOLD.get(root, 0) + 1


def fail_if_refused() -> None:
    """End a program, all of it registered, that refused something at a preview. Raises RunError."""
    root = pulumi.runtime.get_root_resource()
    if root and root in _TOLD:
        raise pulumi.RunError("refused, as said above: an `up` would do nothing of this")
