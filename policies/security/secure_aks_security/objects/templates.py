"""The pods that custom resources carry elsewhere than a Deployment does: JobSet, ScaledJob, LeaderWorkerSet, Volcano's Job.

Only what looks whole counts, every container with an image: some operators take parts of a pod that they lay over their own.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, cast

from secure_aks_security.judging.resources import Resource, is_custom
from secure_aks_security.shapes import items, mapping

_DEEPEST = 12
_USUAL = "spec.template"


def with_templates(item: Resource) -> Iterator[Resource]:
    """Yield an object and, laid out as a Deployment is, each further pod template of a custom resource."""
    yield item
    if not is_custom(item.group) or item.unread:
        return
    head = {key: item.properties[key] for key in ("apiVersion", "metadata") if key in item.properties}
    for place, template in _inside(item.properties.get("spec"), "spec", 0):
        if place != _USUAL:
            where = f"{item.place}.{place}" if item.place else place
            # To the rules a template of which nobody knows whether it serves or ends; by its kind still what it is.
            own = {**head, "kind": "PodTemplate", "template": template, "spec": {"template": template}}
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


def _is_whole(value: Any) -> bool:
    containers = items(mapping(mapping(value).get("spec")).get("containers"))
    return bool(containers) and all("image" in mapping(one) for one in containers)
