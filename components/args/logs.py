"""The control plane's logs."""

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi


@dataclass(frozen=True)
class AuditArgs:
    """Where the control plane's logs go and how long they stay."""

    retention_days: int = 90
    """Days that Log Analytics keeps the logs."""
    categories: Sequence[str] = ("kube-audit", "guard")
    """Log categories of the control plane to keep; `kube-audit` is `kube-audit-admin` and all that only reads."""
    metrics: bool = False
    """Keep the control plane's metrics there too."""
    workspace_id: pulumi.Input[str] | None = None
    """Resource id of a Log Analytics workspace that exists; created unless set."""
