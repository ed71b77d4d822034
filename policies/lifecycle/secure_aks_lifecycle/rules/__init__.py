"""The rules of the pack, one a module."""

from __future__ import annotations

from typing import TYPE_CHECKING

from secure_aks_lifecycle.rules import (
    auto_upgrade,
    declared_versions,
    deletion_told,
    exemption_unused,
    isolation_strands,
    isolation_told,
    kubernetes_apis,
    legal_step,
    newer_patch,
    no_replacement,
    node_image_age,
    node_os_channel,
    os_image,
    pack_inputs,
    promotion,
    support_ending,
    supported_version,
    team_removal,
    version_owner,
)

if TYPE_CHECKING:
    from secure_aks_lifecycle.judging.rule import Rule

RULES: tuple[Rule, ...] = (
    legal_step.RULE,
    no_replacement.RULE,
    team_removal.RULE,
    deletion_told.RULE,
    isolation_strands.RULE,
    isolation_told.RULE,
    promotion.RULE,
    declared_versions.RULE,
    supported_version.RULE,
    support_ending.RULE,
    newer_patch.RULE,
    os_image.RULE,
    node_image_age.RULE,
    node_os_channel.RULE,
    auto_upgrade.RULE,
    version_owner.RULE,
    kubernetes_apis.REMOVED,
    kubernetes_apis.DEPRECATED,
    pack_inputs.RULE,
    exemption_unused.RULE,  # after every rule that knows exemptions
)
"""In the order in which they are reported and documented."""
