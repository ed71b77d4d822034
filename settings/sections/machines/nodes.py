"""Small things about a pool's nodes."""

from typing import Annotated, Literal

from settings.fields.azure import Azure
from settings.sections.base import Section


class Nodes(Section):
    """What becomes of nodes that go, and what those that run can do."""

    scale_down: Annotated[Literal["Delete", "Deallocate"] | None, Azure("scaleDownMode")] = None
    """What becomes of a node that is not needed; deleted unless set. One that is deallocated keeps its disks, and its image grows old."""
    kubelet_disk: Annotated[Literal["OS", "Temporary"] | None, Azure("kubeletDiskType")] = None
    """Disk of images, emptyDir volumes and logs; the OS disk unless set."""
    ultra_disks: Annotated[bool, Azure("enableUltraSSD")] = False
    """Ultra disks can be attached; the pool needs zones."""
    outbound_nat: Annotated[
        bool | None, Azure("windowsProfile.disableOutboundNat", values={True: False, False: True})
    ] = None
    """False: Windows pods leave with their own addresses, which needs a NAT gateway or routes of your own; on unless set."""
