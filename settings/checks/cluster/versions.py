"""The pools' versions against the control plane's."""

from collections.abc import Iterator

from secure_aks_lifecycle.versions.skew import Rules, pool_problem

from settings.checks.draft import Draft
from settings.checks.finding import Finding
from settings.sections.versions import VersionRules


def lifecycle_rules(rules: VersionRules) -> Rules:
    """Return the section as the lifecycle rules take it."""
    return Rules(rules.skew_minors, rules.pool_skips_minors, rules.warn_days, rules.patch_age_days)


def check(draft: Draft) -> Iterator[Finding]:
    """Yield pools ahead of their control plane or too far behind it."""
    if not draft.cluster or not draft.version_rules:
        return
    rules = lifecycle_rules(draft.version_rules)
    for path, pool in draft.pools.items():
        problem = pool_problem(draft.cluster.kubernetes_version, pool.version, rules)
        if problem:
            why, _, remedy = problem.partition("; ")
            yield Finding(f"{path}.version", why, remedy)
