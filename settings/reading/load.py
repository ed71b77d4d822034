"""From a stack's configuration to its settings, or to everything that is wrong with it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from os.path import lexists  # a symlink to nowhere is no file that is left out
from pathlib import Path
from typing import Any, cast

from settings.checks.finding import Finding
from settings.cluster_names import further_of, name_of, stack_of
from settings.reading.clusters import LOCATION, PREFIX, with_clusters
from settings.reading.engine import agree, decoded, hidden, revealed
from settings.reading.layer_keys import CLUSTERS
from settings.reading.layers import Layers, layered
from settings.reading.places import stack_name, stack_names, surroundings
from settings.reading.problem import Problem, SettingsError
from settings.reading.source import PROJECT, Source, read
from settings.sections.stack import StackSettings
from settings.words import did_you_mean

MAY_BE_SECRET = frozenset({f"{PROJECT}:nodeUpdates.kured.notifyUrl"})
"""Where an encrypted value has a place: what is made of the others stands open in Azure or in the cluster."""


@dataclass(frozen=True)
class _Files:
    """The stack file, and Pulumi.yaml, which says what all stacks share."""

    stack: Source
    project: Source

    @property
    def config(self) -> dict[str, Any]:
        """What both say; the stack file overrides."""
        return {**_shared(self.project.config), **self.stack.config}

    def secrets(self) -> Iterable[str]:
        """Where they have an encrypted value."""
        yield from self.stack.secrets
        yield from (path for path in self.project.secrets if not self._stands_in_stack(path))

    def _stands_in_stack(self, path: str) -> bool:
        return _top(path) in self.stack.config


@dataclass(frozen=True)
class _Given:
    """The configuration to judge: `values` by full key; `plain` the same with what is encrypted in the files; `hide` what no message may show."""

    values: Mapping[str, Any]
    plain: Mapping[str, Any] = field(default_factory=dict[str, Any])
    hide: Mapping[str, Any] = field(default_factory=dict[str, Any])


def load() -> StackSettings:
    """Return the settings of the running program's stack, from its Pulumi configuration.

    Raises SettingsError with every problem of the configuration.
    """
    import pulumi  # noqa: PLC0415  # slow, and only the running program needs it
    from pulumi.runtime.config import CONFIG, get_config_env, is_config_secret  # noqa: PLC0415

    path = Path.cwd() / f"Pulumi.{pulumi.get_stack()}.yaml"
    files = _files(path) if lexists(path) else _Files(Source(path.name, {}), Source("Pulumi.yaml", {}))
    ours = files.config
    values: dict[str, Any] = {}
    plain: dict[str, Any] = {}
    hide: dict[str, Any] = {}
    for key, raw in {**get_config_env(), **CONFIG.get()}.items():
        value = decoded(raw)
        if key in ours and agree(ours[key], value):
            values[key], plain[key] = ours[key], revealed(ours[key], value)
            continue
        values[key] = plain[key] = value
        if is_config_secret(key):
            hide[key] = value
    return _settings(_Given(values, plain, hide), path, files)


def load_file(path: Path) -> StackSettings:
    """Return the settings of a stack file; what Pulumi.yaml beside it says for all stacks counts too.

    Raises SettingsError with every problem of the file. Encrypted values read as `[secret]`.
    """
    path = Path(path)
    files = _files(path)
    return _settings(_Given(files.config), path, files)


def load_cluster(folder: Path, name: str) -> StackSettings:
    """Return the settings of a stack's first cluster, or of the further one that `stack/cluster` names.

    Raises SettingsError with every problem of the file, and for a cluster that the stack does not have.
    """
    path = Path(folder) / f"Pulumi.{stack_of(name)}.yaml"
    settings, further = load_file(path), further_of(name)
    if "/" not in name:
        return settings
    if further not in settings.further:
        known = ", ".join(name_of(stack_of(name), one) for one in ("", *settings.further))
        why = f"there is no cluster {further!r}; the clusters here are: {known}"
        raise SettingsError(path.name, [Problem(f"{PREFIX}{CLUSTERS}", why, "name one of them", path.name)])
    return settings.further[further]


def layers_of(path: Path) -> Layers:
    """Return the layers of a stack file: what says which of its keys. Raises SettingsError when it cannot be read."""
    files = _files(Path(path))
    layers, _ = layered(_sections(files.config), files.stack, files.project)
    return layers


def _files(path: Path) -> _Files:
    if not lexists(path) and (others := stack_names(path.parent)):
        why = (
            f"it cannot be read: No such file or directory; the stacks here are: {', '.join(sorted(others))}"
        )
        raise SettingsError(path.name, [Problem(path.name, why, did_you_mean(stack_name(path), others))])
    if not lexists(path) and not lexists(path.parent / "Pulumi.yaml"):
        why = "it cannot be read: No such file or directory; no stack has a file here"
        raise SettingsError(
            path.name, [Problem(path.name, why, "go to the project's folder, or name it: -C FOLDER")]
        )
    stack, project = read(path), path.parent / "Pulumi.yaml"
    return _Files(stack, read(project) if lexists(project) else Source(project.name, {}))


def _settings(given: _Given, path: Path, files: _Files) -> StackSettings:
    context = surroundings(path, given.values)
    layers, wrong = layered(_sections(given.values), files.stack, files.project)
    settings, findings = with_clusters(layers.sections, given.values, context, layers.layers[0].sections)
    findings = [*wrong, *findings]
    misplaced = [_misplaced(place) for place in files.secrets() if _is_misplaced(place)]
    covered = {finding.path for finding in misplaced}
    findings = [*misplaced, *(finding for finding in findings if not _within(finding.path, covered))]
    if settings is None or findings:
        problems = [_problem(finding, given.hide) for finding in findings]
        raise SettingsError(path.name, layers.located(problems))
    if given.plain == given.values or not given.plain:
        return settings
    layers, _ = layered(_sections(given.plain), files.stack, files.project)
    settings, findings = with_clusters(layers.sections, given.plain, context, layers.layers[0].sections)
    if settings is None:
        problems = [_problem(finding, given.plain) for finding in findings]
        raise SettingsError(path.name, layers.located(problems))
    return settings


def _sections(config: Mapping[str, Any]) -> dict[str, Any]:
    return {key.removeprefix(PREFIX): value for key, value in config.items() if key.startswith(PREFIX)}


def _problem(finding: Finding, hide: Mapping[str, Any]) -> Problem:
    problem = Problem(finding.path, finding.why, finding.remedy)
    if (top := _top(finding.path)) in hide:
        why, remedy = (hidden(text, hide[top]) for text in (finding.why, finding.remedy))
        return replace(problem, why=why, remedy=remedy)
    return problem


def _is_misplaced(place: str) -> bool:
    return (place.startswith(PREFIX) or place == LOCATION) and place not in MAY_BE_SECRET


def _misplaced(place: str) -> Finding:
    why = "this value is encrypted, and what is made of it can be read by everybody who may see the cluster"
    return Finding(place, why, f"write it in plain text; encrypted may be {', '.join(sorted(MAY_BE_SECRET))}")


def _within(path: str, places: set[str]) -> bool:
    return any(path == place or path.startswith((f"{place}.", f"{place}[")) for place in places)


def _top(path: str) -> str:
    return path.split(".", maxsplit=1)[0].split("[", maxsplit=1)[0]


def _shared(config: Mapping[str, Any]) -> dict[str, Any]:
    # Pulumi.yaml writes a shared key as its value or as {value: ...} or {default: ...}.
    return {key: _value(said) for key, said in config.items()}


def _value(said: Any) -> Any:
    if not isinstance(said, Mapping):
        return said
    declared = cast("Mapping[str, Any]", said)
    return declared.get("value", declared.get("default"))
