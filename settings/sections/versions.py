"""Who moves versions, and how strictly they are judged."""

from typing import Annotated, Literal

from pydantic import Field

from settings.sections.base import Section


class VersionRules(Section):
    """Who moves versions, and how strictly they are judged; where the AKS documentation disagrees with itself, the stricter reading unless set."""

    owner: Literal["program", "channel", "fleet"] = "program"
    """The one who moves versions: this program step by step, AKS's auto-upgrade `channel`, or the Fleet Manager of `secure-aks:fleet`."""
    channel: Literal["patch", "stable", "rapid"] | None = None
    """AKS's auto-upgrade channel, where that is the owner."""
    skew_minors: Literal[2, 3] = 3
    """Minors a pool may be behind its control plane."""
    pool_skips_minors: bool = False
    """Whether a pool may go up more than one minor in a step."""
    warn_days: Annotated[int, Field(ge=0, le=365)] = 60
    """Days before the end of support from which it is reported."""
    patch_age_days: Annotated[int, Field(ge=0, le=365)] = 30
    """Days after which a newer patch is reported."""
