"""Kubernetes objects that a component is given in its inputs: those of `yaml.v2.ConfigGroup` and `yaml.v2.ConfigFile`.

As the real provider does, each becomes a resource of its own, named `<prefix>:<namespace>/<name>`
(pulumi-kubernetes `provider/pkg/provider/yaml/v2`). What files, folders and charts hold is not read here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import yaml

from emulator.errors import ProviderError
from emulator.plugins.base import Child
from emulator.properties.values import Secret, has_unknown, is_list, is_object, reveal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from emulator.properties.values import Props

UNREAD = ("files", "file", "directory")
"""Inputs that say where more objects are."""
_GIVEN = ("yaml", "objs")
_SECRET = ("data", "stringData")
_PLAIN = ("apiVersion", "kind", "metadata")


def children(name: str, inputs: Props) -> list[Child] | None:
    """Return what a component's inputs hold; None while something in them is not known. Raises ProviderError."""
    if has_unknown([reveal(inputs.get(key)) for key in (*_GIVEN, "resourcePrefix")]):
        return None
    prefix = reveal(inputs.get("resourcePrefix"))
    return [_child(name if prefix is None else str(prefix), item) for item in _objects(name, inputs)]


def decoded(text: str) -> list[Any]:
    """Return the objects of a page of YAML, Lists taken apart. Raises ProviderError."""
    try:
        found: list[Any] = list(yaml.safe_load_all(text))
    except (yaml.YAMLError, RecursionError) as error:
        raise ProviderError(f"yaml: not valid YAML: {' '.join(str(error).split())}") from None
    return [one for item in found if item is not None for one in _apart(item)]


def _objects(name: str, inputs: Props) -> Iterator[Any]:
    text: Any = inputs.get("yaml")
    if text is not None:
        for item in decoded(str(reveal(text))):
            yield _hidden(item) if isinstance(text, Secret) else item
    given: Any = inputs.get("objs") or []
    bare: Any = reveal(given)
    for item in given if is_list(given) else bare:
        if not is_object(reveal(item)):
            raise ProviderError(f"{name}: objs: each has to be an object")
        yield _hidden(reveal(item)) if isinstance(item, Secret) or isinstance(given, Secret) else item


def _apart(item: Any) -> list[Any]:
    if is_object(item) and item.get("apiVersion") == "v1" and item.get("kind") == "List":
        inside = item.get("items")
        return [one for inner in inside for one in _apart(inner)] if is_list(inside) else []
    return [item]


def _hidden(item: Any) -> Any:
    """Return an object whose content is secret, since the text or the value that it stands in is."""
    return {k: v if k in _PLAIN else Secret(v) for k, v in item.items()} if is_object(item) else item


def _child(prefix: str, item: Any) -> Child:
    bare: Any = reveal(item) if is_object(item) else {}
    metadata: Any = bare.get("metadata")
    version, kind = bare.get("apiVersion"), bare.get("kind")
    name = metadata.get("name") if is_object(metadata) else None
    if not (version and kind and name):
        raise ProviderError(f"{prefix}: an object lacks apiVersion, kind or metadata.name")
    namespace = metadata.get("namespace")
    inputs = {
        k: Secret(v) if (version, kind) == ("v1", "Secret") and k in _SECRET else v for k, v in item.items()
    }
    full = f"{namespace}/{name}" if namespace else str(name)
    group = f"core/{version}" if "/" not in str(version) else version
    return Child(f"kubernetes:{group}:{kind}", f"{prefix}:{full}" if prefix else full, inputs)
