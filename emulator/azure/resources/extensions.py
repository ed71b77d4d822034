"""Microsoft.KubernetesConfiguration on clusters: extensions, and what Flux follows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from emulator.azure.errors import bad_request
from emulator.azure.ids import guid
from emulator.azure.resource_type import Put, ResourceType, existing
from emulator.azure.shapes import rows, table
from emulator.properties.values import is_object

if TYPE_CHECKING:
    from emulator.azure.resource_type import Props

_EXTENSIONS = "Microsoft.KubernetesConfiguration/extensions"
_INSIDE = "/providers/Microsoft.KubernetesConfiguration/"
_CLUSTER = "/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}/providers/{clusterRp}/{clusterResourceName}/{clusterName}"


def put_extension(put: Put) -> Props:
    """Refuse an extension of no cluster, a second one of its type there, and a version beside automatic upgrades."""
    cluster = existing(put.state, put.id.split(_INSIDE)[0], "cluster")
    kind = str(put.body.get("extensionType", "")).lower()
    for other in put.state.children(cluster.id, _EXTENSIONS):
        if other.id.lower() != put.id.lower() and str(other.properties.get("extensionType")).lower() == kind:
            raise bad_request(
                "ValidationFailed", "Multiple extensions of same type is not allowed at this scope"
            )
    if put.body.get("version") and put.body.get("autoUpgradeMinorVersion", True):
        raise bad_request("ValidationFailed", "version can be set only when autoUpgradeMinorVersion is false")
    # Azure makes the identity in the nodes' resource group.
    own = {"type": "SystemAssigned", "principalId": guid(put.id.lower(), "principal"), "tenantId": put.tenant}
    done = {"name": put.name, "type": _EXTENSIONS, "provisioningState": "Succeeded"}
    return put.body | done | {"aksAssignedIdentity": own}


def put_flux(put: Put) -> Props:
    """Refuse a configuration of a cluster without Flux, of no repository, or with folders that wait for none of its own."""
    cluster = existing(put.state, put.id.split(_INSIDE)[0], "cluster")
    found = put.state.children(cluster.id, _EXTENSIONS)
    if not any(str(one.properties.get("extensionType")).lower() == "microsoft.flux" for one in found):
        raise bad_request(
            "ExtensionNotFound", "The extension 'microsoft.flux' is not installed on the cluster"
        )
    source = table(put.body, "gitRepository")
    if not source.get("url") or len(table(source, "repositoryRef")) != 1:
        raise bad_request(
            "BadRequest", "gitRepository needs a url and one reference: branch, tag, semver or commit"
        )
    folders = table(put.body, "kustomizations")
    for name, one in folders.items():
        if unknown := [str(n) for n in rows(one if is_object(one) else {}, "dependsOn") if n not in folders]:
            raise bad_request(
                "BadRequest", f"Kustomization '{name}' depends on '{unknown[0]}', which there is not"
            )
    key = {} if not str(source["url"]).startswith("ssh:") else {"repositoryPublicKey": "ssh-rsa AAAA"}
    return (
        put.body | key | {"name": put.name, "complianceState": "Compliant", "provisioningState": "Succeeded"}
    )


TYPES = (
    ResourceType(
        "kubernetesconfiguration:Extension",
        f"{_CLUSTER}{_INSIDE}extensions/{{extensionName}}",
        (
            "aksAssignedIdentity",
            "currentVersion",
            "errorInfo",
            "isSystemExtension",
            "name",
            "packageUri",
            "provisioningState",
            "systemData",
            "type",
        ),
        located=False,
        needs_parent=False,
        put=put_extension,
    ),
    ResourceType(
        "kubernetesconfiguration:FluxConfiguration",
        f"{_CLUSTER}{_INSIDE}fluxConfigurations/{{fluxConfigurationName}}",
        (
            "complianceState",
            "errorMessage",
            "name",
            "provisioningState",
            "repositoryPublicKey",
            "sourceSyncedCommitId",
            "statuses",
            "systemData",
            "type",
        ),
        located=False,
        needs_parent=False,
        put=put_flux,
    ),
)
