"""What the emulated Azure holds: resources, the operations that run on them, faults that tests ordered, settings.

Everything is JSON, so that `cloud.json` is readable and a copy is a dump and a load.
"""

from __future__ import annotations

import copy
from dataclasses import asdict, dataclass, field, fields
from datetime import datetime  # noqa: TC003  (`check` reads the types)
from fnmatch import fnmatch
from typing import Any, Literal

from emulator.cloud.faults import Call, Fault
from emulator.cloud.shape import check
from emulator.properties.values import is_object

Props = dict[str, Any]
OperationKind = Literal[
    "Creating", "Updating", "Upgrading", "UpgradingNodeImageVersion", "Starting", "Stopping", "Deleting"
]
SCHEMA = 1


@dataclass
class Settings:
    """How this Azure behaves where the real one's documentation disagrees, or where a test wants it otherwise."""

    operation_seconds: float = 0.0
    """How long an operation on a cluster or a pool runs, in seconds of real time."""
    skew_minors: int = 3
    """How many minors a pool may be behind its control plane (three since 1.28; a page of 2023 says two)."""
    pool_skips_minors: bool = False
    """Whether a pool may skip a minor on its way up (not documented)."""
    deprecated_api_gate: bool = True
    """Whether a minor upgrade is refused while a removed API is in use."""
    minute_seconds: float = 1.0
    """How many seconds of real time a minute of drain timeout or node soak lasts, where pools have nodes."""
    parallel_pools: bool = False
    """Whether operations on two pools of one cluster may run at the same time."""
    retry_after_seconds: int = 1
    """What `Retry-After` says where Azure sends it: after 429 and 503, and while an operation runs."""
    page_size: int = 100
    """How many items a list over HTTP has on one page."""
    quotas: dict[str, int] = field(default_factory=dict[str, int])
    """The limit of a quota of Microsoft.Compute by its name (`cores`, `standardDDSv5Family`), where it is not the default."""
    sku_restrictions: dict[str, list[str]] = field(default_factory=dict[str, list[str]])
    """VM sizes that the subscription may not have: in the zones named, or nowhere in the region for an empty list."""
    policy_tags: dict[str, str] = field(default_factory=dict[str, str])
    """Tags that an Azure Policy of the subscription adds to whatever is put with tags."""
    unregistered_providers: list[str] = field(default_factory=list[str])
    """Namespaces that the subscription is not registered for (`Microsoft.ContainerService`)."""


@dataclass
class Resource:
    """One thing in the cloud: an ARM resource or an object of the directory."""

    id: str
    type: str
    name: str
    properties: Props
    """As azure-native shows them: camelCase, ARM's `properties` flattened."""


@dataclass
class Operation:
    """A change under way on the resource with this id; `ends` is in seconds since the epoch, None for a stuck one."""

    id: str
    kind: OperationKind
    started: float
    ends: float | None
    properties: Props | None
    """What the resource is once the operation has succeeded; None when it is deleted."""
    fails: bool = False
    name: str = ""
    """The GUID under which it can be asked about."""
    error: Props | None = None
    """Code and message of why it fails, where more is known than that it does."""


@dataclass
class Ended:
    """How an operation ended, as the file has it."""

    id: str
    kind: OperationKind
    started: float
    ended: float
    error: Props | None


@dataclass
class Ran:
    """What a pool ran before, as the file has it."""

    orchestratorVersion: Any  # noqa: N815  (the file's names)
    nodeImageVersion: Any  # noqa: N815
    timestamp: datetime


@dataclass
class ApiUse:
    """A use of a Kubernetes API that a later minor removes, as the file has it."""

    cluster: str
    api: str
    removedIn: str  # noqa: N815  (the file's name)
    at: str


