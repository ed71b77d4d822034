"""Which stack goes first."""

from typing import Annotated

from pydantic import Field

from settings.sections.base import Section


class Promotion(Section):
    """The stack whose versions this one follows."""

    follows: str
    """Name of the stack on which a version must have run first."""
    soak_days: Annotated[int, Field(ge=0, le=365)] = 7
    """Days it must have run there."""
