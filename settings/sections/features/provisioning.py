"""Nodes that come as pods need them, outside of any pool."""

from typing import Annotated, Literal

from settings.fields.azure import Azure
from settings.sections.base import Section


class NodeProvisioning(Section):
    """Node auto-provisioning (Karpenter): nodes outside of pools, whose version follows the control plane's at once."""

    default_pools: Annotated[Literal["Auto", "None"], Azure("nodeProvisioningProfile.defaultNodePools")] = (
        "None"
    )
    """`Auto`: AKS makes its own NodePools; `None`: only those that you make, with your own limits and images."""
