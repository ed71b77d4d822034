"""The node pools."""

from settings.checks.pools import basics, boot, images, labels, limits, sizes, upgrades

CHECKS = (
    limits.check, basics.check, sizes.check, upgrades.check, labels.check, images.check, boot.check,
)  # fmt: skip
