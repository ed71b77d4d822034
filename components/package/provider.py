"""The provider that makes the library's components for programs in any language."""

import inspect
import json
from collections.abc import Mapping
from dataclasses import MISSING, fields
from importlib.metadata import version
from typing import Any, cast

import pulumi
from pulumi.errors import InputPropertyError
from pulumi.provider import Provider, main
from pulumi.provider.experimental.analyzer import PropertyDefinition, is_optional
from pulumi.provider.experimental.component import ComponentProvider
from pulumi.provider.experimental.schema import generate_schema
from typing_extensions import override

from ..aks_cluster import AksCluster
from ..args.like import like
from ..audit_log import AuditLog
from ..cluster_network import ClusterNetwork
from ..maintenance_windows import MaintenanceWindows
from ..node_pool import NodePool
from ..node_reboots import NodeReboots
from ..registry_access import RegistryAccess
from ..security_profiles import SecurityProfiles
from ..team_access import TeamAccess
from ..workload_identity import WorkloadIdentity
from .analyzer import LibraryAnalyzer

PACKAGE = "secure-aks"
"""Name of the package, with which the types of its components begin."""
COMPONENTS: list[type[pulumi.ComponentResource]] = [
    AksCluster,
    AuditLog,
    ClusterNetwork,
    MaintenanceWindows,
    NodePool,
    NodeReboots,
    RegistryAccess,
    SecurityProfiles,
    TeamAccess,
    WorkloadIdentity,
]
"""What other languages get: the very classes of the library."""


class LibraryProvider(ComponentProvider):
    """Serves the schema of the components, and makes them."""

    def __init__(self, number: str) -> None:
        self._name = PACKAGE
        self.analyzer = LibraryAnalyzer(PACKAGE)
        found = self.analyzer.analyze(COMPONENTS)
        self._components = {one.__name__: one for one in COMPONENTS}
        self._component_defs = found["component_definitions"]
        self._type_defs = found["type_definitions"]
        self._external_enum_types = found["external_enum_types"]
        self._dependencies = []
        made = generate_schema(
            PACKAGE, number, None, self._component_defs, self._type_defs, self._dependencies
        )
        # Not the parent's own: it analyzes by itself, and knows neither defaults nor words.
        Provider.__init__(self, number, json.dumps(made.to_json()))

    @override
    def map_inputs(self, inputs: Any, component_def: Any) -> Any:
        """Return a component's arguments. Raises InputPropertyError for what is missing, known too late or makes no sense."""
        for name, said in inputs.items():
            later = isinstance(said, pulumi.Output) or (
                isinstance(said, list)
                and any(isinstance(one, pulumi.Output) for one in cast("list[Any]", said))
            )
            if later and _is_plain(component_def.inputs[name]):
                why = "it holds what is known only after another resource is made, and a preview has to show all of it"
                raise InputPropertyError(
                    name, f"{name}: {why}; write it out, or pass what is known beforehand"
                )
        mapped = super().map_inputs(_whole(inputs), component_def)
        component = self._components[component_def.name]
        kind = inspect.get_annotations(component.__init__)["args"]
        # To other languages None and nothing said are one.
        unsaid = {
            one.name: None
            for one in fields(kind)
            if is_optional(cast("Any", one.type)) and one.default is MISSING
        }
        try:
            return like(kind, {**unsaid, **mapped})
        except (TypeError, ValueError) as error:
            raise InputPropertyError("", str(error)) from error


def _is_plain(said: PropertyDefinition) -> bool:
    return bool(said.plain)


def _whole(value: Any) -> Any:
    """Return numbers as they were said: the protocol has floats alone."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, Mapping):
        return {key: _whole(one) for key, one in cast("Mapping[str, Any]", value).items()}
    if isinstance(value, list):
        return [_whole(one) for one in cast("list[Any]", value)]
    return value


def host(arguments: list[str]) -> None:
    """Serve the package until the engine no longer wants it; `arguments` are those that it started the program with."""
    main(LibraryProvider(version(PACKAGE)), arguments)
