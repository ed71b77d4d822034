"""What a stack file says, over what all stacks share: the key `defaults` of the configuration.

Mappings are joined key by key; a list and a plain value are the nearer one's; an empty value takes away what lies below.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    from collections.abc import Mapping

DEFAULTS = "defaults"


def over(above: Any, below: Any) -> Any:
    """Return a value with what lies below it; None above a mapping's key takes that key away."""
    if not isinstance(above, dict) or not isinstance(below, dict):
        return cast("Any", above)
    joined: dict[str, Any] = dict(cast("Mapping[str, Any]", below))
    for key, value in cast("Mapping[str, Any]", above).items():
        if value is None:
            joined.pop(key, None)
        else:
            joined[key] = over(value, joined[key]) if key in joined else value
    return joined
