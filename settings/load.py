"""From a stack's configuration to its settings, or to everything that is wrong with it."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from settings.assemble import assemble
from settings.problem import Problem, SettingsError
from settings.source import Source, read
from settings.stack import StackSettings

NAMESPACE = "secure-aks"
LOCATION = "azure-native:location"


def load() -> StackSettings:
    """Return the settings of the running program's stack, from its Pulumi configuration.

    Raises SettingsError with every problem of the configuration.
    """
    import pulumi  # noqa: PLC0415  # slow, and only the running program needs it
    from pulumi.runtime.config import CONFIG, get_config_env  # noqa: PLC0415

    raw = {**get_config_env(), **CONFIG.get()}
    name = f"Pulumi.{pulumi.get_stack()}.yaml"
    source = _source_beside_program(Path.cwd() / name, name)
    return _settings(_decoded(raw), source)


def load_file(path: Path) -> StackSettings:
    """Return the settings of a stack file, with the project's own configuration (Pulumi.yaml beside it) under it.

    Raises SettingsError with every problem of the file. Encrypted values read as `[secret]`.
    """
    path = Path(path)
    source = read(path)
    project = path.parent / "Pulumi.yaml"
    shared = read(project).config if project.is_file() else {}
    return _settings({**_project_values(shared), **source.config}, source)


def _settings(config: Mapping[str, Any], source: Source) -> StackSettings:
    prefix = f"{NAMESPACE}:"
    sections = {key.removeprefix(prefix): value for key, value in config.items() if key.startswith(prefix)}
    settings, problems = assemble(sections, config.get(LOCATION))
    if settings is None or problems:
        raise SettingsError(source.name, [source.locate(problem) for problem in problems])
    return settings


def _decoded(raw: Mapping[str, Any]) -> dict[str, Any]:
    # The engine hands a mapping or list over as JSON text and everything else as plain text.
    return {key: _json(value) for key, value in raw.items()}


def _json(value: Any) -> Any:
    if isinstance(value, str) and value[:1] in {"{", "["}:
        try:
            return json.loads(value)
        except ValueError:
            return value
    return value


def _project_values(config: Mapping[str, Any]) -> dict[str, Any]:
    # Pulumi.yaml may write a shared key as a value or as {value: ...}.
    return {
        key: value["value"] if isinstance(value, Mapping) and set(value) == {"value"} else value
        for key, value in config.items()
    }


def _source_beside_program(path: Path, name: str) -> Source:
    try:
        return read(path)
    except (SettingsError, OSError):
        return Source(name, {}, {})


__all__ = ["Problem", "SettingsError", "load", "load_file"]
