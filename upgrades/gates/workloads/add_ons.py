"""AKS's own add-ons in the cluster."""

from __future__ import annotations

from typing import TYPE_CHECKING

from upgrades.gates.base import Finding, Gate

if TYPE_CHECKING:
    from collections.abc import Iterator

    from upgrades.model.steps import Step
    from upgrades.model.view import View


class AddOns(Gate):
    """AKS ends an upgrade whose add-ons are not ready (ControlPlaneAddOnsNotReady), and without DNS nothing comes back well."""

    code = "ADDON001"
    title = "What AKS itself runs in the cluster is ready"
    reads = ("workloads",)

    def check(self, view: View, step: Step, before: View | None) -> Iterator[Finding]:
        """See `Gate.check`."""
        for one in view.workloads or ():
            # A DaemonSet lacks a pod where a node is in trouble, which NODE001 tells with the node.
            if one.is_system and one.kind != "DaemonSet" and one.ready < one.desired:
                yield Finding(
                    f"{one.kind} {one.namespace}/{one.name}",
                    f"has {one.ready} of {one.desired} replicas ready",
                    f"kubectl describe {one.kind.lower()} -n {one.namespace} {one.name}; AKS makes it anew once its cause is gone",
                )
