"""What runs on the nodes: updates, windows, profiles."""

from settings.checks.nodes import kured, maintenance, node_updates, profiles

CHECKS = (node_updates.check, kured.check, maintenance.check, profiles.check)
