"""The project file (Pulumi.yaml) and a stack's configuration, read as the engine reads them.

Rules, from pulumi/pulumi `pkg/workspace/config.go`: a key without a namespace belongs to the project; a stack's value wins over
the project's; a project key declared without a default must be set by the stack; a declared type is checked; structured
values reach the program as JSON text with sorted keys.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from emulator.dry_run.passphrase import Decrypter
from emulator.dry_run.yaml_files import load_yaml
from emulator.errors import ConfigError, UsageError
from emulator.properties.values import is_list, is_object

STATE_DIR_VARIABLE = "SECURE_AKS_EMULATOR_DIR"


@dataclass(frozen=True)
class Config:
    """A stack's configuration: full keys ("ns:name") to text, and the keys that hold secrets."""

    values: dict[str, str]
    secret_keys: frozenset[str] = frozenset()

    def shown(self) -> dict[str, str]:
        """Return the values for people's eyes."""
        return {k: "[secret]" if k in self.secret_keys else v for k, v in self.values.items()}

    def package(self, name: str) -> dict[str, str]:
        """Return what is set for one provider package ("azure-native:location" -> {"location": ...})."""
        prefix = name + ":"
        return {k[len(prefix) :]: v for k, v in self.values.items() if k.startswith(prefix)}


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
        path = folder / "Pulumi.yaml"
        if not path.is_file():
            raise UsageError(
                f"{path}: there is no Pulumi project here. Change to the folder that holds Pulumi.yaml."
            )
        raw = load_yaml(path)
        name = raw.get("name")
        if not isinstance(name, str) or not name:
            raise ConfigError(f"{path}: name: the project needs a name")
        runtime = raw.get("runtime")
        runtime_name = runtime.get("name") if is_object(runtime) else runtime
        if runtime_name != "python":
            raise ConfigError(
                f"{path}: runtime: the emulator runs Python programs only, this is {runtime_name!r}"
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
        return sorted(p.name[len("Pulumi.") : -len(".yaml")] for p in self.stack_folder.glob("Pulumi.*.yaml"))

    def state_folder(self, given: str | os.PathLike[str] | None = None) -> Path:
        """Return where the emulator keeps its state: `given`, SECURE_AKS_EMULATOR_DIR, or `.emulator` in the project."""
        return Path(given or os.environ.get(STATE_DIR_VARIABLE) or self.folder / ".emulator").resolve()

    def require_stack(self, stack: str) -> None:
        """Raise UsageError when there is no such stack."""
        if not self.stack_file(stack).is_file():
            known = ", ".join(self.stacks()) or "none"
            raise UsageError(
                f"{self.stack_file(stack)}: there is no stack {stack!r}. Stacks with a file: {known}."
            )

    def load_config(self, stack: str, path: Path | None = None) -> Config:
        """Read and merge a stack's configuration (`path`: another file than the stack's own).

        Raises UsageError with every problem.
        """
        if path is None:
            self.require_stack(stack)
            path = self.stack_file(stack)
        raw = load_yaml(path)
        section: Any = raw.get("config") or {}
        if not is_object(section):
            raise ConfigError(f"{path}: config: expected a mapping of keys to values")
        decrypter = Decrypter(raw.get("encryptionsalt"), path)
        values: dict[str, str] = {}
        secret: set[str] = set()
        given: dict[str, Any] = {}
        for key, value in section.items():
            full = self.full_key(str(key), path)
            plain, is_secret = decrypter.decrypt(value)
            given[full] = plain
            values[full] = as_text(plain)
            if is_secret:
                secret.add(full)
        self._apply_declarations(values, given, secret, path)
        return Config(values, frozenset(secret))

    def salt(self, stack: str) -> str | None:
        """Return the `encryptionsalt` of a stack's file, None when it has none."""
        file = self.stack_file(stack)
        return load_yaml(file).get("encryptionsalt") if file.is_file() else None

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

    def _apply_declarations(
        self, values: dict[str, str], given: dict[str, Any], secret: set[str], path: Path
    ) -> None:
        """Put in the project's defaults and check the declared keys."""
        problems: list[str] = []
        for key, declared in self.config.items():
            full = self.full_key(key, self.folder / "Pulumi.yaml")
            typed: dict[str, Any] = declared if is_object(declared) else {"default": declared}
            fallback = typed.get("default", typed.get("value"))
            if full not in values:
                if fallback is not None:
                    values[full] = as_text(fallback)
                elif full.startswith(self.name + ":"):
                    problems.append(
                        f"{path}: {full}: missing; Pulumi.yaml declares it without a default. Set it here."
                    )
                continue
            kind = typed.get("type")
            if (
                full in given
                and kind is not None
                and not _has_type(given[full], str(kind), typed.get("items"))
            ):
                problems.append(f"{path}: {full}: must be of type {kind}, as Pulumi.yaml declares it")
            if typed.get("secret") and full not in secret:
                problems.append(
                    f"{path}: {full}: must be encrypted. Use `pulumi config set --secret {full} ...`."
                )
        if problems:
            raise ConfigError("\n".join(problems))


def as_text(value: Any) -> str:
    """Return a configuration value as the program gets it: text as it is, all else as JSON."""
    if isinstance(value, str):
        return value
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=str)


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
