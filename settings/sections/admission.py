"""The pod rules inside the cluster."""

from typing import Literal

from pydantic import Field

from settings.fields.types import DnsLabel
from settings.sections.base import Section

AdmissionMode = Literal["Deny", "Warn", "Audit"]


class Admission(Section):
    """What the API server does with a resource that breaks a rule of the security pack."""

    mode: AdmissionMode = "Deny"
    """Deny refuses it, Warn tells the client, Audit writes it in the audit log."""
    namespaces: dict[DnsLabel, AdmissionMode] = Field(default_factory=dict)
    """Another mode for a team's namespace."""
    system_namespaces: tuple[DnsLabel, ...] = ()
    """Namespaces of add-ons that no section of `cluster` brings along: left alone by the rules, made by nobody but AKS."""
