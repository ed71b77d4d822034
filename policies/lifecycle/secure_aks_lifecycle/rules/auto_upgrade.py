"""No auto-upgrade channel fights a pinned version."""

from __future__ import annotations

from typing import TYPE_CHECKING

from secure_aks_lifecycle.judging.finding import Finding
from secure_aks_lifecycle.judging.plain import UNKNOWN, dig
from secure_aks_lifecycle.judging.rule import Params, Rule
from secure_aks_lifecycle.stack.aks import CLUSTER

if TYPE_CHECKING:
    from collections.abc import Iterator

    from secure_aks_lifecycle.judging.context import Context
    from secure_aks_lifecycle.judging.resource import Resource

STILL = {"none", "node-image"}
"""The channels that never move the Kubernetes version."""


def check(resource: Resource, _context: Context, _params: Params) -> Iterator[Finding]:
    """Judge the cluster's channel against its pinned version."""
    version = resource.props.get("kubernetesVersion")
    channel = dig(resource.props, "autoUpgradeProfile", "upgradeChannel")
    if version is None or channel is None:
        return
    if channel is UNKNOWN:
        yield Finding("autoUpgradeProfile.upgradeChannel is not known yet", unknown=True)
    elif channel not in STILL:
        yield Finding(
            f"autoUpgradeProfile.upgradeChannel {channel} moves the version that kubernetesVersion {version} pins, and while it is "
            f"on AKS refuses to upgrade the control plane alone; write upgradeChannel none"
        )


RULE = Rule(
    id="no-auto-upgrade",
    title="A cluster with a pinned version has no auto-upgrade channel that moves versions.",
    level="mandatory",
    why="The channel upgrades behind the stack's back: the next `up` would try to go down again, and a bump of the control plane is refused.",
    remedy="Set the channel to none (or node-image) and let the stack file carry the version.",
    applies={CLUSTER}.__contains__,
    check=check,
)
