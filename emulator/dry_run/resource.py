"""One resource of a stack's state, as Pulumi's deployment export holds it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from emulator.properties.wire import from_json, to_json

if TYPE_CHECKING:
    from emulator.plugins.base import Props

_FLAGS = ("delete", "protect", "external", "retain_on_delete", "pending_replacement")
_CAMEL = {
    "retain_on_delete": "retainOnDelete",
    "pending_replacement": "pendingReplacement",
    "deleted_with": "deletedWith",
    "ignore_changes": "ignoreChanges",
    "additional_secret_outputs": "additionalSecretOutputs",
    "init_errors": "initErrors",
}


@dataclass
class Resource:
    """One resource of a state; `inputs` and `outputs` are values of the engine (secrets marked)."""

    urn: str
    type: str
    custom: bool = False
    id: str = ""
    inputs: Props = field(default_factory=dict[str, Any])
    outputs: Props = field(default_factory=dict[str, Any])
    parent: str = ""
    provider: str = ""
    dependencies: list[str] = field(default_factory=list[str])
    property_dependencies: dict[str, list[str]] = field(default_factory=dict[str, list[str]])
    delete: bool = False
    protect: bool = False
    external: bool = False
    retain_on_delete: bool = False
    pending_replacement: bool = False
    deleted_with: str = ""
    ignore_changes: list[str] = field(default_factory=list[str])
    additional_secret_outputs: list[str] = field(default_factory=list[str])
    init_errors: list[str] = field(default_factory=list[str])
    created: str = ""
    modified: str = ""

    def to_json(self) -> dict[str, Any]:
        """Write it as a `ResourceV3`; what is empty is left out."""
        out: dict[str, Any] = {"urn": self.urn, "custom": self.custom}
        for name in (
            "id",
            "type",
            "parent",
            "provider",
            "dependencies",
            "created",
            "modified",
            *_CAMEL,
            *_FLAGS,
        ):
            if value := getattr(self, name):
                out[_CAMEL.get(name, name)] = value
        if self.inputs:
            out["inputs"] = to_json(self.inputs)
        if self.outputs:
            out["outputs"] = to_json(self.outputs)
        if self.property_dependencies:
            out["propertyDependencies"] = self.property_dependencies
        return out

    @classmethod
    def from_json(cls, raw: dict[str, Any]) -> Resource:
        """Read a `ResourceV3`."""
        names = ("urn", "custom", "id", "type", "parent", "provider", "dependencies", "created", "modified")
        plain = {n: raw[_CAMEL.get(n, n)] for n in (*names, *_CAMEL, *_FLAGS) if raw.get(_CAMEL.get(n, n))}
        return cls(
            **plain,
            inputs=from_json(raw.get("inputs") or {}),
            outputs=from_json(raw.get("outputs") or {}),
            property_dependencies=raw.get("propertyDependencies") or {},
        )

    def depends_on(self) -> set[str]:
        """Return the URNs of everything that must outlive it."""
        own = {self.parent, self.provider.rpartition("::")[0], self.deleted_with, *self.dependencies}
        own.update(u for urns in self.property_dependencies.values() for u in urns)
        return own - {""}
