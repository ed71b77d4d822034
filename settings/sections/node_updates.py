"""How nodes get their OS updates: one mode, from which the channel and kured follow."""

from typing import Literal

from pydantic import Field

from settings.sections.base import Section
from settings.sections.kured import Kured

Mode = Literal["kured", "security-patch", "node-image", "none"]

_CHANNELS = {
    "kured": "Unmanaged",
    "security-patch": "SecurityPatch",
    "node-image": "NodeImage",
    "none": "None",
}


class NodeUpdates(Section):
    """How nodes get their OS updates."""

    mode: Mode = "node-image"
    """`kured`: nightly patches, reboots by kured; `security-patch` and `node-image`: by AKS in the nodeOs window; `none`: no patches (prod needs an exemption)."""
    kured: Kured | None = Field(default_factory=lambda data: Kured() if data.get("mode") == "kured" else None)
    """When and how kured reboots nodes; with mode kured only."""

    @property
    def channel(self) -> str:
        """The node OS upgrade channel of the cluster: without Unmanaged nothing raises kured's sentinel."""
        return _CHANNELS[self.mode]

    @property
    def alerts_in_azure(self) -> bool:
        """Whether Azure keeps kured's alert on reboots that are overdue."""
        monitoring = self.kured.monitoring if self.kured else None
        return monitoring is not None and monitoring.collector == "azure-monitor"
