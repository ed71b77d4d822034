"""An Entra group, created or existing."""

from typing import Annotated

from pydantic import AfterValidator

from settings.fields.base import refused
from settings.fields.ids import Guid
from settings.sections.base import Section


def _plain(value: str) -> str:
    if value and value == value.strip() and len(value) <= 256 and value.isprintable():  # noqa: PLR2004  # Entra's limit of a display name
        return value
    raise refused(
        f"{value!r} is not a name of a group",
        "write 1 to 256 characters of one line, without blanks at the ends",
    )


class Group(Section):
    """An Entra group."""

    name: Annotated[str, AfterValidator(_plain)]
    """Display name of the group."""
    object_id: Guid | None = None
    """Object id of a group that exists; without it the group is created."""
    members: tuple[Guid, ...] = ()
    """Object ids of the users to put in a group that is created here."""
