"""What becomes of a value in the source that `careful.py` writes."""

from enum import Enum, auto


class Use(Enum):
    """Which unknowns may pass through a node's value."""

    STRICT = auto()
    """It is used here: an unknown is an error."""
    VALUE = auto()
    """It goes to `plus` or into a map as it is."""
    PRESENCE = auto()
    """It decides whether a VALUE is there: what is unknown counts as there."""
