"""The kubeconfigs that AKS hands out."""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING

from emulator.azure import ids
from emulator.azure.errors import refusal
from emulator.azure.resources import locks
from emulator.cloud.events import CLUSTER_TYPE

if TYPE_CHECKING:
    from emulator.azure.resource_type import Props
    from emulator.azure.service import Arm

SERVER_APPLICATION = "6dae42f8-4368-4678-94ff-3960e28e3630"
CLIENT_APPLICATION = "80faf920-1908-4b52-b5ef-a8e7bedfc67a"
"""The applications of "Azure Kubernetes Service AAD" in every tenant (kubelogin's documentation)."""


def user_kubeconfig(arm: Arm, cluster: Props, args: Props) -> Props:
    """Return the credentials for people: with Entra no secret but a call of kubelogin (format `exec`)."""
    login = args.get("format") or "azure"
    user: Props
    if not cluster.get("aadProfile"):
        if cluster.get("disableLocalAccounts"):
            raise refusal("BadRequest.localAccounts")
        user = _token(arm, cluster)
    elif login != "exec":
        raise refusal("BadRequest.format", login=login)
    else:
        user = {"exec": _kubelogin(arm.tenant)}
    return _entry(arm, "clusterUser", cluster, f"clusterUser_{cluster['name']}", user)


def admin_kubeconfig(arm: Arm, cluster: Props, args: Props) -> Props:
    """Return the cluster's own administrator, unless local accounts are disabled."""
    del args
    if cluster.get("disableLocalAccounts"):
        raise refusal("BadRequest.localAccounts")
    return _entry(arm, "clusterAdmin", cluster, f"clusterAdmin_{cluster['name']}", _token(arm, cluster))


def _kubelogin(tenant: str) -> Props:
    arguments = (
        f"get-token --environment AzurePublicCloud --server-id {SERVER_APPLICATION} --client-id {CLIENT_APPLICATION} "
        f"--tenant-id {tenant} --login devicecode"
    )
    return {
        "apiVersion": "client.authentication.k8s.io/v1beta1",
        "command": "kubelogin",
        "args": arguments.split(),
        "env": None,
        "interactiveMode": "IfAvailable",
        "provideClusterInfo": False,
    }


def _token(arm: Arm, cluster: Props) -> Props:
    real = arm.nodes.address() if arm.nodes else None
    return {"token": real.token if real else ids.short_hash(str(cluster.get("resourceUID")) + "token", 64)}


def _entry(arm: Arm, name: str, cluster: Props, user_name: str, user: Props) -> Props:
    locks.refuse_write(arm.cloud.view(), cluster["id"], CLUSTER_TYPE)  # a POST is a write to a lock
    real = arm.nodes.address() if arm.nodes else None
    server = real.url if real else f"https://{cluster.get('privateFQDN') or cluster.get('fqdn')}:443"
    vouched = real.authority if real else b"the emulator has no API server behind this address\n"
    authority = base64.b64encode(vouched).decode()
    config: Props = {
        "apiVersion": "v1",
        "kind": "Config",
        "clusters": [
            {
                "name": cluster["name"],
                "cluster": {"server": server, "certificate-authority-data": authority},
            }
        ],
        "contexts": [{"name": cluster["name"], "context": {"cluster": cluster["name"], "user": user_name}}],
        "current-context": cluster["name"],
        "preferences": {},
        "users": [{"name": user_name, "user": user}],
    }
    return {"name": name, "value": base64.b64encode(json.dumps(config).encode()).decode()}
