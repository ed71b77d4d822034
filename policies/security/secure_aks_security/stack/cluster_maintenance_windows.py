"""Clusters that Azure may work on at any time."""

from secure_aks_security.judging.resources import Resource
from secure_aks_security.judging.values import is_unknown
from secure_aks_security.shapes import mapping
from secure_aks_security.stack.azure import CLUSTER, belongs_to, name_of
from secure_aks_security.stack.base import Report, Stack, StackRule

_WINDOW = "azure-native:containerservice:MaintenanceConfiguration"


class ClusterMaintenanceWindows(StackRule):
    """Every kind of work that Azure does by itself on a cluster must have its window."""

    id = "cluster-maintenance-windows"
    title = "Azure's own work must have a window"
    why = "Without a window AKS releases, upgrades and node images arrive at any hour, rush hour included."
    remedy = "Add a MaintenanceConfiguration of that name: secure-aks:maintenance has one for each."
    link = "https://learn.microsoft.com/azure/aks/planned-maintenance"
    watched = (CLUSTER, _WINDOW)

    def check(self, stack: Stack, report: Report) -> None:
        """Report each window that is missing."""
        windows = list(stack.of_type(_WINDOW))
        for cluster in stack.of_type(CLUSTER):
            own = [item for item in windows if belongs_to(item, "resourceName", cluster)]
            missing = sorted(_needed(cluster) - {str(item.properties.get("configName")) for item in own})
            if not missing or stack.exempt(self.id, cluster):
                continue
            words = f"the cluster {name_of(cluster)} has no window {', '.join(missing)}"
            if any(is_unknown(item.properties.get("configName")) for item in own):
                report.unknown(
                    f"[{self.id}] {words}, unless it is one whose name is not known before the update"
                )
            else:
                report.violation(self.say(words), cluster.urn)


def _needed(cluster: Resource) -> set[str]:
    """Return the names of the windows a cluster needs, as Azure fixes them."""
    profile = mapping(cluster.properties.get("autoUpgradeProfile"))
    needed = {"default"}
    if profile.get("upgradeChannel") not in {None, "none"}:
        needed.add("aksManagedAutoUpgradeSchedule")
    # AKS moves node images in these two alone.
    if profile.get("nodeOSUpgradeChannel") in {"SecurityPatch", "NodeImage"}:
        needed.add("aksManagedNodeOSUpgradeSchedule")
    return needed
