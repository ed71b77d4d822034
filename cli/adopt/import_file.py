"""What `pulumi import --file` takes: the program's own resources that are there already, each under the name it has there.

Only the inputs that the program declares are named; a CLI that takes over the others too (3.274 does) shows them as left out at the
first preview, where the page lists them. Source: pulumi's `pkg/cmd/pulumi/operations/import.go` (`nameTable`, `logicalName`, `properties`, `component`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from .compare import Difference, plain_differences
from .found import at
from .registered import CLUSTER, POOL

if TYPE_CHECKING:
    from .found import Found, Json
    from .registered import Registered

STACK = "pulumi:pulumi:Stack"
SETTING, WINDOW = (
    "azure-native:monitor:DiagnosticSetting",
    "azure-native:containerservice:MaintenanceConfiguration",
)
ROLE = "azure-native:authorization:RoleAssignment"
ROLES = "/providers/Microsoft.Authorization/roleAssignments/"


@dataclass(frozen=True)
class Import:
    """What is imported (rows of the dry run with their Azure ids), what an `up` makes beside it, and how the imported differ."""

    there: tuple[tuple[Json, str], ...]
    created: tuple[Json, ...]
    differences: tuple[Difference, ...]

    def as_json(self, rows: tuple[Json, ...], version: str) -> Json:
        """Return the file's content; components that hold an imported resource come first."""
        by_urn = {row["urn"]: row for row in rows}
        needed: dict[str, Json] = {}
        for row, _ in self.there:
            for parent in _ancestors(row, by_urn):
                needed.setdefault(
                    parent["urn"], {"type": parent["type"], "component": True, **_names(parent, by_urn)}
                )
        resources = [
            {
                "type": row["type"],
                "id": id_,
                "version": version,
                "properties": sorted(row["inputs"]),
                **_names(row, by_urn),
            }
            for row, id_ in self.there
        ]
        return {"resources": [*needed.values(), *resources]}


def sorted_out(found: Found, made: Registered) -> Import:
    """Tell which of the declared resources are there."""
    there: list[tuple[Json, str]] = []
    created: list[Json] = []
    told: list[Difference] = []
    for row in made.rows:
        if not str(row["type"]).startswith("azure-native:") or row["op"] != "create":
            continue
        id_, differs = _match(found, row)
        if id_:
            there.append((row, id_))
            told += differs
        else:
            created.append(row)
    return Import(tuple(there), tuple(created), tuple(told))


def _match(found: Found, row: Json) -> tuple[str, list[Difference]]:
    inputs: Json = row["inputs"]
    if row["type"] == CLUSTER:
        return found.id, []
    if row["type"] == POOL:
        return f"{found.id}/agentPools/{inputs['agentPoolName']}", []
    if row["type"] == WINDOW:
        return _named(
            found.windows, inputs["configName"], "maintenance window", inputs, ("maintenanceWindow",)
        )
    if row["type"] == SETTING:
        keys = ("workspaceId", "logAnalyticsDestinationType", "logs", "metrics")
        return _named(found.diagnostics, inputs["name"], "diagnostic setting", inputs, keys)
    if row["type"] == ROLE:
        return _role(found, inputs), []
    return "", []


def _named(
    rows: tuple[Json, ...], name: str, kind: str, inputs: Json, keys: tuple[str, ...]
) -> tuple[str, list[Difference]]:
    one = next((row for row in rows if row["name"] == name), None)
    if one is None:
        return "", []
    wanted = {key: inputs[key] for key in keys if key in inputs and inputs[key] != "[unknown]"}
    there: Json = {key: _as_declared(value, wanted.get(key)) for key, value in one["properties"].items()}
    return str(one["id"]), plain_differences(kind, name, wanted, there)


def _as_declared(there: Any, wanted: Any) -> Any:
    """Return rows of logs or metrics as a program declares them: those that are on, without what Azure says beside."""
    if not isinstance(there, list) or not isinstance(wanted, list):
        return cast("Any", there)
    rows = cast("list[Json]", there)
    return [{"category": row.get("category"), "enabled": True} for row in rows if row.get("enabled")]


def _role(found: Found, inputs: Json) -> str:
    """Return the id of the role assignment that says the same; an unknown principal is the nodes' identity."""
    kubelet = at(found.properties, "identityProfile.kubeletidentity.objectId")
    scope = found.id if inputs.get("scope") == "[unknown]" else str(inputs.get("scope"))
    principal = kubelet if inputs.get("principalId") == "[unknown]" else inputs.get("principalId")
    for one in (*found.pulls, *found.roles):
        said: Json = one["properties"]
        role = str(said.get("roleDefinitionId")).rpartition("/")[2].lower()
        if (
            str(said.get("scope")).lower() == scope.lower()
            and role == str(inputs.get("roleDefinitionId")).rpartition("/")[2].lower()
            and str(said.get("principalId")).lower() == str(principal).lower()
        ):
            return str(one["id"])
    return ""


def _ancestors(row: Json, by_urn: dict[str, Json]) -> list[Json]:
    found: list[Json] = []
    parent = by_urn.get(row["parent"])
    while parent and parent["type"] != STACK:
        found.insert(0, parent)
        parent = by_urn.get(parent["parent"])
    return found


def _names(row: Json, by_urn: dict[str, Json]) -> Json:
    names: Json = {"name": _unique(row), "logicalName": row["name"]}
    parent = by_urn.get(row["parent"])
    return names | ({"parent": _unique(parent)} if parent and parent["type"] != STACK else {})


def _unique(row: Json) -> str:
    """Return a name that no other resource of the file has: the kind belongs to it."""
    return f"{row['name']}-{str(row['type']).rpartition(':')[2]}"
