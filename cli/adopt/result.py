"""Everything that an import comes to, as values: what the page, the JSON form and the files are made from."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from .beside import told
from .compare import agreed
from .first_preview import Shown, shown
from .found import at
from .import_file import Import, sorted_out
from .inside import teams
from .registered import CLUSTER, POOL
from .risks import LEVELS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from .compare import Difference
    from .draft import Draft
    from .found import Asked, Found, Json

_NOT_ASKED = (
    "which fleet has the cluster as a member: `az fleet member list` says it for each fleet; secure-aks:fleet takes it up",
    "which identities trust the cluster's pods (Azure keeps them elsewhere; a team's `identities` say them)",
    "who is told of alerts: secure-aks:cluster.monitoring.contacts names them",
)
"""What no question about a cluster is answered by."""


@dataclass(frozen=True)
class Result:
    """A cluster that was read and compared; `refused` says why it cannot be adopted, and is empty where it can."""

    found: Found
    draft: Draft
    stack: str
    day: date
    imported: Import = field(default_factory=lambda: Import((), (), ()))
    preview: tuple[Shown, ...] = ()
    agreed: tuple[str, ...] = ()

    @property
    def refused(self) -> tuple[str, ...]:
        """Why it cannot be adopted."""
        return self.draft.refused

    @property
    def differences(self) -> list[Difference]:
        """What an `up` would change, the gravest first."""
        told = [*self.draft.differences, *self.imported.differences]
        return sorted(told, key=lambda one: (-LEVELS.index(one.risk.level), one.kind, one.name, one.path))

    @property
    def untold(self) -> list[str]:
        """What nobody can say, or what a stack does not hold."""
        said = [
            *self._stopped(),
            *self.draft.left,
            *(_of_another_kind(pool) for pool in self.found.elsewhere),
            *(f"{what} could not be read: {why}" for what, why in self.found.unread.items()),
        ]
        imported = {id_.lower() for _, id_ in self.imported.there}
        for what, rows in (
            ("the diagnostic setting", self.found.diagnostics),
            ("the maintenance window", self.found.windows),
            ("the role assignment", self.found.roles),
            ("the lock", self.found.locks),
        ):
            said += [
                f"{what} `{one['name']}` is no part of the stack; it stays as it is"
                for one in rows
                if str(one["id"]).lower() not in imported
            ]
        return [*said, *told(self.found.beside), *_NOT_ASKED]

    def _stopped(self) -> Iterator[str]:
        here = f"--resource-group {self.found.group}"
        if at(self.found.properties, "powerState.code") == "Stopped":
            yield f"the cluster is stopped, and Azure takes no change of it before `az aks start {here} --name {self.found.name}`"
        for pool in self.found.pools:
            if at(pool, "properties.powerState.code") == "Stopped":
                command = (
                    f"az aks nodepool start {here} --cluster-name {self.found.name} --name {pool['name']}"
                )
                yield f"the pool `{pool['name']}` is stopped, and Azure takes no change of it before `{command}`"

    @property
    def teams(self) -> list[Json]:
        """The teams that the cluster's namespaces come nearest to."""
        return teams(self.found.inside, self.found.administrators) if self.found.inside else []


def _of_another_kind(pool: Json) -> str:
    """Return a line for a pool that no stack file can say."""
    said: Json = pool["properties"]
    kind = (
        f"of the mode {said['mode']}" if said.get("mode") not in {"System", "User"} else f"of {said['type']}"
    )
    return (
        f"the pool `{pool['name']}` is {kind}, and pools of a stack are scale sets of nodes for pods: it is no part of the stack and stays as "
        f"it is; its version is yours to raise (`az aks nodepool upgrade --name {pool['name']}`), before a control plane goes on"
    )


def result(found: Found, draft: Draft, asked: Asked) -> Result:
    """Return what comes of a draft."""
    if not draft.registered.rows:
        return Result(found, draft, asked.stack, asked.today)
    imported = sorted_out(found, draft.registered)
    preview = shown(found, imported, _changed(draft, imported))
    declared = draft.registered.pools()
    same = [f"cluster: {path}" for path in agreed("cluster", draft.registered.cluster, found.as_resource)]
    for pool in found.pools:
        name = str(pool["name"])
        same += [f"pool {name}: {path}" for path in agreed("pool", declared[name], pool["properties"])]
    return Result(found, draft, asked.stack, asked.today, imported, tuple(preview), tuple(same))


def _changed(draft: Draft, imported: Import) -> dict[str, set[str]]:
    """Return the paths of real changes by URN of what is imported."""
    paths: dict[str, set[str]] = {}
    for row, _ in imported.there:
        kind, name = _kind(row)
        paths[row["urn"]] = {
            one.path
            for one in (*draft.differences, *imported.differences)
            if (one.kind, one.name) == (kind, name)
        }
    return paths


def _kind(row: Json) -> tuple[str, str]:
    inputs: Json = row["inputs"]
    if row["type"] == CLUSTER:
        return "cluster", str(inputs["resourceName"])
    if row["type"] == POOL:
        return "pool", str(inputs["agentPoolName"])
    kinds = {"MaintenanceConfiguration": "maintenance window", "DiagnosticSetting": "diagnostic setting"}
    kind = kinds.get(str(row["type"]).rpartition(":")[2], "role assignment")
    return kind, str(at(inputs, "configName") or at(inputs, "name") or row["name"])
