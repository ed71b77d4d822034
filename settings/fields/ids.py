"""Names that Azure and Entra give: resource ids and object ids."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import BeforeValidator, GetCoreSchemaHandler
from pydantic_core import CoreSchema
from pydantic_core.core_schema import no_info_after_validator_function

from settings.fields.base import Words, matching, refused
from settings.fields.id_names import GUID, misnamed, type_of


def is_of_type(value: str, *path: str) -> bool:
    """Tell whether a text has the form of an id of this type, whatever the names in it."""
    return (type_of(value) or "").lower() == "/".join(path).lower()


@dataclass(frozen=True)
class _Checked(Words):
    """Words of a text together with what checks it."""

    check: Callable[[str], str]

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return no_info_after_validator_function(self.check, handler(source))


def resource_id(what: str, *path: str) -> Words:
    """Return the mark of a text that is the id of one type of resource: the check and its words; `what` names it with its article."""
    provider, *types = path
    example = "/subscriptions/<id>/resourceGroups/<group>/providers/" + "/".join(
        [provider, *(f"{part}/<name>" for part in types)]
    )

    def check(value: str) -> str:
        if is_of_type(value, *path):
            return well_named(value)
        raise refused(f"{value!r} is not the resource id of {what}", f"write {example}")

    return _Checked(f"the resource id of {what}", check)


def well_named(value: str) -> str:
    """Return a resource's id, all of whose names Azure could have given; refuse any other."""
    if wrong := misnamed(value):
        raise refused(*wrong)
    return value


def _lower(value: Any) -> Any:
    return value.lower() if isinstance(value, str) else value


Guid = Annotated[
    str,
    BeforeValidator(_lower),
    matching(GUID, "an object id", "write the GUID, such as 6f1c0d1e-2f3a-4b5c-8d9e-0a1b2c3d4e5f"),
    Words("an object id (GUID)"),
]
IdentityId = Annotated[
    str, resource_id("a user-assigned identity", "Microsoft.ManagedIdentity", "userAssignedIdentities")
]
MonitorWorkspaceId = Annotated[
    str, resource_id("an Azure Monitor workspace", "Microsoft.Monitor", "accounts")
]
