"""The clusters of one stack: read its settings, compose the components, export what others need."""

import pulumi
from secure_aks_lifecycle.clock import now

from components.parts.earlier import FurtherCluster
from components.parts.ordering import everything, last_of
from components.program.stack_settings import stack_settings
from components.program.version_owner import leave_versions
from components.program.whole_cluster import whole_cluster
from components.versions.version_change import VersionChange
from components.versions.version_record import VersionRecord, VersionRecordArgs

stack = stack_settings()
all_of_it = everything()
change = VersionChange("version-change", stack)
leave_versions(stack, change.running)

first = whole_cluster(stack, change, all_of_it)
further = {
    name: whole_cluster(view, change.of(name, view), all_of_it, FurtherCluster(name))
    for name, view in stack.further.items()
}

running = [version for cluster in (first, *further.values()) for version in cluster.running]
recorded = VersionRecordArgs(change.current, change.previous, running, now())
record = VersionRecord("versions", recorded, last_of(all_of_it, protect=stack.environment == "prod"))

for name in ("cluster", "kubeconfig"):
    pulumi.export(name, first.outputs[name])
pulumi.export("versions", record.versions)
pulumi.export("shape", record.shape)
for name in ("namespaces", "groups"):
    pulumi.export(name, first.outputs[name])
if further:
    pulumi.export("clusters", {name: cluster.outputs for name, cluster in further.items()})
