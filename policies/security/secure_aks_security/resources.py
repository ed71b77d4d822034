"""What the engine sends, as the rules see it: which area judges it, and the Kubernetes objects in it."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any, cast

from secure_aks_security.model import Area
from secure_aks_security.shapes import items, mapping
from secure_aks_security.values import is_unknown

_KUBERNETES = re.compile(r"^kubernetes:[^:]+:(?P<kind>[A-Za-z]+)$")
_TEMPLATES = {"Pod": "spec", "PodTemplate": "template.spec", "CronJob": "spec.jobTemplate.spec.template.spec"}
_VERSION_PART = re.compile(r"/v\d{8}[a-z0-9]*(?=:)|/v\d+[a-z0-9]*(?=:)")


@dataclass(frozen=True)
class Resource:
    """One resource of the program: its Pulumi type token, URN, logical name and plain properties.

    `namespace` is the Kubernetes provider's own default namespace; `patch` says that the properties are
    only the part of an object that a Patch resource sets; `depends` are the URNs each property comes from.
    `unread` is what stands where the object should be in a List: an unknown, or what is wrong, in words.
    """

    type: str
    urn: str
    name: str
    properties: dict[str, Any]
    namespace: str = ""
    patch: bool = False
    kind: str = ""
    depends: Mapping[str, Sequence[str]] = field(default_factory=dict[str, Sequence[str]])
    unread: str = ""

    @property
    def object_name(self) -> str:
        """The Kubernetes or Azure name where one is given, the logical name otherwise."""
        metadata: object = self.properties.get("metadata")
        given: object = mapping(metadata).get("name") if metadata else self.properties.get("resourceName")
        return given if isinstance(given, str) and not is_unknown(given) else self.name

    @property
    def object_namespace(self) -> str:
        """The Kubernetes namespace it goes to ("" for an Azure resource)."""
        if not self.kind:
            return ""
        given = mapping(self.properties.get("metadata")).get("namespace")
        if isinstance(given, str) and not is_unknown(given):
            return given
        return self.namespace or "default"


def objects(resource: Resource) -> Iterator[Resource]:
    """Yield what the API server or Azure would get: a List's items one by one, anything else as it is.

    Rules read a Kubernetes object's `kind`, and of any other resource its type token, as `pulumiType`.
    """
    match = _KUBERNETES.match(resource.type)
    if not match:
        resource_type = token_without_version(resource.type)
        yield replace(
            resource, type=resource_type, properties={**resource.properties, "pulumiType": resource_type}
        )
        return
    kind = match["kind"]
    if kind.endswith("List") and "items" in resource.properties:
        yield from _items(resource, kind.removesuffix("List"))
        return
    patch = kind.endswith("Patch")
    yield _kubernetes(replace(resource, patch=patch), kind.removesuffix("Patch"), resource.properties)


def _items(resource: Resource, kind: str) -> Iterator[Resource]:
    """Yield the items of a List, whose own kind says theirs ("" for a List of anything)."""
    given: object = resource.properties["items"]
    if not isinstance(given, list):
        yield _unread(resource, kind, given, "items", "a list")
        return
    for index, item in enumerate(items(cast("object", given))):
        one = replace(resource, name=f"{resource.name}[{index}]")
        if not isinstance(item, dict):
            yield _unread(one, kind, item, f"items[{index}]", "an object")
            continue
        own: object = mapping(cast("object", item)).get("kind", kind)
        if isinstance(own, str) and own and not is_unknown(own):
            yield _kubernetes(one, own, cast("dict[str, Any]", item))
        else:
            yield _unread(one, kind, own, f"items[{index}].kind", "the name of a kind")


def _unread(resource: Resource, kind: str, value: object, path: str, wanted: str) -> Resource:
    unread = value if isinstance(value, str) and is_unknown(value) else f"{path} is not {wanted}"
    return replace(resource, kind=kind, unread=unread)


def template_path(kind: str) -> str:
    """Return where an object of this kind keeps its pod's spec."""
    return _TEMPLATES.get(kind, "spec.template.spec")


def _kubernetes(resource: Resource, kind: str, properties: dict[str, Any]) -> Resource:
    """Return the object as the API server will see it: with its kind, a name and the provider's namespace."""
    metadata: Any = properties.get("metadata", {})
    if isinstance(metadata, dict):
        defaults = {"name": resource.name}
        if resource.namespace or resource.patch:
            defaults["namespace"] = resource.namespace or "default"
        metadata = {**defaults, **mapping(cast("object", metadata))}
    return replace(resource, kind=kind, properties={**properties, "kind": kind, "metadata": metadata})


@lru_cache(maxsize=1024)
def token_without_version(token: str) -> str:
    """Return a type token without its API version, such as kubernetes:core:Namespace."""
    return _VERSION_PART.sub("", token)


def judged_by(resource: Resource, area: Area) -> bool:
    """Tell whether the rules of `area` are about this object.

    A custom resource that carries a pod template where a Deployment does, or may do so, counts as a pod too. What
    is in a List and cannot be read may be anything.
    """
    if resource.unread and not resource.kind:
        return bool(area.resources)
    if resource.kind:
        return resource.kind in area.kinds or ("Pod" in area.kinds and _has_template(resource))
    return resource.type in area.types


def _has_template(resource: Resource) -> bool:
    value: Any = resource.properties
    for key in ("spec", "template", "spec", "containers"):
        if is_unknown(value):
            return _is_custom(resource)
        if key not in mapping(value):
            return False
        value = mapping(value)[key]
    return True


def _is_custom(resource: Resource) -> bool:
    """Tell whether the kind is none of Kubernetes' own, whose groups are one word or end with k8s.io."""
    version: object = resource.properties.get("apiVersion") or resource.type.split(":")[1]
    group = str(version).partition("/")[0]
    return "." in group and not group.endswith(".k8s.io")
