"""Address ranges and subnets."""

from settings.checks.network import outbound, ranges, ways

CHECKS = (ranges.check, ways.check, outbound.check)
