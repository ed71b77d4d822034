"""No auto-upgrade channel fights a pinned version."""

from __future__ import annotations

from typing import TYPE_CHECKING

from secure_aks_lifecycle.judging.finding import Finding
from secure_aks_lifecycle.judging.plain import UNKNOWN, dig
from secure_aks_lifecycle.judging.rule import Params, Rule
from secure_aks_lifecycle.stack.aks import CLUSTER
from secure_aks_lifecycle.stack.stack_config import PROGRAM

if TYPE_CHECKING:
    from collections.abc import Iterator

    from secure_aks_lifecycle.judging.context import Context
    from secure_aks_lifecycle.judging.resource import Resource

STILL = {"none", "node-image"}
"""The channels that never move the Kubernetes version."""


def check(resource: Resource, context: Context, _params: Params) -> Iterator[Finding]:
    """Judge the cluster's channel against its pinned version."""
    version = resource.props.get("kubernetesVersion")
    channel = dig(resource.props, "autoUpgradeProfile", "upgradeChannel")
    if version is None or channel is None:
        return
    if channel is UNKNOWN:
        yield Finding("autoUpgradeProfile.upgradeChannel is not known yet", unknown=True)
    elif context.config.version_owner == "channel":
        if channel != (wanted := context.config.version_rules.get("channel")):
            yield Finding(
                f"autoUpgradeProfile.upgradeChannel is {channel}, and secure-aks:versionRules.channel is {wanted}; write the same"
            )
    elif channel not in STILL and context.config.version_owner != PROGRAM:
        yield Finding(
            f"autoUpgradeProfile.upgradeChannel {channel} moves versions, and secure-aks:versionRules.owner says that a "
            f"{context.config.version_owner} does: two owners; write upgradeChannel none, or the owner channel"
        )
    elif channel not in STILL:
        yield Finding(
            f"autoUpgradeProfile.upgradeChannel {channel} moves the version that kubernetesVersion {version} pins, and while it is "
            f"on AKS refuses to upgrade the control plane alone; write upgradeChannel none"
        )


RULE = Rule(
    id="no-auto-upgrade",
    title="A cluster has no auto-upgrade channel that moves versions, but where the channel is their owner.",
    level="mandatory",
    why="The channel upgrades behind the stack's back: the next `up` would try to go down again, and a bump of the control plane is refused.",
    remedy="Set the channel to none (or node-image) and let the stack file carry the version; or hand the versions over: secure-aks:versionRules.owner.",
    applies={CLUSTER}.__contains__,
    check=check,
)
