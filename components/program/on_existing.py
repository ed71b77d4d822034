"""A stack on a cluster that is there already: what lives inside it, and nothing of Azure or Entra."""

import pulumi
from secure_aks_lifecycle.clock import now

from settings.sections.existing import Existing
from settings.sections.stack import StackSettings

from ..existing_cluster import ExistingCluster, ExistingClusterArgs
from ..parts.entra_group import named
from ..parts.ordering import everything, last_of
from ..versions.version_change import VersionChange
from ..versions.version_record import VersionRecord, VersionRecordArgs
from .exports import export
from .inside import InsideArgs, apply_inside


def on_existing(stack: StackSettings, existing: Existing) -> None:
    """Compose what is inside, and export what others need: the record keeps the teams, so that none goes unseen."""
    name = stack.cluster.name
    pulumi.log.info(
        f"secure-aks:cluster.existing: {name} is there already, by the context {existing.context}; whoever made it moves its"
        " versions, so the lifecycle pack's rules about them judge nothing here, and its others do"
    )
    all_of_it = everything()
    change = VersionChange("version-change", stack)
    way = ExistingClusterArgs(name, existing.context, existing.kubeconfig)
    cluster = ExistingCluster("cluster", way)
    deployers = {group.name: named(group) for group in stack.cluster.deployers}
    readers = {group.name: named(group) for group in stack.cluster.readers}
    teams = apply_inside(InsideArgs(stack, cluster.provider, deployers, readers))

    recorded = VersionRecordArgs(change.current, change.previous, [], now())
    last = last_of(all_of_it, protect=stack.is_protected)
    record = VersionRecord("versions", recorded, last)
    export(stack, cluster.summary, record, teams)
