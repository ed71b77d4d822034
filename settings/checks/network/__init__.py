"""Address ranges and subnets."""

from settings.checks.network import ranges, ways

CHECKS = (ranges.check, ways.check)
