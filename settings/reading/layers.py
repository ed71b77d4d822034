"""What a stack file says, over what all stacks share, over the profile of the first day."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, cast, get_args

from secure_aks_lifecycle.stack.layers import over

from settings.checks.finding import Finding
from settings.reading.layer_keys import CLUSTERS, DEFAULTS, EACH_POOL, PROFILE, Profile
from settings.reading.problem import Problem
from settings.reading.source import PROJECT, Source, read
from settings.words import did_you_mean, named_kind

FOLDER = Path(__file__).parents[1] / "day_one"
_NOTHING = object()
_NO_SECTIONS = {PROFILE, DEFAULTS, CLUSTERS, "location"}
_PREFIX = f"{PROJECT}:"
_STEP = re.compile(r"([^.\[\]]+)|\[([0-9]+)\]")


@dataclass(frozen=True)
class Layer:
    """One layer: its sections, and where it stands: the file, and the path there that the sections lie below."""

    sections: Mapping[str, Any]
    source: Source
    below: str = _PREFIX
    title: str = ""

    def line(self, path: str) -> int | None:
        """Return the line of a path such as `cluster.name`."""
        return self.source.line(f"{self.below}{path}")

    @property
    def name(self) -> str:
        """What people call it."""
        return self.title or self.source.name


@dataclass(frozen=True)
class Layers:
    """All layers of a stack, the nearest first, and what they say together."""

    layers: Sequence[Layer]
    sections: Mapping[str, Any]

    def origin(self, path: str) -> tuple[Layer, str] | None:
        """Return the layer that says what stands at a path such as `pools[0].zones`, and the path there."""
        for place in (path, _of_each_pool(path)):
            for layer in self.layers:
                if place and _at(layer.sections, place) is not _NOTHING:
                    return layer, place
        return None

    def place(self, path: str) -> str | None:
        """Return where a path is said, such as `Pulumi.dev.yaml:12`; None where no layer says it."""
        if ":" in path:  # another namespace's key, whole in one of the files
            found = next(
                ((one.source, one.source.lines[path]) for one in self.layers if path in one.source.lines),
                None,
            )
            return f"{found[0].name}:{found[1]}" if found else None
        if not (origin := self.origin(path)):
            return None
        layer, place = origin
        return layer.title or f"{layer.name}:{layer.line(place)}"

    def written(self, path: str) -> Any:
        """Return what is written at a path, in short or in full; None where no layer says it."""
        origin = self.origin(path)
        return _at(origin[0].sections, origin[1]) if origin else None

    def located(self, problems: Iterable[Problem]) -> list[Problem]:
        """Return the problems with file and line: of their path, or of the innermost thing around it that is said."""
        placed = [self._located(problem) for problem in problems]
        names = [layer.source.name for layer in self.layers]
        known = {name: index for index, name in reversed(list(enumerate(names)))}
        return sorted(placed, key=lambda one: (known.get(one.file or "", 0), one.line or 0))

    def _located(self, problem: Problem) -> Problem:
        if problem.line:
            return problem
        path = problem.path.removeprefix(_PREFIX)
        for layer in self.layers:
            if layer.below != _PREFIX and path.startswith(f"{DEFAULTS}."):
                return replace(problem, file=layer.name, line=layer.line(path.removeprefix(f"{DEFAULTS}.")))
        while path and problem.path.startswith(_PREFIX):
            if found := self.origin(path):
                layer, place = found
                return replace(problem, file=layer.name, line=layer.line(place))
            path = path[: max(path.rfind("."), path.rfind("["), 0)]
        for source in {layer.source.name: layer.source for layer in self.layers}.values():
            if line := source.line(problem.path):
                return replace(problem, file=source.name, line=line)
        return replace(problem, file=self.layers[0].source.name)


def layered(sections: Mapping[str, Any], stack: Source, project: Source) -> tuple[Layers, list[Finding]]:
    """Return a stack's layers, from the sections that its configuration has, and what is wrong with the layers as such.

    A key stands in the stack file or, for all stacks, in Pulumi.yaml; `defaults` is such a key, and lies below the others.
    """
    own = {key: value for key, value in sections.items() if key not in {PROFILE, DEFAULTS, CLUSTERS}}
    here = {
        key: value
        for key, value in own.items()
        if f"{_PREFIX}{key}" not in project.config or f"{_PREFIX}{key}" in stack.config
    }
    layers = [Layer(here, stack), Layer({key: own[key] for key in own.keys() - here.keys()}, project)]
    wrong = [*_wrong_profile(sections.get(PROFILE)), *_wrong_defaults(sections.get(DEFAULTS))]
    if isinstance(shared := sections.get(DEFAULTS), dict):
        source, key = (stack, f"{_PREFIX}{DEFAULTS}")
        if key not in stack.config:
            source, key = project, f"{key}.{'value' if f'{key}.value' in project.lines else 'default'}"
        below = {
            name: value for name, value in cast("dict[str, Any]", shared).items() if name not in _NO_SECTIONS
        }
        layers.append(Layer(below, source, f"{key}."))
    if (profile := sections.get(PROFILE)) in get_args(Profile):
        source = read(FOLDER / f"{profile}.yaml")
        said = {key.removeprefix(_PREFIX): value for key, value in source.config.items()}
        layers.append(Layer(said, source, title=f"profile {profile}"))
    wrong += [finding for layer in layers for finding in _wrong_each(layer.sections.get(EACH_POOL))]
    return Layers(layers, _together(layers)), wrong


def _together(layers: Sequence[Layer]) -> dict[str, Any]:
    joined: Any = {}
    for layer in reversed(layers):
        joined = over(_without_wrong_each(layer.sections), joined)
    each = joined.pop(EACH_POOL, None)
    if isinstance(each, dict) and isinstance(joined.get("pools"), list):
        joined["pools"] = [over(pool, each) for pool in joined["pools"]]
    return joined


def _wrong_profile(profile: Any) -> Iterator[Finding]:
    if profile is not None and profile not in get_args(Profile):
        why = f"{profile!r} is no profile"
        yield Finding(f"{_PREFIX}{PROFILE}", why, did_you_mean(str(profile), get_args(Profile)))


def _wrong_defaults(shared: Any) -> Iterator[Finding]:
    path = f"{_PREFIX}{DEFAULTS}"
    if shared is None:
        return
    if not isinstance(shared, dict):
        yield Finding(path, f"it is {named_kind(shared)}", "write a mapping of sections, as in a stack file")
        return
    for key in cast("dict[str, Any]", shared):
        if key in _NO_SECTIONS:
            why = f"{key} is no section, and this is what lies below the sections of a stack"
            name = "azure-native:location" if key == "location" else f"{_PREFIX}{key}"
            yield Finding(f"{path}.{key}", why, f"write `{name}` in the stack file, or beside this key")


def _wrong_each(each: Any) -> Iterator[Finding]:
    if each is not None and not isinstance(each, dict):
        why = f"it is {named_kind(each)}"
        yield Finding(f"{_PREFIX}{EACH_POOL}", why, "write a mapping with the keys of a pool, such as zones")


def _without_wrong_each(sections: Mapping[str, Any]) -> dict[str, Any]:
    return {
        key: value
        for key, value in sections.items()
        if key != EACH_POOL or isinstance(value, dict) or value is None
    }


def _of_each_pool(path: str) -> str | None:
    found = re.fullmatch(r"pools\[[0-9]+\]\.(.+)", path)
    return f"{EACH_POOL}.{found[1]}" if found else None


def _at(value: Any, path: str) -> Any:
    """Return what stands at a path; `_NOTHING` where nothing does."""
    for key, index in _STEP.findall(path):
        if key and isinstance(value, dict) and key in value:
            value = cast("dict[str, Any]", value)[key]
        elif index and isinstance(value, list) and int(index) < len(cast("list[Any]", value)):
            value = cast("list[Any]", value)[int(index)]
        else:
            return _NOTHING
    return value
