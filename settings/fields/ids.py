"""Names that Azure and Entra give: resource ids and object ids."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import BeforeValidator, GetCoreSchemaHandler
from pydantic_core import CoreSchema
from pydantic_core.core_schema import no_info_after_validator_function

from settings.fields.base import Words, matching, refused

_GUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_NAME = r"[A-Za-z0-9_][-\w.()]{0,126}"


def is_resource_id(value: str, *path: str) -> bool:
    """Tell whether a text is the id of a resource; `path` is its type: the provider, then the type of each part."""
    provider, *types = path
    inside = "".join(rf"/{re.escape(part)}/{_NAME}" for part in types)
    pattern = (
        rf"/subscriptions/{_GUID.pattern}/resourceGroups/{_NAME}/providers/{re.escape(provider)}{inside}"
    )
    return bool(re.fullmatch(pattern, value, re.IGNORECASE | re.ASCII))


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
        if is_resource_id(value, *path):
            return value
        raise refused(f"{value!r} is not the resource id of {what}", f"write {example}")

    return _Checked(f"the resource id of {what}", check)


def _lower(value: Any) -> Any:
    return value.lower() if isinstance(value, str) else value


Guid = Annotated[
    str,
    BeforeValidator(_lower),
    matching(_GUID, "an object id", "write the GUID, such as 6f1c0d1e-2f3a-4b5c-8d9e-0a1b2c3d4e5f"),
    Words("an object id (GUID)"),
]
IdentityId = Annotated[
    str, resource_id("a user-assigned identity", "Microsoft.ManagedIdentity", "userAssignedIdentities")
]
