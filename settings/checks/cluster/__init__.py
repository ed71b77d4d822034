"""The cluster as such: tier, access, versions."""

from settings.checks.cluster import api_server, basics, versions

CHECKS = (basics.check, api_server.check, versions.check)
