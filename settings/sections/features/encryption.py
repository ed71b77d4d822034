"""Keys of your own, where regulation asks for them."""

import re
from typing import Annotated, Literal

from settings.fields.azure import Azure
from settings.fields.base import Words, matching
from settings.fields.ids import resource_id
from settings.sections.base import Section

_KEY = re.compile(
    r"https://[a-z][-a-z0-9]{1,22}[a-z0-9]\.(vault\.(azure\.(net|cn)|usgovcloudapi\.net)|managedhsm\.azure\.net)/keys/[-A-Za-z0-9]{1,127}/[0-9a-f]{32}"
)
_K = "securityProfile.azureKeyVaultKms."

KeyId = Annotated[
    str,
    matching(
        _KEY,
        "the id of a key in Key Vault with its version",
        "write https://<vault>.vault.azure.net/keys/<name>/<32 hex digits>: `az keyvault key show --query key.kid`",
    ),
    Words("the id of a key in Key Vault with its version"),
]
VaultId = Annotated[str, resource_id("a key vault", "Microsoft.KeyVault", "vaults")]
DiskEncryptionSetId = Annotated[
    str, resource_id("a disk encryption set", "Microsoft.Compute", "diskEncryptionSets")
]


class EtcdKey(Section):
    """A key of yours in Key Vault, with which the API server encrypts the secrets in etcd (KMS)."""

    id: Annotated[KeyId, Azure(f"{_K}keyId")]
    """Id of the key; a new version is a new id here, and the old one stays until every secret is written anew."""
    vault: VaultId
    """Resource id of the vault that it is in."""
    vault_network: Annotated[Literal["Public", "Private"], Azure(f"{_K}keyVaultNetworkAccess")] = "Private"
    """`Private`: the vault has no public access, which needs `apiServer.vnetIntegration`."""


class Encryption(Section):
    """Keys of your own; Azure encrypts etcd and every disk with keys of its own where none is named."""

    etcd: Annotated[EtcdKey | None, Azure(f"{_K}enabled", value=True)] = None
    """The key of the secrets in etcd."""
    disk_encryption_set: Annotated[DiskEncryptionSetId | None, Azure("diskEncryptionSetID")] = None
    """Disk encryption set with the key of the nodes' disks; set when the cluster is made, and never changed."""
