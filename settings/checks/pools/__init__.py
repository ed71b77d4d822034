"""The node pools."""

from settings.checks.pools import basics, boot, images, labels, limits, machines, sizes, sysctls, upgrades

CHECKS = (
    limits.check, basics.check, sizes.check, upgrades.check, labels.check, images.check, boot.check,
    machines.check, sysctls.check,
)  # fmt: skip
