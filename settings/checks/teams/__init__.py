"""The teams and their roles."""

from settings.checks.teams import basics

CHECKS = (basics.check,)
