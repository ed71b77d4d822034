"""Names that Azure and Entra give: resource ids and object ids."""

import re
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator

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


def resource_id(what: str, *path: str) -> AfterValidator:
    """Return a validator of the id of one type of resource; `what` names it with its article."""
    provider, *types = path
    example = "/subscriptions/<id>/resourceGroups/<group>/providers/" + "/".join(
        [provider, *(f"{part}/<name>" for part in types)]
    )

    def check(value: str) -> str:
        if is_resource_id(value, *path):
            return value
        raise refused(f"{value!r} is not the resource id of {what}", f"write {example}")

    return AfterValidator(check)


def _lower(value: Any) -> Any:
    return value.lower() if isinstance(value, str) else value


Guid = Annotated[
    str,
    BeforeValidator(_lower),
    matching(_GUID, "an object id", "write the GUID, such as 6f1c0d1e-2f3a-4b5c-8d9e-0a1b2c3d4e5f"),
    Words("an object id (GUID)"),
]
