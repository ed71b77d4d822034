"""The way out: properties of Azure's own, by the API's shape, and none that is ours."""

from settings.checks.extra import extras, kept

CHECKS = (extras.check, kept.check)
