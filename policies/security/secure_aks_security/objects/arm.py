"""What an ARM template holds of AKS: in any case, nested, as children, by symbolic names.

An expression that is a parameter's or a variable's value alone is read; any other is a value that is not known yet.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, cast

from secure_aks_security.judging.values import UNKNOWN, is_unknown
from secure_aks_security.shapes import items, mapping

_DEPLOYMENT = "microsoft.resources/deployments"
CLUSTER = "microsoft.containerservice/managedclusters"
"""The type of a cluster, in lower case."""
_CHILDREN = (
    "agentpools",
    "jwtauthenticators",
    "maintenanceconfigurations",
    "managednamespaces",
    "trustedaccessrolebindings",
)
_AKS = {CLUSTER, *(f"{CLUSTER}/{child}" for child in _CHILDREN)}
_REFERENCE = re.compile(r"\[\s*(parameters|variables)\('([^']+)'\)\s*\]", re.IGNORECASE)
_DEEPEST = 20


@dataclass(frozen=True)
class Found:
    """A cluster or what belongs to one: its type in lower case, its name, its body and where it stands; or what is not seen."""

    type: str
    name: str
    body: Mapping[str, Any]
    place: str
    unseen: str = ""


@dataclass(frozen=True)
class _Template:
    """Where expressions are read."""

    parameters: Mapping[str, Any] = field(default_factory=dict[str, Any])
    variables: Mapping[str, Any] = field(default_factory=dict[str, Any])

    def read(self, value: Any, place: str, depth: int = 0) -> Any:
        """Return a value with its expressions read; those that are not, as unknowns."""
        if isinstance(value, dict):
            given = cast("dict[str, Any]", value)
            return {key: self.read(item, f"{place}.{key}", depth) for key, item in given.items()}
        if isinstance(value, list):
            return [
                self.read(item, f"{place}[{index}]", depth)
                for index, item in enumerate(items(cast("object", value)))
            ]
        return self._text(value, place, depth) if isinstance(value, str) else value

    def _text(self, text: str, place: str, depth: int) -> Any:
        if not (text.startswith("[") and text.endswith("]")):
            return text
        if text.startswith("[["):
            return text[1:]
        reference = _REFERENCE.fullmatch(text)
        if reference and depth < _DEEPEST:
            values = self.parameters if reference[1].lower() == "parameters" else self.variables
            if reference[2].lower() in values:
                return self.read(values[reference[2].lower()], place, depth + 1)
        return f"{UNKNOWN}{place}, the expression {text}"


def in_template(holder: Mapping[str, Any], place: str, depth: int = 0) -> Iterator[Found]:
    """Yield the clusters and pools of a deployment's properties."""
    said = _lower(holder)
    template = said.get("template")
    where = f"{place}.template" if place else "template"
    if template is None and "templatelink" in said:
        yield Found("", "", {}, where, "what the template it links to holds")
        return
    if is_unknown(template) or (template is not None and not isinstance(template, dict)):
        yield Found("", "", {}, where, "what the template holds, which is not known yet,")
        return
    if depth > _DEEPEST:
        yield Found("", "", {}, where, "what templates in templates hold")
        return
    parts = _lower(mapping(cast("object", template)))
    given = {
        name: _lower(mapping(value)).get("value")
        for name, value in _lower(mapping(said.get("parameters"))).items()
    }
    defaults = {
        name: _lower(mapping(value)).get("defaultvalue")
        for name, value in _lower(mapping(parts.get("parameters"))).items()
    }
    values = {name: value for name, value in {**defaults, **given}.items() if value is not None}
    scope = _Template(values, _lower(mapping(parts.get("variables"))))
    yield from _resources(parts.get("resources"), f"{where}.resources", ("", ""), scope, depth)


def _resources(
    given: Any, place: str, parent: tuple[str, str], scope: _Template, depth: int
) -> Iterator[Found]:
    """Yield what a list, or an object of symbolic names, of resources holds; `parent` is a type and a name."""
    if isinstance(given, dict):
        entries = [(f"{place}.{name}", item) for name, item in mapping(cast("object", given)).items()]
    elif isinstance(given, list):
        entries = [(f"{place}[{index}]", item) for index, item in enumerate(items(cast("object", given)))]
    else:
        if given is not None:
            yield Found("", "", {}, place, "what the template's resources are, which is not known yet,")
        return
    for where, item in entries:
        yield from _resource(item, where, parent, scope, depth)


def _resource(
    item: Any, place: str, parent: tuple[str, str], scope: _Template, depth: int
) -> Iterator[Found]:
    said = _lower(mapping(item))
    if not said:
        if is_unknown(item):
            yield Found("", "", {}, place, "a resource of the template, which is not known yet,")
        return
    kind, name = (
        scope.read(said.get("type", ""), f"{place}.type"),
        scope.read(said.get("name", ""), f"{place}.name"),
    )
    if not isinstance(kind, str) or is_unknown(kind):
        yield Found("", "", {}, place, f"a resource of the template, whose type is {said.get('type')!s},")
        return
    kind, name = kind.lower().partition("@")[0], str(name)
    if parent[0] and "/" not in kind:
        kind, name = f"{parent[0]}/{kind}", f"{parent[1]}/{name}"
    if kind == _DEPLOYMENT:
        inner = _lower(mapping(said.get("properties")))
        own = _lower(mapping(inner.get("expressionevaluationoptions"))).get("scope")
        yield from _nested(inner, f"{place}.properties", scope, depth, inside=str(own).lower() == "inner")
    elif kind in _AKS and said.get("existing") is not True:
        body = {key: value for key, value in said.items() if key != "resources"}
        yield Found(kind, name, mapping(scope.read(body, place)), place)
    yield from _resources(said.get("resources"), f"{place}.resources", (kind, name), scope, depth)


def _nested(
    inner: Mapping[str, Any], place: str, scope: _Template, depth: int, *, inside: bool
) -> Iterator[Found]:
    """Yield what a deployment in a template holds; its expressions are the outer template's unless it says `inner`."""
    passed = {**inner, "parameters": scope.read(inner.get("parameters", {}), f"{place}.parameters")}
    if not inside and isinstance(inner.get("template"), dict):
        passed["template"] = scope.read(inner["template"], f"{place}.template")
    yield from in_template(passed, place, depth + 1)


def _lower(value: Mapping[str, Any]) -> dict[str, Any]:
    return {str(key).lower(): item for key, item in value.items()}
