"""What a cluster has beside what every cluster here has."""

from settings.checks.features import (
    alerts,
    autoscaling,
    backup,
    contacts,
    encryption,
    gitops,
    grafana,
    ingress,
    mesh,
    networking,
    outbound,
    proxy,
)

CHECKS = (
    autoscaling.check, encryption.check, outbound.check, ingress.check, mesh.check, networking.check, proxy.check,
    contacts.check, alerts.check, grafana.check, gitops.check, backup.check,
)  # fmt: skip
