"""From a stack's configuration to its settings, or to everything that is wrong with it."""

import json
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from secure_aks_lifecycle import clock

from settings.checks.draft import Context
from settings.reading.assemble import assemble
from settings.reading.problem import Problem, SettingsError
from settings.reading.source import PROJECT, Source, read
from settings.sections.stack import StackSettings

LOCATION = "azure-native:location"
_STACK_FILE = re.compile(r"Pulumi\.(.+)\.ya?ml")


def load() -> StackSettings:
    """Return the settings of the running program's stack, from its Pulumi configuration.

    Raises SettingsError with every problem of the configuration.
    """
    import pulumi  # noqa: PLC0415  # slow, and only the running program needs it
    from pulumi.runtime.config import CONFIG, get_config_env  # noqa: PLC0415

    config = {key: _decoded(value) for key, value in {**get_config_env(), **CONFIG.get()}.items()}
    path = Path.cwd() / f"Pulumi.{pulumi.get_stack()}.yaml"
    return _settings(config, path, lambda: _source_if_readable(path))


def load_file(path: Path) -> StackSettings:
    """Return the settings of a stack file; what Pulumi.yaml beside it says for all stacks counts too.

    Raises SettingsError with every problem of the file. Encrypted values read as `[secret]`.
    """
    path = Path(path)
    source = read(path)
    return _settings({**_shared(path.parent / "Pulumi.yaml"), **source.config}, path, lambda: source)


def _settings(config: Mapping[str, Any], path: Path, source: Callable[[], Source]) -> StackSettings:
    prefix = f"{PROJECT}:"
    sections = {key.removeprefix(prefix): value for key, value in config.items() if key.startswith(prefix)}
    context = _context(path)
    settings, findings = assemble(sections, config.get(LOCATION), context)
    if settings is None:
        problems = [Problem(finding.path, finding.why, finding.remedy) for finding in findings]
        raise SettingsError(path.name, source().located(problems))
    return settings


def _context(path: Path) -> Context:
    try:
        today = clock.today()
    except ValueError as error:
        _, _, why = str(error).partition(": ")
        why, _, remedy = why.partition("; ")
        raise SettingsError(path.name, [Problem(clock.VARIABLE, why, remedy)]) from None
    stacks = frozenset(
        found[1] for file in path.parent.glob("Pulumi.*.y*ml") if (found := _STACK_FILE.fullmatch(file.name))
    )
    found = _STACK_FILE.fullmatch(path.name)
    return Context(stack=found[1] if found else path.stem, today=today, stacks=stacks or None)


def _decoded(value: Any) -> Any:
    # The engine hands a mapping or list over as JSON text, and everything else as plain text.
    if isinstance(value, str) and value[:1] in {"{", "["}:
        try:
            return json.loads(value)
        except ValueError:
            return value
    return value


def _shared(path: Path) -> dict[str, Any]:
    if not path.is_file():
        return {}
    # Pulumi.yaml writes a shared key as its value or as {value: ...}.
    return {
        key: value["value"] if isinstance(value, Mapping) and "value" in value else value
        for key, value in read(path).config.items()
    }


def _source_if_readable(path: Path) -> Source:
    try:
        return read(path)
    except SettingsError:
        return Source(path.name, {}, "")
