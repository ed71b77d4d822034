"""A cluster that the stack file calls otherwise than the state does: it stays the same one, or is refused, and is never made anew."""

from collections.abc import Collection

import pulumi

from settings.sections.stack import StackSettings

from ..parts.earlier import FURTHER, earlier, further_cluster

_CLUSTER = "azure-native:containerservice:ManagedCluster"


def same_cluster(view: StackSettings, names: Collection[str]) -> list[str | pulumi.Alias]:
    """Return where the state has a cluster of the stack under another name below `clusters`, as an alias of what it is called now.

    `names` are those that the file has there. Its name in Azure tells that it is the same one: by its key alone Pulumi would make it anew,
    and no record of versions would show it. Raises RunError for a cluster that was the first one of the stack, or a further one, and is
    now the other.
    """
    own = f"{FURTHER}{view.called}" if view.called else None
    for urn, outputs in earlier().items():
        if not urn.split("::")[2].endswith(_CLUSTER) or outputs.get("name") != view.cluster.name:
            continue
        was = further_cluster(urn)
        if was == own:
            return []
        before = (was or "").removeprefix(FURTHER)
        if was and own and before not in names:
            stack, project = urn.split("::")[:2]
            return [f"{stack}::{project}::{was}::{before}"]
        raise pulumi.RunError(
            f"{view.key('cluster.name')}\n    why:  {view.cluster.name} is {_place(before)} in the stack's state, and as {_place(view.called)} Pulumi"
            f" would delete it and make it anew\n    mend: keep it as {_place(before)}"
        )
    return []


def _place(called: str) -> str:
    return f"secure-aks:clusters.{called}" if called else "the first cluster"
