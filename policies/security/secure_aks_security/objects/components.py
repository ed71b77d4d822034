"""The provider's components that make objects of YAML: what stands in their inputs is judged, the rest is unseen.

With the real provider the objects come as resources of their own, and the component has no inputs.
"""

from collections.abc import Callable, Iterator
from typing import Any, cast

import yaml

from secure_aks_security.judging.resources import Resource
from secure_aks_security.judging.values import is_unknown
from secure_aks_security.objects.kubernetes import read_object
from secure_aks_security.objects.unseen import unseen
from secure_aks_security.shapes import items

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
# Aliases in a page of YAML can stand for more than a machine holds.
_MOST_VALUES = 2_000_000
_ELSEWHERE = {
    "files": "what the files hold",
    "file": "what the file holds",
    "directory": "what the directory holds",
}


def _read(resource: Resource) -> Iterator[Resource]:
    texts: Any = resource.properties.get("yaml")
    for place, text in _one_or_more(texts, "yaml"):
        yield from _documents(resource, text, place)
    for place, item in _one_or_more(resource.properties.get("objs"), "objs"):
        yield from read_object(resource, item, place)
    for key, words in _ELSEWHERE.items():
        where = [str(name) for _, name in _one_or_more(resource.properties.get(key), key)]
        if where:
            said = ", ".join("not known yet" if is_unknown(name) else name for name in where)
            yield unseen(resource, f"{words} ({said})")


def _one_or_more(value: Any, place: str) -> list[tuple[str, Any]]:
    if value is None:
        return []
    if isinstance(value, list):
        return [(f"{place}[{index}]", item) for index, item in enumerate(items(cast("object", value)))]
    return [(place, value)]


def _documents(resource: Resource, text: Any, place: str) -> Iterator[Resource]:
    if not isinstance(text, str) or is_unknown(text):
        yield from read_object(resource, text, place)
        return
    try:
        found = _parsed(text)
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        yield unseen(resource, f"{place}, which is not YAML ({str(error).splitlines()[0]})")
        return
    for index, item in enumerate(found):
        if item is not None:
            yield from read_object(resource, item, f"{place}[document {index}]")


def _parsed(text: str) -> list[Any]:
    left = iter(range(_MOST_VALUES))
    return [_plain(item, left) for item in yaml.load_all(text, Loader=_Loader)]


def _plain(value: Any, left: Iterator[int]) -> Any:
    """Return what YAML holds as the API server gets it: no nulls (in lists they are empty texts), every key a text."""
    if next(left, None) is None:
        raise ValueError("its aliases stand for too much")
    if isinstance(value, dict):
        given = cast("dict[Any, Any]", value)
        return {str(key): _plain(item, left) for key, item in given.items() if item is not None}
    if isinstance(value, list):
        return ["" if item is None else _plain(item, left) for item in items(cast("object", value))]
    return value if value is None or isinstance(value, str | int | float | bool) else str(value)


READERS: dict[str, Callable[[Resource], Iterator[Resource]]] = dict.fromkeys(
    (
        "kubernetes:yaml:ConfigGroup",
        "kubernetes:yaml:ConfigFile",
        "kubernetes:kustomize:Directory",
    ),
    _read,
)
"""How to look into components, by type token without its version."""
