"""The project file (Pulumi.yaml) and a stack's configuration, read as the engine reads them.

Rules, from pulumi/pulumi `pkg/workspace/config.go`: a key without a namespace belongs to the project; a stack's value wins over
the project's; a project key declared without a default must be set by the stack; a declared type is checked; structured
values reach the program as JSON text with sorted keys.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from secure_aks_lifecycle.ending import there, typed

from emulator.engine.stacks import project_file, stack_file, stacks
from emulator.errors import ConfigError
from emulator.properties.values import is_list, is_object
from emulator.yaml_files import load_yaml

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True)
class Project:
    """Pulumi.yaml: `folder` holds it, `program` is the folder or file to run."""

    name: str
    folder: Path
    program: Path
    stack_folder: Path
    config: dict[str, Any] = field(default_factory=dict[str, Any])

    @classmethod
    def load(cls, folder: Path) -> Project:
        """Read Pulumi.yaml in `folder`. Raises UsageError when it is missing, wrong or not a Python project."""
        raw, path = project_file(folder), folder / "Pulumi.yaml"
        name = raw.get("name")
        if not isinstance(name, str) or not name:
            raise ConfigError(f"{path}: name: the project needs a name")
        runtime = raw.get("runtime")
        runtime_name = runtime.get("name") if is_object(runtime) else runtime
        if runtime_name != "python":
            raise ConfigError(
                f"{path}: runtime: a dry run is of Python programs only, this is {runtime_name!r}"
            )
        config: Any = raw.get("config") or {}
        if not is_object(config):
            raise ConfigError(f"{path}: config: expected a mapping of keys to values")
        folder = folder.resolve()
        return cls(
            name=name,
            folder=folder,
            program=folder / str(raw.get("main") or ""),
            stack_folder=folder / str(raw.get("stackConfigDir") or ""),
            config=config,
        )

    def stack_file(self, stack: str) -> Path:
        """Return the path of a stack's file; it need not exist."""
        return self.stack_folder / f"Pulumi.{stack}.yaml"

    def stacks(self) -> list[str]:
        """Return the names of the stacks that have a file."""
        return stacks(self.stack_folder)

    def load_config(self, stack: str) -> dict[str, str]:
        """Return a stack's configuration, full keys ("ns:name") to text.

        Raises UsageError with every problem.
        """
        path = stack_file(self.stack_folder, stack)
        section: Any = load_yaml(path).get("config") or {}
        if not is_object(section):
            raise ConfigError(f"{path}: config: expected a mapping of keys to values")
        given = {self.full_key(str(key), path): value for key, value in section.items()}
        if secrets := [key for key, value in given.items() if _has_secret(value)]:
            raise ConfigError(
                f"{path}: {', '.join(secrets)}: encrypted, and only the Pulumi engine decrypts. "
                f"Get it by `{typed('emulator')} engine` and run this again."
            )
        values = {key: as_text(value) for key, value in given.items()}
        self._apply_declarations(values, given, path)
        return values

    def full_key(self, key: str, path: Path) -> str:
        """Return a key with its namespace: "name" is the project's, "ns:config:name" the old form of "ns:name"."""
        parts = key.split(":")
        if len(parts) == 1:
            return f"{self.name}:{key}"
        if len(parts) == 3 and parts[1] == "config":  # noqa: PLR2004 - namespace, "config", name
            return f"{parts[0]}:{parts[2]}"
        if len(parts) == 2 and all(parts):  # noqa: PLR2004 - namespace and name
            return key
        raise ConfigError(
            f"{path}: config: {key!r} is not a key; write `<namespace>:<name>`, or `<name>` for the project's own"
        )

    def _apply_declarations(self, values: dict[str, str], given: dict[str, Any], path: Path) -> None:
        """Put in the project's defaults and check the declared keys."""
        problems: list[str] = []
        for key, declared in self.config.items():
            full = self.full_key(key, self.folder / "Pulumi.yaml")
            said: dict[str, Any] = declared if is_object(declared) else {"default": declared}
            fallback = said.get("default", said.get("value"))
            if full not in values:
                if fallback is not None:
                    values[full] = as_text(fallback)
                elif full.startswith(self.name + ":"):
                    problems.append(
                        f"{path}: {full}: missing; Pulumi.yaml declares it without a default. Set it here."
                    )
                continue
            kind = said.get("type")
            if kind is not None and not _has_type(given[full], str(kind), said.get("items")):
                problems.append(f"{path}: {full}: must be of type {kind}, as Pulumi.yaml declares it")
            if said.get("secret"):
                problems.append(
                    f"{path}: {full}: must be encrypted. Use `{there('pulumi')} config set --secret {full} ...`."
                )
        if problems:
            raise ConfigError("\n".join(problems))


def as_text(value: Any) -> str:
    """Return a configuration value as the program gets it: text as it is, all else as JSON."""
    if isinstance(value, str):
        return value
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=str)


def _has_secret(value: Any) -> bool:
    if is_object(value):
        return set(value) == {"secure"} or any(_has_secret(v) for v in value.values())
    return is_list(value) and any(_has_secret(v) for v in value)


def _has_type(value: Any, kind: str, items: Any) -> bool:
    if kind == "array":
        inner = items.get("type") if is_object(items) else None
        nested = items.get("items") if is_object(items) else None
        return is_list(value) and (inner is None or all(_has_type(v, inner, nested) for v in value))
    if kind == "integer":
        return (isinstance(value, int) and not isinstance(value, bool)) or (
            isinstance(value, str) and value.lstrip("+-").isdecimal()
        )
    if kind == "boolean":
        return isinstance(value, bool) or value in {"true", "false"}
    return isinstance(value, dict) if kind == "object" else isinstance(value, str)
