"""What azure-native reads: resources, the credentials of a cluster, who is signed in."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from emulator.arm.authorization import caller_of
from emulator.azure import ids
from emulator.azure.aks.credentials import admin_kubeconfig, user_kubeconfig
from emulator.azure.errors import not_found
from emulator.azure.types import by_token
from emulator.errors import ProviderError
from emulator.plugins.azure_native import inputs
from emulator.properties.values import is_object

if TYPE_CHECKING:
    from emulator.azure.resource_type import Props, ResourceType
    from emulator.azure.service import Arm

_CREDENTIALS = {
    "containerservice:listManagedClusterUserCredentials": (user_kubeconfig, "listClusterUserCredential"),
    "containerservice:listManagedClusterAdminCredentials": (admin_kubeconfig, "listClusterAdminCredential"),
}


def outputs(kind: ResourceType, properties: Props) -> Props:
    """Return a resource's properties as azure-native shows them."""
    words = {
        key: {_camel(name): said for name, said in value.items()}
        for key, value in properties.items()
        if key in inputs.HYPHENATED and is_object(value)
    }
    return properties | words | {"azureApiVersion": kind.api}


def _camel(name: str) -> str:
    return re.sub(r"-([a-z])", lambda found: found[1].upper(), name)


def read(arm: Arm, kind: ResourceType, id_: str, said: Props | None) -> tuple[str, Props, Props] | None:
    """Return (id, inputs, outputs) of a resource as it is, None when it is gone."""
    properties = arm.get(kind, id_)
    if properties is None:
        return None
    live = outputs(kind, properties)
    if said is None:
        path = {k: v for k, v in (ids.match(kind.path, id_) or {}).items() if k != "subscriptionId"}
        computed = {*kind.computed, "azureApiVersion"}
        return id_, path | {k: v for k, v in live.items() if k not in computed}, live
    drifted = {k: inputs.drifted(v, live[k]) if k in live else v for k, v in said.items()}
    # What somebody else has added to the tags counts as a change of them.
    return id_, drifted | ({"tags": live["tags"]} if "tags" in said and "tags" in live else {}), live


def invoke(arm: Arm, client: str, tok: str, args: Props) -> Props:
    """Answer the function `azure-native:<module>:<name>`. Raises ProviderError for one that is not known."""
    token = tok.partition(":")[2]
    module, _, name = token.partition(":")
    if token == "authorization:getClientConfig":  # noqa: S105  (a function token)
        return {
            "clientId": client,
            "objectId": caller_of(arm.cloud.view(), client).object_id,
            "subscriptionId": arm.subscription,
            "tenantId": arm.tenant,
        }
    if token in _CREDENTIALS:
        cluster = _get(arm, by_token()["containerservice:ManagedCluster"], args)
        kubeconfig, action = _CREDENTIALS[token]
        arm.may(f"Microsoft.ContainerService/managedClusters/{action}/action", str(cluster["id"]))
        return {"kubeconfigs": [kubeconfig(arm, cluster, args)]}
    kind = by_token().get(f"{module}:{name.removeprefix('get')}")
    if kind is None or not name.startswith("get"):
        raise ProviderError(f"the emulator does not know the function {tok}")
    return _get(arm, kind, args)


def _get(arm: Arm, kind: ResourceType, args: Props) -> Props:
    lacking = [p for p in ids.parameters(kind.path) if not args.get(p)]
    if lacking:
        raise ProviderError(f"get {kind.token}: missing argument {', '.join(lacking)}")
    id_ = ids.fill(kind.path, arm.subscription, args)
    properties = arm.get(kind, id_)
    if properties is None:
        raise not_found(kind.arm_type, ids.name_of(id_), str(args.get("resourceGroupName", "")))
    return outputs(kind, properties) | {"id": id_}
