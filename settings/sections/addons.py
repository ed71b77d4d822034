"""What AKS runs in the cluster beside the teams' pods, when asked to."""

from typing import Annotated

from pydantic import Field

from settings.fields.azure import Azure
from settings.sections.base import Section


class KeyVaultSecrets(Section):
    """The Key Vault provider of the Secrets Store CSI driver: pods mount secrets, and none is stored in the cluster."""

    rotation_minutes: Annotated[int, Field(ge=1, le=1440)] = 2
    """Minutes between two looks for renewed secrets; mounted ones always follow."""


class Addons(Section):
    """Add-ons of AKS; each is off unless it is asked for."""

    keda: bool = False
    """KEDA: workloads scale by events, down to none."""
    vertical_pod_autoscaler: bool = False
    """The vertical pod autoscaler: requests follow what pods use."""
    key_vault_secrets: KeyVaultSecrets | None = None
    """Secrets of Azure Key Vault as files of pods, rotated."""
    ai_toolchain: Annotated[bool, Azure("aiToolchainOperatorProfile.enabled")] = False
    """The AI toolchain operator (KAITO), which makes GPU nodes for models."""
    cost_analysis: bool = False
    """Costs by namespace in Azure's cost analysis; needs the tier Standard or Premium."""
