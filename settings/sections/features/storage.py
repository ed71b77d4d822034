"""Drivers of volumes."""

from typing import Annotated

from settings.fields.azure import Azure
from settings.sections.base import Section


class Storage(Section):
    """AKS's CSI drivers; its own defaults (all but blobs) where a key is left out."""

    disks: Annotated[bool | None, Azure("storageProfile.diskCSIDriver.enabled")] = None
    """Volumes on Azure disks."""
    files: Annotated[bool | None, Azure("storageProfile.fileCSIDriver.enabled")] = None
    """Volumes on Azure Files."""
    blobs: Annotated[bool | None, Azure("storageProfile.blobCSIDriver.enabled")] = None
    """Volumes on blob storage."""
    snapshots: Annotated[bool | None, Azure("storageProfile.snapshotController.enabled")] = None
    """Snapshots of volumes."""
