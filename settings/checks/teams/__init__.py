"""The teams, their roles, and the platform's controllers: who has which namespace, and what it opens."""

from settings.checks.teams import basics, identities, isolation, openings, platform

CHECKS = (basics.check, isolation.check, platform.check, openings.check, identities.check)
