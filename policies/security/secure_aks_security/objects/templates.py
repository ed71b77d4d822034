"""The pods that custom resources carry elsewhere than a Deployment does: JobSet, ScaledJob, LeaderWorkerSet, Volcano's Job.

Only what looks whole counts, every container with an image: some operators take parts of a pod that they lay over their own.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any, cast

from secure_aks_security.judging.resources import Resource, is_custom
from secure_aks_security.shapes import items, mapping

_DEEPEST = 12
_USUAL = "spec.template"
_LISTS = ("containers", "initContainers")
_SIZES = {"name", "resources"}
"""What a container has that only says how large one of the operator's is."""
_OF_THE_CLUSTER = re.compile(r"Cluster[A-Z]")
"""How kinds begin whose objects are in no namespace: what is made of a ClusterAnalysisTemplate runs where it is used."""


def with_templates(item: Resource) -> Iterator[Resource]:
    """Yield an object and, laid out as a Deployment is, each further pod template of a custom resource."""
    if not is_custom(item.group) or item.unread:
        yield item
        return
    spec = mapping(item.properties.get("spec"))
    usual = _filled(spec.get("template"))
    if usual is spec.get("template"):
        yield item
    else:
        yield replace(item, properties={**item.properties, "spec": {**spec, "template": usual}})
    head = {key: item.properties[key] for key in ("apiVersion", "metadata") if key in item.properties}
    if _OF_THE_CLUSTER.match(item.kind) and mapping(head.get("metadata")):
        head["metadata"] = {"namespace": "", **head["metadata"]}
    for place, template in _inside(item.properties.get("spec"), "spec", 0):
        if place != _USUAL:
            where = f"{item.place}.{place}" if item.place else place
            # To the rules a template of which nobody knows whether it serves or ends; by its kind still what it is.
            whole = _filled(template)
            own = {**head, "kind": "PodTemplate", "template": whole, "spec": {"template": whole}}
            yield replace(item, properties=own, place=where)


def _inside(value: Any, place: str, depth: int) -> Iterator[tuple[str, Any]]:
    if depth > _DEEPEST:
        return
    if isinstance(value, dict):
        for key, inner in cast("dict[str, Any]", value).items():
            where = f"{place}.{key}"
            if key.lower().endswith("template") and _is_whole(inner):
                yield where, inner
            else:
                yield from _inside(inner, where, depth + 1)
    elif isinstance(value, list):
        for index, inner in enumerate(items(cast("object", value))):
            yield from _inside(inner, f"{place}[{index}]", depth + 1)


def _filled(template: Any) -> Any:
    """Return a pod template as its operator fills it in.

    Knative, and others, give a name to containers that have none; where it has none of its own these come with an account of the operator's.
    """
    spec = mapping(mapping(template).get("spec"))
    own: dict[str, Any] = {
        key: _with_names(items(spec[key]), key) for key in _LISTS if _nameless(items(spec.get(key)))
    }
    if isinstance(spec.get("containers"), list) and all(map(_is_size, items(spec["containers"]))):
        own["containers"] = []
        own |= {} if "automountServiceAccountToken" in spec else {"automountServiceAccountToken": False}
    return {**mapping(template), "spec": {**spec, **own}} if own else template


def _is_size(container: Any) -> bool:
    return isinstance(container, dict) and _SIZES.issuperset(mapping(cast("object", container)))


def _nameless(containers: list[Any]) -> bool:
    return any(isinstance(one, dict) and "name" not in one for one in containers)


def _with_names(containers: list[Any], key: str) -> list[Any]:
    return [
        {"name": f"{key}[{index}]", **mapping(cast("object", one))} if isinstance(one, dict) else one
        for index, one in enumerate(containers)
    ]


def _is_whole(value: Any) -> bool:
    containers = items(mapping(mapping(value).get("spec")).get("containers"))
    return bool(containers) and all("image" in mapping(one) for one in containers)
