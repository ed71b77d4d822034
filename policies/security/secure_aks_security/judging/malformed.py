"""What is wrong with an object that a rule cannot read, in words: where, what stands there, what should.

CEL says that no operator fits, not where. So the rule's restricted fields are looked up in the object.
"""

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import product
from typing import Any, cast

from secure_aks_security.expressions import first
from secure_aks_security.judging.resources import Resource, template_path
from secure_aks_security.model import Rule
from secure_aks_security.shapes import items, mapping

_CHOICE = re.compile(r"\{([^}]*)\}")
_STEP = re.compile(r"([^.\[\]]+)(\[\*\])?(?:\[[^\]]*\])?")
_BOOLEANS = {"true", "false"}
_LONGEST = 60


def fault(rule: Rule, item: Resource, reason: str, missing: str = "") -> str:
    """Return what is wrong; `reason` is what the evaluation said, `missing` the key that is not there."""
    found, metadata = _Walk(item.place), _Walk(item.place)
    metadata.follow(item.properties, "metadata.name")  # which every rule may read
    for field in rule.fields:
        for path in _paths(field):
            found.follow(item.properties, _in_object(path, rule, item))
    words = [*metadata.misplaced, *found.misplaced] or (
        found.without(missing) if missing else found.odd(rule)
    )
    if not words:
        words = [f"it has no {missing}" if missing else f"it cannot be read ({reason})"]
    return f"the object is malformed: {'; '.join(first([*dict.fromkeys(words)]))}"


def shown(value: object) -> str:
    """Return a value as a message shows it: JSON, cut where it is long."""
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}..."


def _paths(field: str) -> Iterator[str]:
    """Yield the paths of a rule's field: `{a,b}` stands for either."""
    parts = _CHOICE.split(field)
    for choice in product(*(part.split(",") if index % 2 else [part] for index, part in enumerate(parts))):
        yield "".join(choice)


def _in_object(path: str, rule: Rule, item: Resource) -> str:
    """Return the path from the object's root: rules name a pod's and a pool's fields from where those start."""
    if rule.area.name == "pods" and path.startswith("spec."):
        return template_path(item.kind) + path.removeprefix("spec")
    return path


def _commonest(values: Iterable[object]) -> type | None:
    """Return the type most of the values have; None where they all have the same, which may be the wrong one."""
    types = Counter(type(value) for value in values)
    return types.most_common(1)[0][0] if len(types) > 1 else None


class _Walk:
    """Follows paths through an object and keeps what it meets."""

    def __init__(self, root: str) -> None:
        self._root = root
        self.misplaced: list[str] = []
        """What stands where a list or an object should."""
        self._leaves: dict[str, Any] = {}
        self._items: dict[str, Any] = {}
        self._absent: list[tuple[str, str]] = []

    def follow(self, value: Any, path: str) -> None:
        """Go down one path as far as it is there."""
        steps = [(name, bool(every)) for name, every in _STEP.findall(path)]
        self._step(value, steps, self._root)

    def without(self, name: str) -> list[str]:
        """Return what lacks a field: the object that the rule looks into, else the items of lists."""
        places = [place for place, absent in self._absent if absent == name]
        places = places or [place for place, item in self._items.items() if name not in mapping(item)]
        return [f"{place or 'it'} has no {name}" for place in places]

    def odd(self, rule: Rule) -> list[str]:
        """Return the fields whose values are likely to be of the wrong type, all of them if none stands out."""
        boolean = bool(_BOOLEANS & set(rule.allowed))
        said = {place: f"{place} is {shown(value)}" for place, value in self._leaves.items()}
        usual = bool if boolean else _commonest(self._leaves.values())
        return [said[place] for place, value in self._leaves.items() if type(value) is not usual] or [
            *said.values()
        ]

    def _step(self, value: Any, steps: list[tuple[str, bool]], place: str) -> None:
        if not steps:
            self._leaves[place] = value
            return
        if not isinstance(value, dict):
            self.misplaced.append(f"{place} is {shown(value)}, not an object")
            return
        (name, every), rest = steps[0], steps[1:]
        fields = cast("dict[str, Any]", value)
        here = f"{place}.{name}" if place else name
        if name not in fields:
            self._absent.append((place, name))
            return
        if not every:
            self._step(fields[name], rest, here)
        elif not isinstance(fields[name], list):
            self.misplaced.append(f"{here} is {shown(fields[name])}, not a list")
        else:
            for index, item in enumerate(items(fields[name])):
                self._items[f"{here}[{index}]"] = item
                # The last of a path may be any value, and is an object where it has fields.
                self._step(item, rest, f"{here}[{index}]")
