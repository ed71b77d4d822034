"""ARM ids, built from the path templates of the REST API, and the GUIDs of this Azure."""

from __future__ import annotations

import hashlib
import re
import uuid
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

_PARAMETER = re.compile(r"\{(\w+)\}")
_NAMESPACE = uuid.uuid5(uuid.NAMESPACE_DNS, "azure.emulator.secure-aks")


def guid(*parts: str) -> str:
    """Return the GUID that belongs to these words: always the same one, another for other words."""
    return str(uuid.uuid5(_NAMESPACE, "\n".join(parts)))


SUBSCRIPTION = guid("subscription")
TENANT = guid("tenant")
CLIENT = guid("client")
PRINCIPAL = guid("principal")


def short_hash(text: str, length: int = 8) -> str:
    """Return `length` hexadecimal digits that belong to this text."""
    return hashlib.sha256(text.encode()).hexdigest()[:length]


def parameters(path: str) -> list[str]:
    """Return the names of a template's parameters, in order; `subscriptionId` is the provider's own and left out."""
    return [p for p in _PARAMETER.findall(path) if p != "subscriptionId"]


def fill(path: str, subscription: str, values: Mapping[str, Any]) -> str:
    """Return the id that a template makes with these values. A value that is an id (a scope) keeps its slashes."""

    def value(found: re.Match[str]) -> str:
        name = found[1]
        return subscription if name == "subscriptionId" else str(values[name])

    filled = _PARAMETER.sub(value, path)
    return "/" + filled.lstrip("/")


def match(path: str, id_: str) -> dict[str, str] | None:
    """Return the parameters that make `id_` from a template, None when it is not of that kind."""
    pattern = "".join(
        f"(?P<{part[1:-1]}>{'.+' if part in {'{scope}', '{resourceUri}'} else '[^/]+'})"
        if part.startswith("{")
        else re.escape(part)
        for part in re.split(r"(\{\w+\})", path)
    )
    found = re.fullmatch("/?" + pattern.lstrip("/"), id_.lstrip("/"), re.IGNORECASE)
    return found.groupdict() if found else None


def group_of(id_: str) -> str | None:
    """Return the name of the resource group that an id lies in."""
    found = re.match(r"/subscriptions/[^/]+/resourceGroups/([^/]+)", id_, re.IGNORECASE)
    return found[1] if found else None


def region_of(properties: Mapping[str, Any]) -> str:
    """Return the region of a resource as ARM names it: "West Europe" is westeurope."""
    return str(properties.get("location")).replace(" ", "").lower()


def name_of(id_: str) -> str:
    """Return the last segment of an id."""
    return id_.rsplit("/", 1)[-1]
