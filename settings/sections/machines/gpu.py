"""Nodes with GPUs."""

from typing import Annotated, Literal

from settings.fields.azure import Azure
from settings.sections.base import Section


class Gpu(Section):
    """The GPUs of a pool whose size has some."""

    driver: Annotated[Literal["Install", "None"], Azure("gpuProfile.driver")] = "Install"
    """`None` where an operator of your own brings the driver, which then runs privileged."""
    partition: Annotated[
        Literal["MIG1g", "MIG2g", "MIG3g", "MIG4g", "MIG7g"] | None, Azure("gpuInstanceProfile")
    ] = None
    """Size of the parts that each GPU is cut into; a pool keeps it for life."""
