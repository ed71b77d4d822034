"""Azure Resource Manager: GET, PUT and DELETE of resources, with operations that take their time and faults."""

from __future__ import annotations

import copy
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from emulator.azure import errors, ids, refusals, rights
from emulator.azure.aks import power
from emulator.azure.resource_type import Put, existing, require_parent
from emulator.azure.resources import locks
from emulator.cloud import operations as cloud_operations
from emulator.cloud.clock import now
from emulator.cloud.events import record
from emulator.cloud.state import Resource

if TYPE_CHECKING:
    from collections.abc import Callable

    from emulator.azure.aks.nodes import ClusterNodes
    from emulator.azure.resource_type import Props, ResourceType
    from emulator.cloud.cloud import Cloud
    from emulator.cloud.faults import Call, Fault
    from emulator.cloud.state import Operation, OperationKind, State

_POLL = 0.02
"""Seconds between two looks at an operation."""
_ANSWERS = {
    "conflict": errors.conflict("somebody else's - Updating"),
    "throttled": errors.refusal("TooManyRequests"),
    "serverError": errors.refusal("InternalServerError"),
    "unavailable": errors.refusal("ServiceUnavailable"),
    "refusedToken": errors.refusal("InvalidAuthenticationToken"),
}


@dataclass(frozen=True)
class Accepted:
    """A change that Azure took on."""

    kind: ResourceType
    resource: Resource
    """As it will be; as it was, for a deletion."""
    operation: OperationKind
    name: str
    """The name under which the operation can be asked about; "" for a change that was done at once."""
    fault: Fault | None
    created: bool = False


