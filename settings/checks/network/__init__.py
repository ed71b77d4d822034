"""Address ranges and subnets."""

from settings.checks.network import ranges

CHECKS = (ranges.check,)
