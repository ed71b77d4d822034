"""Clusters that whoever may delete them deletes at once."""

from secure_aks_security.judging.resources import Resource
from secure_aks_security.judging.values import is_unknown
from secure_aks_security.model import Level
from secure_aks_security.stack.azure import CLUSTER, belongs_to, name_of
from secure_aks_security.stack.base import Report, Stack, StackRule

_LOCK = "azure-native:authorization:ManagementLockByScope"
_LEVELS = {"CanNotDelete", "ReadOnly"}


class ClusterLock(StackRule):
    """Every cluster must have a lock of Azure's on it."""

    id = "cluster-lock"
    title = "Nobody deletes the cluster by the way"
    level = Level.DISABLED
    why = "A cluster is deleted by one command of whoever owns its subscription, and everything in it goes along."
    remedy = (
        "Set secure-aks:cluster.lock to true, as secure-aks:profile prod does, or add a lock at the cluster."
    )
    link = "https://learn.microsoft.com/azure/azure-resource-manager/management/lock-resources"
    watched = (CLUSTER, _LOCK)

    def check(self, stack: Stack, report: Report) -> None:
        """Report each cluster without a lock."""
        locks = list(stack.of_type(_LOCK))
        for cluster in stack.of_type(CLUSTER):
            own = [lock for lock in locks if belongs_to(lock, "scope", cluster)]
            if any(lock.properties.get("level") in _LEVELS for lock in own):
                continue
            if stack.exempt(self.id, cluster):
                continue
            if any(_hidden(lock) for lock in locks):
                report.unknown(
                    f"[{self.id}] a lock may be the cluster {name_of(cluster)}'s; it is not known before the update"
                )
            else:
                report.violation(self.say(f"the cluster {name_of(cluster)} has no lock"), cluster.urn)


def _hidden(lock: Resource) -> bool:
    """Tell whether a lock may be any cluster's, or of any level, for all that is known."""
    return any(is_unknown(lock.properties.get(key)) and key not in lock.depends for key in ("scope", "level"))
