"""What a production stack must have unless it is exempted by name."""

from collections.abc import Iterator

from settings.checks.draft import Draft
from settings.checks.finding import Finding
from settings.facts.boot import boots_trusted
from settings.sections.cluster import Cluster

_ZONES = 2
_RETENTION_DAYS = 90


def check(draft: Draft) -> Iterator[Finding]:
    """Yield what a production stack lacks."""
    if not draft.is_prod or not draft.cluster:
        return
    if not draft.cluster.existing:  # else they are set where the cluster is made
        yield from _cluster(draft.cluster)
        yield from _audit(draft, draft.cluster)
        yield from _maintenance(draft, draft.cluster)
    yield from _reboots(draft, draft.cluster)
    yield from _admission(draft, draft.cluster)
    for path, pool in draft.pools.items():
        if not pool.trusted_launch and boots_trusted(pool.model_dump()) is None:
            why = "in prod, nodes boot by Trusted Launch, so that nothing loads before the kernel unseen"
            remedy = "remove the key, or write true"
            yield Finding(f"{path}.trustedLaunch", why, remedy, "prod-trusted-launch", pool.name)
        if len(set(pool.zones)) < _ZONES:
            why = "in prod, the pool's nodes must survive the loss of a zone"
            remedy = 'write `zones: ["1", "2", "3"]`'
            yield Finding(f"{path}.zones", why, remedy, "prod-zones", pool.name)


def _cluster(cluster: Cluster) -> Iterator[Finding]:
    path = "secure-aks:cluster"
    if cluster.tier == "Free":
        why = "the tier Free has no uptime SLA and a small API server"
        yield Finding(f"{path}.tier", why, "write `tier: Standard`", "prod-tier", cluster.name)
    if not cluster.defender:
        why = "in prod, Microsoft Defender for Containers watches the cluster"
        yield Finding(f"{path}.defender", why, "remove the key, or write true", "prod-defender", cluster.name)


def _audit(draft: Draft, cluster: Cluster) -> Iterator[Finding]:
    if not (audit := draft.audit):
        return
    path = "secure-aks:audit"
    if "guard" not in audit.categories or not {"kube-audit", "kube-audit-admin"} & set(audit.categories):
        why = "in prod, who logged in (guard) and what they did (kube-audit-admin or kube-audit) is kept"
        remedy = "write `categories: [kube-audit-admin, guard]`"
        yield Finding(f"{path}.categories", why, remedy, "prod-audit", cluster.name)
    if audit.retention_days < _RETENTION_DAYS:
        why = f"in prod, logs are kept for {_RETENTION_DAYS} days at least, and these for {audit.retention_days}"
        yield Finding(f"{path}.retentionDays", why, "write 90 or more", "prod-audit", cluster.name)


def _reboots(draft: Draft, cluster: Cluster) -> Iterator[Finding]:
    if draft.node_updates and draft.node_updates.kured and draft.node_updates.kured.force_reboot:
        why = "in prod, a node whose drain failed is not rebooted: PodDisruptionBudgets would protect nothing"
        path = "secure-aks:nodeUpdates.kured.forceReboot"
        yield Finding(
            path, why, "remove the key, and mend what does not drain", "prod-force-reboot", cluster.name
        )


def _maintenance(draft: Draft, cluster: Cluster) -> Iterator[Finding]:
    updates, maintenance = draft.node_updates, draft.maintenance
    if updates and updates.mode == "none":
        why = "in prod, nodes without OS updates are not secure for long"
        remedy = "write kured, security-patch or node-image"
        yield Finding("secure-aks:nodeUpdates.mode", why, remedy, "node-updates-none", cluster.name)
    if not maintenance:
        return
    windows = {
        "releases": maintenance.releases,
        "upgrades": maintenance.upgrades,
        "nodeOs": maintenance.node_os,
    }
    if updates and updates.mode == "none":
        del windows["nodeOs"]
    for key, window in windows.items():
        if window is None:
            why = "in prod, Azure works on the cluster in hours that people chose"
            remedy = f'add `{key}: {{weekly: {{day: Tuesday}}, startTime: "22:00", hours: 8}}`'
            yield Finding(f"secure-aks:maintenance.{key}", why, remedy, "prod-maintenance", cluster.name)


def _admission(draft: Draft, cluster: Cluster) -> Iterator[Finding]:
    if not (admission := draft.admission):
        return
    modes = {"mode": admission.mode}
    modes |= {f"namespaces.{name}": mode for name, mode in admission.namespaces.items()}
    for key, mode in modes.items():
        if mode != "Deny":
            why = f"in prod, the API server refuses what breaks a rule, and {mode} lets it in"
            resource = key.removeprefix("namespaces.") if key != "mode" else cluster.name
            yield Finding(f"secure-aks:admission.{key}", why, "write Deny", "prod-admission", resource)
