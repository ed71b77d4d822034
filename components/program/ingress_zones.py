"""What AKS's own ingress controller may write: the records of its DNS zones."""

from typing import Any

import pulumi

from settings.sections.cluster import Cluster

from ..aks_cluster import AksCluster
from ..parts.azure_role import DNS_ZONE_CONTRIBUTOR, PRIVATE_DNS_ZONE_CONTRIBUTOR, RoleAssignment
from ..parts.naming import group_and_name


def ingress_zones(settings: Cluster, cluster: AksCluster, opts: pulumi.ResourceOptions | None = None) -> None:
    """Let the add-on's identity, which AKS makes, write into each zone; without that no host of an Ingress gets its record.

    Sources: `az aks approuting zone add --attach-zones`, and the specification of `ingressProfile.webAppRouting.identity`.
    """
    if not settings.ingress:
        return
    identity = cluster.managed_cluster.ingress_profile.apply(_object_id)
    # Only Azure's answer has the identity: a preview, which has what is asked for in its place, would replace the role.
    kept = ["principalId"] if pulumi.runtime.is_dry_run() else None
    for zone in settings.ingress.dns_zones:
        RoleAssignment(
            f"ingress-zone-{group_and_name(zone)[1].lower()}",
            role=PRIVATE_DNS_ZONE_CONTRIBUTOR
            if "/privatednszones/" in zone.lower()
            else DNS_ZONE_CONTRIBUTOR,
            scope=zone,
            principal=(identity, "ServicePrincipal"),
            opts=pulumi.ResourceOptions.merge(opts, pulumi.ResourceOptions(ignore_changes=kept)),
        )


def _object_id(profile: Any) -> str:
    routing = profile.web_app_routing if profile else None
    identity = routing.identity if routing else None
    return (identity.object_id or "") if identity else ""
