"""What a check finds, and the rules of the settings that an exemption may lift."""

from dataclasses import dataclass

RULES = {
    "public-api-server": "The API server is private or restricted to named networks.",
    "environment-name": "The environment is the one that the stack's name promises.",
    "node-updates-none": "In prod, nodes get their OS updates.",
    "prod-admission": "In prod, admission refuses what breaks a rule, in every namespace.",
    "prod-alerts": "In prod, somebody is told when an alert goes off: of the cluster's health, and of what else is watched.",
    "prod-audit": "In prod, the audit log and the logins are kept for 90 days at least.",
    "prod-backup": "In prod, nobody deletes a backup before its time.",
    "prod-defender": "In prod, Microsoft Defender for Containers is on.",
    "prod-grafana-private": "In prod, managed Grafana is not open to the internet.",
    "prod-force-reboot": "In prod, kured reboots no node whose drain failed.",
    "prod-maintenance": "In prod, Azure works inside maintenance windows.",
    "prod-policies": "In prod, no rule of a policy pack that is on by default is switched off or lowered to advice; the resource is the rule, or the pack.",
    "prod-tier": "In prod, the control plane has an uptime SLA.",
    "prod-trusted-launch": "In prod, nodes boot by Trusted Launch where image and size have it.",
    "prod-zones": "In prod, every pool spreads over two zones at least.",
}
"""Rules of the settings by id; an exemption names one, and the cluster or pool it does not hold for."""


MOST = 300
"""Findings after which nobody looks for more: who has so many mends these first."""


@dataclass(frozen=True)
class Finding:
    """One thing wrong in a stack file; with `rule` and `resource` when an exemption may lift it."""

    path: str
    why: str
    remedy: str
    rule: str | None = None
    resource: str | None = None