@dataclass
class State:
    """The whole cloud, keyed by ARM id in lower case (ARM ids do not tell case apart)."""

    resources: dict[str, Resource] = field(default_factory=dict[str, Resource])
    operations: dict[str, Operation] = field(default_factory=dict[str, Operation])
    finished: dict[str, Props] = field(default_factory=dict[str, Props])
    """The last operations that ended, by name: what `Ended` says."""
    faults: list[Props] = field(default_factory=list[Props])
    api_usage: list[Props] = field(default_factory=list[Props])
    """What `ApiUse` says."""
    pool_history: dict[str, list[Props]] = field(default_factory=dict[str, list[Props]])
    """What pools ran before, by their ids in lower case: what `Ran` says."""
    settings: Settings = field(default_factory=Settings)
    serial: int = 0
    log_bytes: int = 0
    events: list[Props] = field(default_factory=list[Props])
    """The events of the change under way; not stored with the state but in the log."""

    def get(self, id_: str) -> Resource | None:
        """Return the resource with this ARM id."""
        return self.resources.get(id_.lower())

    def put(self, id_: str, type_: str, name: str, properties: Props) -> Resource:
        """Store a resource, new or not."""
        resource = Resource(id=id_, type=type_, name=name, properties=copy.deepcopy(properties))
        self.resources[id_.lower()] = resource
        return resource

    def children(self, id_: str, type_: str) -> list[Resource]:
        """Return the resources of a type below an id, in the order in which they came."""
        prefix = id_.lower() + "/"
        return [r for key, r in self.resources.items() if key.startswith(prefix) and r.type == type_]

    def of_type(self, type_: str) -> list[Resource]:
        """Return all resources of a type, by id."""
        return sorted((r for r in self.resources.values() if r.type == type_), key=lambda r: r.id.lower())

    def remove(self, id_: str) -> list[Resource]:
        """Remove a resource and all below it; return what went."""
        key = id_.lower()
        gone = [k for k in self.resources if k == key or k.startswith(key + "/")]
        for k in gone:
            self.operations.pop(k, None)
            self.pool_history.pop(k, None)
        return [self.resources.pop(k) for k in gone]

    def add_fault(self, fault: Fault) -> None:
        """Order a fault."""
        self.faults.append(asdict(fault))

    def take_fault(self, on: Call, id_: str) -> Fault | None:
        """Return the fault that this call meets, counting it as met."""
        met: Fault | None = None
        for row in self.faults:
            fault = Fault(**row)
            applies = fault.on == on or (fault.on == "*" and on != "token")
            if not applies or not fnmatch(id_.lower(), fault.match.lower()) or fault.times < 1:
                continue
            if fault.skip > 0:
                row["skip"] -= 1
            elif met is None:
                row["times"] -= 1
                met = fault
        self.faults = [row for row in self.faults if row["times"] > 0]
        return met

    def dump(self) -> Props:
        """Return the state as JSON values."""
        return {
            "schema": SCHEMA,
            "serial": self.serial,
            "logBytes": self.log_bytes,
            "settings": asdict(self.settings),
            "resources": {key: vars(r) for key, r in self.resources.items()},
            "operations": {key: vars(o) for key, o in self.operations.items()},
            "finished": self.finished,
            "faults": self.faults,
            "apiUsage": self.api_usage,
            "poolHistory": self.pool_history,
        }

    @staticmethod
    def load(data: Any) -> State:
        """Read what `dump` returned. Raises ValueError, naming the place, for what has another schema or shape."""
        if not is_object(data):
            raise ValueError("it is no JSON object")
        schema = data.get("schema")
        if type(schema) is int and schema > SCHEMA:
            raise ValueError(
                f"its schema is {schema}, which a newer version wrote, and this one reads {SCHEMA}"
            )
        if type(schema) is not int or schema != SCHEMA:
            raise ValueError(f"its schema is not {SCHEMA}")
        later: Props = {"finished": {}, "poolHistory": {}}
        whole: Props = dict.fromkeys(_STORED) | later | data
        known, said = {f.name for f in fields(Settings)}, whole["settings"]
        if is_object(said):
            whole["settings"] = {k: v for k, v in said.items() if k in known}
        for name, kind in _STORED.items():
            check(whole[name], kind, name)
        for name in ("serial", "logBytes"):
            if whole[name] < 0:
                raise ValueError(f"{name} has another shape")
        for key, resource in whole["resources"].items():
            if key != resource["id"].lower():
                raise ValueError(f"resources.{key}.id has another shape")
        return State(
            resources={k: Resource(**v) for k, v in whole["resources"].items()},
            operations={k: Operation(**v) for k, v in whole["operations"].items()},
            finished=whole["finished"],
            faults=whole["faults"],
            api_usage=whole["apiUsage"],
            pool_history=whole["poolHistory"],
            settings=Settings(**whole["settings"]),
            serial=whole["serial"],
            log_bytes=whole["logBytes"],
        )


_STORED = {
    "serial": int,
    "logBytes": int,
    "settings": Settings,
    "resources": dict[str, Resource],
    "operations": dict[str, Operation],
    "faults": list[Fault],
    "apiUsage": list[ApiUse],
    "finished": dict[str, Ended],
    "poolHistory": dict[str, list[Ran]],
}
"""What the file has to hold, beside its schema."""
