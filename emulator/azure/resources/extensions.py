"""Microsoft.KubernetesConfiguration on clusters: extensions, and what Flux follows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from emulator.azure.errors import refusal
from emulator.azure.ids import guid
from emulator.azure.shapes import rows, table
from emulator.properties.values import is_object

if TYPE_CHECKING:
    from emulator.azure.resource_type import Props, Put

EXTENSIONS = "Microsoft.KubernetesConfiguration/extensions"


def put_extension(put: Put) -> Props:
    """Give an extension its identity, which Azure makes in the nodes' resource group."""
    own = {"type": "SystemAssigned", "principalId": guid(put.id.lower(), "principal"), "tenantId": put.tenant}
    return put.body | {"aksAssignedIdentity": own}


def put_flux(put: Put) -> Props:
    """Refuse a configuration of a cluster without Flux, or with folders that wait for none of its own."""
    found = put.state.children(put.scope, EXTENSIONS)
    if not any(str(one.properties.get("extensionType")).lower() == "microsoft.flux" for one in found):
        raise refusal("ExtensionNotFound")
    folders = table(put.body, "kustomizations")
    for name, one in folders.items():
        if unknown := [str(n) for n in rows(one if is_object(one) else {}, "dependsOn") if n not in folders]:
            raise refusal("BadRequest.dependsOn", name=name, unknown=unknown)
    is_ssh = str(table(put.body, "gitRepository")["url"]).startswith("ssh:")
    return put.body | ({"repositoryPublicKey": "ssh-rsa AAAA"} if is_ssh else {})
