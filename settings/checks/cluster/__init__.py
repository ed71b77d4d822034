"""The cluster as such: tier, access, tags, logs, versions."""

from settings.checks.cluster import (
    access,
    addons,
    api_server,
    audit,
    basics,
    cloud,
    environment,
    tags,
    versions,
)

CHECKS = (
    addons.check,
    environment.check,
    basics.check,
    cloud.check,
    tags.check,
    api_server.check,
    access.check,
    audit.check,
    versions.check,
)
