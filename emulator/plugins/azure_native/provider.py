"""azure-native: its resources as Pulumi sees them, on top of the emulated Azure Resource Manager."""

from __future__ import annotations

import re
import time
from typing import TYPE_CHECKING, Any

from typing_extensions import override

from emulator.arm.authorization import caller_of, require
from emulator.azure import ids
from emulator.azure.resources.deployments import deploy
from emulator.azure.service import Arm
from emulator.azure.types import DEPLOYMENT, by_arm_type, by_token
from emulator.errors import ProviderError
from emulator.plugins.azure_native import functions, inputs
from emulator.plugins.azure_native.previews import expected, preflight
from emulator.plugins.base import PATIENCE, CheckFailure, Diff, PartialError, Provider, diff_values
from emulator.properties.urns import type_of
from emulator.properties.values import UNKNOWN, without_nulls

if TYPE_CHECKING:
    from emulator.azure.aks.nodes import ClusterNodes
    from emulator.azure.resource_type import Props, ResourceType
    from emulator.cloud.cloud import Cloud

_MINUTES = 120
"""How long azure-native waits for an operation unless `customTimeouts` say otherwise (its documentation)."""
_VERSION = re.compile(r"/v\d{8}\w*(?=:)")


class AzureProvider(Provider):
    """The package `azure-native` on a cloud. Safe for several threads: all it changes is the cloud."""

    package = "azure-native"

    def __init__(self, cloud: Cloud, nodes: ClusterNodes | None = None) -> None:
        """Take the cloud, and what keeps the nodes of its clusters where they have any."""
        self._arm = Arm(cloud, nodes=nodes)
        self._location: str | None = None
        self._client = ids.CLIENT

    @override
    def configure(self, config: Props) -> None:
        """Take `location`, `subscriptionId`, `tenantId` and `clientId`, whose roles count; its secret is not needed here."""
        self._arm = Arm(
            self._arm.cloud,
            str(config.get("subscriptionId") or ids.SUBSCRIPTION),
            str(config.get("tenantId") or ids.TENANT),
            self._arm.nodes,
            self._allow,
        )
        self._location = config.get("location") or None
        self._client = str(config.get("clientId") or ids.CLIENT)

    def _allow(self, action: str, scope: str) -> None:
        state = self._arm.cloud.view()
        require(state, caller_of(state, self._client), action, scope)

    @override
    def check(self, urn: str, olds: Props | None, news: Props) -> tuple[Props, list[CheckFailure]]:
        """Fill in name and location as azure-native does; find what is required and missing."""
        kind = _kind(urn)
        if kind is None:
            token = _token(urn)
            return news, [CheckFailure("", f"the emulator does not stand in for azure-native:{token}")]
        filled = inputs.with_name(kind, urn, olds or {}, without_nulls(news), self._arm.cloud)
        if kind.located and "location" not in filled:
            location = self._default_location(kind, olds or {}, filled)
            filled |= {} if location is None else {"location": location}
        return filled, inputs.missing(kind, filled)

    def _default_location(self, kind: ResourceType, olds: Props, news: Props) -> Any:
        if olds.get("location") or self._location:
            return olds.get("location") or self._location
        group = news.get("resourceGroupName")
        if group is UNKNOWN:
            return UNKNOWN
        if kind.token == "resources:ResourceGroup":  # noqa: S105  (a type token)
            return None
        found = self._arm.cloud.get(f"/subscriptions/{self._arm.subscription}/resourceGroups/{group}")
        return found.properties.get("location") if found else UNKNOWN

    @override
    def diff(self, urn: str, old_inputs: Props, news: Props) -> Diff:
        """Compare inputs; what is in the ARM id or cannot be changed in place replaces the resource."""
        kind = _known(urn)
        diffs = diff_values(old_inputs, news)
        if inputs.same_place(old_inputs.get("location"), news.get("location")):
            diffs.pop("location", None)
        replaces = [path for path in diffs if inputs.forces_new(kind, path)]
        moved = any(inputs.plain(path) in ids.parameters(kind.path) for path in replaces)
        return Diff(bool(diffs), diffs, replaces, delete_before_replace=bool(replaces) and not moved)

    @override
    def create(self, urn: str, inputs: Props, *, preview: bool) -> tuple[str, Props]:
        """PUT a resource that must not be there yet, as azure-native does. Raises PartialError when it is there in the end."""
        kind = _known(urn)
        if preview:
            preflight(kind, inputs)
            return "", expected(kind, inputs, {})
        id_ = self._id(kind, inputs)
        if self._arm.get(kind, id_) is not None:
            raise ProviderError(f"cannot create already existing resource '{id_}'")
        try:
            return id_, self._put(kind, id_, inputs)
        except PartialError:
            raise
        except ProviderError as error:
            made = self._arm.get(kind, id_)
            if made is None or made.get("provisioningState") in {None, "Succeeded"}:
                raise
            # Accepted, but it did not end well: the stack has it, and the next `up` PUTs it again.
            raise PartialError(str(error), id_, functions.outputs(kind, made)) from None

    @override
    def update(self, urn: str, id_: str, old_outputs: Props, news: Props, *, preview: bool) -> Props:
        """PUT the new inputs, all of them."""
        kind = _known(urn)
        if preview:
            preflight(kind, news)
            return expected(kind, news, old_outputs)
        return self._put(kind, id_, news)

    @override
    def read(self, urn: str, id_: str, inputs: Props | None) -> tuple[str, Props, Props] | None:
        """GET a resource; inputs that differ from it become what it is."""
        kind = _known(urn)
        return functions.read(self._arm, kind, id_, inputs)

    @override
    def delete(self, urn: str, id_: str, outputs: Props) -> None:
        """DELETE a resource."""
        self._arm.delete(_known(urn), id_)

    @override
    def invoke(self, tok: str, args: Props) -> Props:
        """Answer a function: `getX` of any type known here, credentials of a cluster, who is signed in."""
        return functions.invoke(self._arm, self._client, _VERSION.sub("", tok), args)

    def _id(self, kind: ResourceType, values: Props) -> str:
        return ids.fill(kind.path, self._arm.subscription, values)

    def _put(self, kind: ResourceType, id_: str, values: Props) -> Props:
        body, began = inputs.body(kind, values), time.monotonic()
        if kind is DEPLOYMENT:
            deploy(self._arm, id_, body, by_arm_type())
        outputs = functions.outputs(kind, self._arm.put(kind, id_, body))
        minutes = (time.monotonic() - began) / self._arm.cloud.view().settings.minute_seconds
        limit = PATIENCE.get() / 60 or _MINUTES
        if minutes > limit:  # Azure has done it, and nobody was there any more to hear of it
            why = f"waiting for the operation on {id_}: context deadline exceeded after {limit:.0f} minutes"
            raise PartialError(why, id_, outputs)
        return outputs


def _token(urn: str) -> str:
    return _VERSION.sub("", type_of(urn)).partition(":")[2]


def _kind(urn: str) -> ResourceType | None:
    return by_token().get(_token(urn))


def _known(urn: str) -> ResourceType:
    kind = _kind(urn)
    if kind is None:
        raise ProviderError(f"the emulator does not stand in for azure-native:{_token(urn)}")
    return kind
