"""How the kernel of a pool's Linux nodes is set."""

from typing import Annotated, Literal

from pydantic import Field

from settings.fields.azure import Azure
from settings.fields.base import Words
from settings.sections.base import Section

_L = "linuxOSConfig."


class LinuxOs(Section):
    """The kernel of the nodes, for every pod on them alike."""

    sysctls: Annotated[
        dict[str, int | bool | str],
        Words("a mapping of sysctls, named as Azure's REST API names them"),
        Azure(f"{_L}sysctls"),
    ] = Field(default_factory=dict)
    """Sysctls that AKS lets a pool set, such as netCoreSomaxconn."""
    swap_megabytes: Annotated[
        Annotated[int, Field(ge=1, le=1_048_576)] | None,
        Azure(f"{_L}swapFileSizeMB"),
    ] = None
    """Size of a swap file on the temporary disk: what pods have in memory, secrets too, then lies on it."""
    huge_pages: Annotated[
        Literal["always", "madvise", "never"] | None, Azure(f"{_L}transparentHugePageEnabled")
    ] = None
    """When memory comes in huge pages."""
    huge_pages_defrag: Annotated[
        Literal["always", "defer", "defer+madvise", "madvise", "never"] | None,
        Azure(f"{_L}transparentHugePageDefrag"),
    ] = None
    """When memory is compacted to make room for them."""
