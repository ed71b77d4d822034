"""How azure-native resources of one stack hang together."""

from secure_aks_security.judging.resources import Resource
from secure_aks_security.judging.values import is_unknown

CLUSTER = "azure-native:containerservice:ManagedCluster"
POOL = "azure-native:containerservice:AgentPool"


def name_of(cluster: Resource) -> str:
    """Return a cluster's Azure name, its logical one where Azure's is not said."""
    for key in ("resourceName", "name"):
        name = cluster.properties.get(key)
        if isinstance(name, str) and not is_unknown(name):
            return name
    return cluster.name


def belongs_to(item: Resource, key: str, cluster: Resource) -> bool:
    """Tell whether the property `key` of a resource means this cluster: its name, its id, or an output of it."""
    if cluster.urn in item.depends.get(key, ()):
        return True
    value = str(item.properties.get(key) or "")
    return value == name_of(cluster) or value.lower().endswith(f"/managedclusters/{name_of(cluster)}".lower())
