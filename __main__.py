"""The clusters of one stack: read its settings, compose the components, export what others need."""

import pulumi
from secure_aks_lifecycle.clock import now

from components.parts.earlier import FurtherCluster
from components.parts.old_tokens import leave_out_old_tokens
from components.parts.ordering import everything, last_of
from components.program.exports import export, unprinted
from components.program.on_existing import on_existing
from components.program.refused import fail_if_refused
from components.program.renamed import same_cluster
from components.program.stack_settings import stack_settings
from components.program.version_owner import leave_versions
from components.program.whole_cluster import whole_cluster
from components.versions.version_change import VersionChange
from components.versions.version_record import VersionRecord, VersionRecordArgs

stack = stack_settings()
if stack.cluster.existing:
    on_existing(stack, stack.cluster.existing)
else:
    leave_out_old_tokens()
    all_of_it = everything()
    change = VersionChange("version-change", stack)
    leave_versions(stack, change.running)

    same_cluster(stack, stack.further)
    first = whole_cluster(stack, change, all_of_it)
    cluster = first.cluster
    further = {
        name: whole_cluster(
            view,
            change.of(name, view),
            all_of_it,
            FurtherCluster(name, same_cluster(view, stack.further)),
            first.fleet,
        )
        for name, view in stack.further.items()
    }

    running = [version for one in (first, *further.values()) for version in one.running]
    recorded = VersionRecordArgs(change.current, change.previous, running, now())
    record = VersionRecord("versions", recorded, last_of(all_of_it, protect=stack.is_protected))
    export(stack, cluster.summary, record, first.teams)
    pulumi.export("kubeconfig", unprinted(cluster.kubeconfig))
    if further:
        pulumi.export("clusters", {name: further[name].outputs(view) for name, view in stack.further.items()})
    fail_if_refused()
