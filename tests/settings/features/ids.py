"""Resources that exist, by their ids."""

import base64

GROUP = "/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/shared/providers"
VAULT = f"{GROUP}/Microsoft.KeyVault/vaults/kv-aks"
KEY = f"https://kv-aks.vault.azure.net/keys/etcd/{'0123456789abcdef' * 2}"
DES = f"{GROUP}/Microsoft.Compute/diskEncryptionSets/des"
REGISTRY = f"{GROUP}/Microsoft.ContainerRegistry/registries/cache"
IDENTITY = f"{GROUP}/Microsoft.ManagedIdentity/userAssignedIdentities/nodes"
CONTROL = f"{GROUP}/Microsoft.ManagedIdentity/userAssignedIdentities/control"
DNS = f"{GROUP}/Microsoft.Network/dnszones/shop.example.com"
PRIVATE_DNS = f"{GROUP}/Microsoft.Network/privateDnsZones/shop.example.com"
MONITOR = f"{GROUP}/Microsoft.Monitor/accounts/prometheus"
RESERVED = f"{GROUP}/Microsoft.Compute/capacityReservationGroups/reserved"
HOSTS = f"{GROUP}/Microsoft.Compute/hostGroups/hosts"
CLOSE = f"{GROUP}/Microsoft.Compute/proximityPlacementGroups/close"
SNAPSHOT = f"{GROUP}/Microsoft.ContainerService/snapshots/nodes"
CA = base64.b64encode(b"-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n").decode()


def address(name: str) -> str:
    return f"{GROUP}/Microsoft.Network/publicIPAddresses/{name}"
