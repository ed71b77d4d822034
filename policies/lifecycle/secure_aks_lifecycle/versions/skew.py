"""How far a node pool may be from its control plane."""

from __future__ import annotations

from dataclasses import dataclass

from secure_aks_lifecycle.versions.version import Minor, Version, minor_text, minors_between

__all__ = ["Rules", "oldest_pool_minor", "pool_problem"]


@dataclass(frozen=True, slots=True)
class Rules:
    """What a stack may set about versions (`secure-aks:versionRules`).

    `skew_minors`: how many minors a pool may be behind: 3 as AKS's newest pages say, 2 for a stack that wants it stricter.
    `pool_skips_minors`: whether a pool may skip minors on its way up.
    `warn_days`: how many days before the end of support the warning starts.
    `patch_age_days`: how many days a newer patch may be out before it is worth a warning.
    """

    skew_minors: int = 3
    pool_skips_minors: bool = False
    warn_days: int = 60
    patch_age_days: int = 30


def oldest_pool_minor(control_plane: Minor, rules: Rules) -> Minor:
    """Return the oldest minor a pool may have under this control plane."""
    return (control_plane[0], control_plane[1] - rules.skew_minors)


def pool_problem(control_plane: Version, pool: Version, rules: Rules) -> str | None:
    """Say what is wrong with a pool's version under its control plane, with the remedy; None when it is fine.

    A pool's x.y.z is never above its control plane's, and never more than `rules.skew_minors` minors below.
    """
    if pool > control_plane:
        return (
            f"the pool's {pool} is above the control plane's {control_plane}; "
            f"the control plane goes first: move it to {pool}, or leave the pool at {control_plane} or below"
        )
    behind = minors_between(pool.minor, control_plane.minor)
    if behind > rules.skew_minors:
        oldest = minor_text(oldest_pool_minor(control_plane.minor, rules))
        return (
            f"the pool's {pool} is {behind} minors behind the control plane's {control_plane}, "
            f"and at most {rules.skew_minors} are allowed; move the pool to {oldest} or newer first"
        )
    return None
