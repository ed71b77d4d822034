"""The kubeconfig of a cluster: where the API server is and how to ask Entra for a token, never a credential."""

import base64
import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

import pulumi
import yaml

from .azure_read import azure_read

_CLIENT_ID_LOGINS = frozenset({"devicecode", "interactive"})
_EXEC_API = "client.authentication.k8s.io/v1beta1"


SERVER_APPLICATION = "6dae42f8-4368-4678-94ff-3960e28e3630"
CLIENT_APPLICATION = "80faf920-1908-4b52-b5ef-a8e7bedfc67a"
"""The applications of AKS in every tenant (kubelogin's documentation)."""
ENVIRONMENTS = {
    "azmk8s.io": "AzurePublicCloud",
    "cx.aks.containerservice.azure.us": "AzureUSGovernmentCloud",
    "cx.prod.service.azk8s.cn": "AzureChinaCloud",
}
"""What kubelogin calls a cloud, by where its API servers are: those of `settings/facts/data/clouds.yaml`, which the wheel lacks."""


async def user_credentials(group: str, cluster: str, parent: pulumi.Resource) -> str:
    """Return what Azure answers to "list cluster user credentials" with the format `exec`, base64 encoded; ends with a RunError else."""
    names = {"resourceGroupName": group, "resourceName": cluster, "format": "exec"}
    remedy = (
        "see that whoever runs `up` has the role Azure Kubernetes Service Cluster User Role on it, or Contributor on its group, "
        "and run `up` again: what has been made stays"
    )
    gone = (
        "it was deleted behind Pulumi's back: `PULUMI_K8S_DELETE_UNREACHABLE=true pulumi refresh` takes that over, also of what was inside, "
        "and the next `up` makes it anew"
    )
    what = f"secure-aks:cluster.name\n  the kubeconfig of {cluster}"
    answer = await azure_read(
        "containerservice:listManagedClusterUserCredentials", names, what, remedy, parent, gone=gone
    )
    return answer["kubeconfigs"][0]["value"]


def exec_kubeconfig(azure: str, cluster_name: str, login: str, *, tenant_to_be: str | None = None) -> str:
    """Return a kubeconfig (as JSON) whose only way in is `kubelogin get-token --login <login>`.

    `azure` is what Azure answers to "list cluster user credentials" with the format `exec`, base64 encoded. Taken from
    it are the server, its certificate authority and the ids of the Entra applications and tenant; whatever else it
    holds is left behind. Raises ValueError when it has no exec section, which is a cluster without Entra, unless it is
    about to get it: `tenant_to_be` is the tenant of a cluster made elsewhere, in the preview of the `up` that brings Entra.
    """
    config = yaml.safe_load(base64.b64decode(azure))
    cluster = config["clusters"][0]["cluster"]
    user = config["users"][0]["user"]
    if "exec" not in user and tenant_to_be is not None:
        ids = {
            "--server-id": SERVER_APPLICATION,
            "--client-id": CLIENT_APPLICATION,
            "--tenant-id": tenant_to_be,
        }
        told = [part for option in ids.items() if option[1] for part in option]
        user = {"exec": {"args": ["get-token", "--environment", _environment(cluster["server"]), *told]}}
    if "exec" not in user:
        raise ValueError(
            f"the user credentials of {cluster_name} do not go through Entra: is aadProfile set?"
        )
    server = {key: cluster[key] for key in ("server", "certificate-authority-data") if key in cluster}
    context = {"cluster": cluster_name, "user": cluster_name}
    return json.dumps(
        {
            "apiVersion": "v1",
            "kind": "Config",
            "current-context": cluster_name,
            "clusters": [{"name": cluster_name, "cluster": server}],
            "contexts": [{"name": cluster_name, "context": context}],
            "users": [{"name": cluster_name, "user": {"exec": _exec(user["exec"], login)}}],
        }
    )


def _environment(server: str) -> str:
    """Return what kubelogin calls the cloud of an API server, which its host tells."""
    host = urlsplit(server).hostname or ""
    found = [name for domain, name in ENVIRONMENTS.items() if host.endswith(f".{domain}")]
    return found[0] if found else "AzurePublicCloud"


def _exec(azure: Mapping[str, Any], login: str) -> dict[str, Any]:
    arguments = [str(argument) for argument in azure["args"]]
    options = dict(zip(arguments[1::2], arguments[2::2], strict=False))
    options["--login"] = login
    if login not in _CLIENT_ID_LOGINS:
        # The id of the public client application; the other logins would take it for their own identity's.
        options.pop("--client-id", None)
    return {
        "apiVersion": _EXEC_API,
        "command": "kubelogin",
        "args": ["get-token", *(part for option in options.items() for part in option)],
        "env": None,
        "interactiveMode": "IfAvailable",
        "provideClusterInfo": False,
        "installHint": "kubelogin is missing: `az aks install-cli` installs it, https://aka.ms/aks/kubelogin",
    }
