"""The methods of a stack about its configuration: they read and write the stack file."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from pulumi.automation import ConfigMap, ConfigValue, Stack
from typing_extensions import override

from emulator.dry_run import stack_file
from emulator.dry_run.stack_signature import failure
from emulator.errors import UsageError
from emulator.properties.paths import parse_path

if TYPE_CHECKING:
    from emulator.dry_run.project import Config, Project


class ConfiguredStack(Stack):
    """A stack with a project and a stack file."""

    project: Project

    @override
    def get_config(self, key: str, *, path: bool = False) -> ConfigValue:
        """Return a value of the stack's configuration. Raises CommandError when it is not set."""
        config = self.load_config()
        namespace, _, rest = key.rpartition(":")
        tokens = parse_path(rest) if path else [rest]
        full = self.project.full_key(
            f"{namespace}:{tokens[0]}" if namespace else str(tokens[0]), self.project.stack_file(self.name)
        )
        value: Any = config.values.get(full)
        try:
            for token in tokens[1:]:
                value = (json.loads(value) if isinstance(value, str) else value)[token]
        except (ValueError, KeyError, IndexError, TypeError):
            value = None
        if value is None:
            raise failure(f"configuration key {key!r} not found for stack {self.name!r}")
        text = value if isinstance(value, str) else json.dumps(value)
        return ConfigValue(text, full in config.secret_keys)

    @override
    def get_all_config(self) -> ConfigMap:
        """Return the stack's whole configuration, the project's defaults included."""
        config = self.load_config()
        return {k: ConfigValue(v, k in config.secret_keys) for k, v in config.values.items()}

    @override
    def set_config(self, key: str, value: ConfigValue, *, path: bool = False) -> None:
        """Write a value into the stack file; its comments stay."""
        try:
            stack_file.set_value(
                self.project, self.name, key, value.value, secret=bool(value.secret), path=path
            )
        except UsageError as error:
            raise failure(str(error)) from None

    @override
    def set_all_config(self, config: ConfigMap, *, path: bool = False) -> None:
        """Write several values into the stack file."""
        for key, value in config.items():
            self.set_config(key, value, path=path)

    @override
    def remove_config(self, key: str, *, path: bool = False) -> None:
        """Remove a value from the stack file."""
        stack_file.remove_value(self.project, self.name, key, path=path)

    @override
    def remove_all_config(self, keys: list[str], *, path: bool = False) -> None:
        """Remove several values from the stack file."""
        for key in keys:
            self.remove_config(key, path=path)

    def load_config(self) -> Config:
        """Return the whole configuration. Raises CommandError."""
        try:
            return self.project.load_config(self.name)
        except UsageError as error:
            raise failure(str(error)) from None
