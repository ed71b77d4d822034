"""Keys of your own: the key is in the vault, and the API server reaches it."""

from collections.abc import Iterator
from urllib.parse import urlsplit

from settings.checks.draft import Draft
from settings.checks.finding import Finding

PATH = "secure-aks:cluster.encryption"


def check(draft: Draft) -> Iterator[Finding]:
    """Yield keys that the API server could not use."""
    if not draft.cluster or not (key := draft.cluster.encryption.etcd):
        return
    named, vault = str(urlsplit(key.id).hostname).partition(".")[0], key.vault.rsplit("/", 1)[-1]
    if named.lower() != vault.lower():
        why = f"the key is in the vault {named}, and this is {vault}"
        yield Finding(f"{PATH}.etcd.vault", why, "name the vault that the key is in")
    if key.vault_network == "Private" and not draft.cluster.api_server.vnet_integration:
        why = "the API server reaches a private vault from a subnet of the network alone, and it is in none"
        remedy = "write `vnetIntegration: true` under apiServer, or `vaultNetwork: Public`"
        yield Finding(f"{PATH}.etcd.vaultNetwork", why, remedy)
