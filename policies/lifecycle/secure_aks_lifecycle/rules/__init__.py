"""The rules of the pack, one a module."""

from __future__ import annotations

from typing import TYPE_CHECKING

from . import (
    auto_upgrade,
    newer_patch,
    os_image,
    support_ending,
    supported_version,
)

if TYPE_CHECKING:
    from secure_aks_lifecycle.rule import Rule

RULES: tuple[Rule, ...] = (
    supported_version.RULE,
    support_ending.RULE,
    newer_patch.RULE,
    os_image.RULE,
    auto_upgrade.RULE,
)
"""In the order in which they are reported."""
