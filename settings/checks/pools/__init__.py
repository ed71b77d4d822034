"""The node pools."""

from settings.checks.pools import basics, images, labels, upgrades

CHECKS = (basics.check, upgrades.check, labels.check, images.check)
