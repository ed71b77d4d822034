"""Kubernetes objects, also those in Lists and of Patch resources."""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any, cast

from secure_aks_security.judging.resources import Resource, is_custom
from secure_aks_security.judging.values import is_unknown
from secure_aks_security.shapes import items, mapping

TOKEN = re.compile(r"^kubernetes:(?P<group>[^:]+):(?P<kind>[^:]+)$")
_OWN_LAYOUT = {"Pod", "PodTemplate", "CronJob"}
_VERSION = re.compile(r"v\d+((alpha|beta)\d+)?")
# The components that write the rules into the cluster, and the kinds of which rules read whether they made it.
_MAKERS = {f"secure-aks:index:{name}" for name in ("Admission", "NodeReboots", "SecurityProfiles")}
_OF_COMPONENTS = {
    "ConfigMap",
    *(f"{sort}AdmissionPolicy{what}" for sort in ("Validating", "Mutating") for what in ("", "Binding")),
}
# What the API server drops of a kind, and rules read of the other kind of their area.
_DROPPED = {
    "RoleBinding": "rules",
    "ClusterRoleBinding": "rules",
    "Role": "subjects",
    "ClusterRole": "subjects",
}
# Pulumi's name for the first group, and a group that has gone, whose kinds moved to another.
_SAID_OTHERWISE = {"core": "", "extensions": "apps"}


def read(resource: Resource) -> Iterator[Resource]:
    """Yield the object, or a List's items one by one."""
    match = TOKEN.match(resource.type)
    if not match:
        raise ValueError(f"{resource.type} is no type of a Kubernetes object")
    kind, group = match["kind"], group_of(match["group"])
    said, version = resource.properties.get("kind"), resource.properties.get("apiVersion")
    # The provider writes what the object says it is, whatever its type token says.
    own = said if isinstance(said, str) and said and not is_unknown(said) else kind.removesuffix("Patch")
    if isinstance(version, str) and version and not is_unknown(version):
        group = group_of(version)
    patch = kind == f"{own}Patch" and not _is_list(kind, resource.properties)
    given = replace(resource, patch=True) if patch else resource
    # Of a List of anything each item says its group itself.
    yield from _object(given, own, group, resource.properties)


def group_of(version: str) -> str:
    """Return the API group in an `apiVersion` ("" for v1)."""
    group = version.partition("/")[0]
    return "" if _VERSION.fullmatch(group) else _SAID_OTHERWISE.get(group, group)


def read_object(resource: Resource, item: Any, place: str) -> Iterator[Resource]:
    """Yield what stands at a place of a resource where an object should: it, or the items of the List it is."""
    yield from _item(replace(resource, place=place), "", None, item, place)


def _object(
    resource: Resource, kind: str, group: str | None, properties: dict[str, Any]
) -> Iterator[Resource]:
    if not _is_list(kind, properties):
        yield _named(resource, kind, group, properties)
        return
    inside: object = properties["items"]
    place = f"{resource.place}.items" if resource.place else "items"
    own_kind, own_group = kind.removesuffix("List"), group if kind != "List" else None
    if not isinstance(inside, list):
        yield _unread(replace(resource, kind=own_kind, group=own_group), inside, place, "a list")
        return
    for index, item in enumerate(items(cast("object", inside))):
        one = replace(resource, name=f"{resource.name}[{index}]", place=f"{place}[{index}]")
        yield from _item(one, own_kind, own_group, item, f"{place}[{index}]")


def _item(resource: Resource, kind: str, group: str | None, item: Any, place: str) -> Iterator[Resource]:
    """Yield an item of a List, whose own kind says its ("" for a List of anything)."""
    of_list = replace(resource, kind=kind, group=group)
    if not isinstance(item, dict):
        yield _unread(of_list, item, place, "an object")
        return
    properties = cast("dict[str, Any]", item)
    own: object = properties.get("kind", kind)
    if not isinstance(own, str) or not own or is_unknown(own):
        yield _unread(of_list, own, f"{place}.kind", "the name of a kind")
        return
    version: object = properties.get("apiVersion")
    if isinstance(version, str):
        group = None if is_unknown(version) else group_of(version)
    elif own != kind:
        group = None
    yield from _object(resource, own, group, properties)


def _is_list(kind: str, properties: dict[str, Any]) -> bool:
    return kind.endswith("List") and "items" in properties


def _unread(resource: Resource, value: object, place: str, wanted: str) -> Resource:
    unread = value if isinstance(value, str) and is_unknown(value) else f"{place} is not {wanted}"
    return replace(resource, unread=unread)


def _named(resource: Resource, kind: str, group: str | None, properties: dict[str, Any]) -> Resource:
    """Return the object as the API server will see it: with its kind, a name and the provider's namespace."""
    metadata: Any = properties.get("metadata", {})
    if isinstance(metadata, dict):
        defaults = {"name": resource.name}
        if resource.namespace or resource.patch:
            defaults["namespace"] = resource.namespace or "default"
        given = mapping(cast("object", metadata))
        if given.get("namespace") == "":  # which the provider fills in as it does one that is not there
            given = {key: value for key, value in given.items() if key != "namespace"}
        metadata = {**defaults, **given}
    # A custom resource that is called as one of Kubernetes' own is laid out as its own group has it.
    said = f"{kind}.{group}" if kind in _OWN_LAYOUT and is_custom(group) else kind
    own = {**properties, "kind": said, "metadata": metadata}
    if kind in _OF_COMPONENTS:
        own["madeHere"] = not _MAKERS.isdisjoint(_types(resource.urn))
    own.pop(_DROPPED.get(kind, ""), None)
    own.pop("status", None)  # the API server takes none from whoever writes an object, whatever it says
    return replace(resource, kind=kind, group=group, properties=own)


def _types(urn: str) -> list[str]:
    """Return the types in a URN: those of all that a resource is a part of, and its own."""
    return urn.partition("::")[2].partition("::")[2].partition("::")[0].split("$")