@dataclass(frozen=True)
class Arm:
    """One subscription of one tenant in a cloud."""

    cloud: Cloud
    subscription: str = ids.SUBSCRIPTION
    tenant: str = ids.TENANT
    nodes: ClusterNodes | None = None
    """What keeps the nodes of clusters and pools, where they have any."""
    allow: Callable[[str, str], None] | None = None
    """Raises ArmError for an action at a scope that the caller has no right to; None for one who may do everything."""

    def may(self, action: str, scope: str) -> None:
        """Raise ArmError (403) when the caller may not do this."""
        if self.allow is not None:
            self.allow(action, scope)

    def _may_put(self, kind: ResourceType, id_: str, body: Props) -> None:
        action = rights.action_of("PUT", kind.arm_type)
        self.may(action, id_)
        for other, scope in rights.linked(kind, body):
            try:
                self.may(other, scope)
            except errors.ArmError as error:
                who = error.message.partition(" does not have")[0]
                raise errors.refusal(
                    "LinkedAuthorizationFailed", who=who, action=action, id=id_, other=other, scope=scope
                ) from None

    def get(self, kind: ResourceType, id_: str) -> Props | None:
        """Return a resource's properties, None when it is not there."""
        self.meet("read", id_)
        self.may(rights.action_of("GET", kind.arm_type), id_)
        state = self.cloud.view()
        resource = state.get(id_)
        if resource is None:
            return None
        shown = resource.properties | (kind.present(state, resource) if kind.present else {})
        return copy.deepcopy(shown)

    def put(self, kind: ResourceType, id_: str, body: Props) -> Props:
        """Create or replace a resource, wait for it, return its properties. Raises ArmError when it is refused."""
        accepted = self.begin_put(kind, id_, body)
        self.carry_out(accepted)
        self._wait(id_, accepted.fault)
        return self.get(kind, id_) or {}

    def begin_put(self, kind: ResourceType, id_: str, body: Props) -> Accepted:
        """Have Azure accept a PUT, and wait for nothing. Raises ArmError when it is refused."""
        fault = self.meet("put", id_)
        self._may_put(kind, id_, body)
        with self.cloud.change() as state:
            require_parent(kind, state, id_)
            locks.refuse_write(state, id_, kind.arm_type)
            before = state.get(id_)
            if kind.long_running:
                _refuse_if_busy(state, id_)
                power.refuse_if_stopped(state, id_)
            request = Put(state, id_, kind.arm_type, {**kind.defaults, **body}, before, now(), self.tenant)
            refusals.check("every", request.body)
            refusals.check(kind.token, request.body | {"name": request.name}, request)
            old = dict(before.properties) if before else None
            wanted = Resource(id_, kind.arm_type, ids.name_of(id_), _governed(kind.made(request), state))
            operation: OperationKind = "Updating" if old is not None else "Creating"
            if (
                old is not None
                and kind.version
                and old.get(kind.version) != wanted.properties.get(kind.version)
            ):
                operation = "Upgrading"
                locks.refuse_upgrade(state, id_)
            name = ""
            if kind.long_running:
                name = self._start(state, wanted, operation, fault)
            else:
                state.put(id_, kind.arm_type, wanted.name, wanted.properties)
                record(state, "created" if old is None else "updated", id_, old, operation=operation)
        return Accepted(kind, wanted, operation, name, fault, created=old is None)

    def begin_change(
        self, kind: ResourceType, id_: str, operation: OperationKind, change: Callable[[Props], Props]
    ) -> Accepted:
        """Have Azure accept an action on a resource (start, stop, a node image). Raises ArmError when it is refused.

        `change` takes the resource's properties and returns those that become others.
        """
        fault = self.meet("invoke", id_)
        with self.cloud.change() as state:
            before = existing(state, id_, kind.arm_type)
            locks.refuse_write(state, id_, kind.arm_type)
            if operation == "UpgradingNodeImageVersion":
                locks.refuse_upgrade(state, id_)
            _refuse_if_busy(state, id_)
            wanted = Resource(id_, kind.arm_type, before.name, before.properties | change(before.properties))
            name = self._start(state, wanted, operation, fault)
        return Accepted(kind, wanted, operation, name, fault)

    def delete(self, kind: ResourceType, id_: str) -> None:
        """Delete a resource and what lies in it; one that is gone is no error."""
        accepted = self.begin_delete(kind, id_)
        if accepted is not None:
            self._wait(id_, accepted.fault)
            self.carry_out(accepted)

    def begin_delete(self, kind: ResourceType, id_: str) -> Accepted | None:
        """Have Azure accept a DELETE, None where there is nothing. Raises ArmError when it is refused."""
        fault = self.meet("delete", id_)
        self.may(rights.action_of("DELETE", kind.arm_type), id_)
        with self.cloud.change() as state:
            resource = state.get(id_)
            if resource is None:
                return None
            locks.refuse_delete(state, id_, kind.arm_type)
            if kind.long_running:
                _refuse_if_busy(state, id_)
            refusals.refuse_if_used(kind.token, state, resource)
            if kind.remove:
                kind.remove(state, resource)
            if kind.long_running and not kind.arm_type.endswith("managedClusters"):
                name = self._start(state, resource, "Deleting", fault, hold=False)
            else:
                record(state, "deleted", id_, dict(resource.properties), operation="Deleting")
                state.remove(id_)
                name = cloud_operations.over_at_once(state, id_, "Deleting", now=time.time())

        return Accepted(kind, resource, "Deleting", name, fault)

    def carry_out(self, accepted: Accepted) -> None:
        """Bring the nodes, or take them away; it takes as long as they need. Raises ArmError where they cannot be brought."""
        kind, wanted = accepted.kind, accepted.resource
        if self.nodes is None or not kind.long_running:
            return
        if accepted.operation == "Deleting":
            self.nodes.removed(kind.arm_type, wanted.id)
        elif accepted.fault is None:
            self.nodes.reconcile(wanted.id, wanted.properties)

    def _start(
        self,
        state: State,
        wanted: Resource,
        operation: OperationKind,
        fault: Fault | None,
        *,
        hold: bool = True,
    ) -> str:
        """Begin an operation; where it has nodes to bring, it stays open until that is done."""
        kind = fault.kind if fault else ""
        seconds = None if kind == "stuck" else state.settings.operation_seconds
        moment = time.time()
        name = cloud_operations.start(
            state, wanted, operation, now=moment, seconds=seconds, fails=kind == "fails"
        )
        if seconds == 0 and (self.nodes is None or fault is not None):
            cloud_operations.settle(state, moment)
        elif hold and self.nodes is not None and fault is None:
            self.nodes.hold(state, wanted.id)
        return name

    def meet(self, call: Call, id_: str) -> Fault | None:
        """Raise what a fault makes Azure answer at once; return a fault that shows later."""
        fault = self.cloud.take_fault(call, id_)
        if fault is None:
            return None
        if fault.kind in _ANSWERS:
            raise _ANSWERS[fault.kind]
        if fault.kind == "timeout":
            raise errors.timed_out(id_)
        return fault

    def _wait(self, id_: str, fault: Fault | None) -> None:
        if fault is not None and fault.kind in ("stuck", "lostAnswer"):
            raise errors.timed_out(id_)
        while (operation := self._operation(id_)) is not None:
            time.sleep(_POLL)
            if operation.ends is None:
                raise errors.timed_out(id_)
        resource = self.cloud.get(id_)
        if resource is not None and resource.properties.get("provisioningState") == "Failed":
            raise errors.refusal("InternalOperationError.failed", id=id_)

    def _operation(self, id_: str) -> Operation | None:
        return self.cloud.view().operations.get(id_.lower())


def _governed(properties: Props, state: State) -> Props:
    """Add the tags that an Azure Policy with the effect modify adds to every request that carries tags, unless it has them.

    Source: Azure documentation, "Azure Policy definitions modify effect" and the built-in policies that inherit tags.
    """
    added = state.settings.policy_tags
    tags = properties.get("tags")
    return properties | {"tags": {**added, **tags}} if added and isinstance(tags, dict) else properties


def _refuse_if_busy(state: State, id_: str) -> None:
    busy = cloud_operations.in_the_way(state, id_)
    if busy is not None:
        raise errors.conflict(f"{ids.name_of(busy.id)} - {busy.kind}")
