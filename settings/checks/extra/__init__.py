"""The way out: properties of Azure's own, by the API's shape, and none that is ours."""

from settings.checks.extra import extras

CHECKS = (extras.check,)
