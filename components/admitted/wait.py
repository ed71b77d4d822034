"""The wait for a new membership of a group, which Entra takes minutes to put into tokens."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

import pulumi

from settings.sections.cluster import Cluster

from .ask import Answer, ask
from .circle import Circle

MINUTES = 10
"""How long a membership is waited for: Entra and the API server take minutes (AKS documentation, "Use Azure role-based access control")."""
PAUSES = (2, 4, 8, *([15] * (MINUTES * 4)))
"""Seconds between two questions."""


def admitted(
    cluster: Cluster, deployers: Mapping[str, pulumi.Input[str]], has_rights: pulumi.Input[bool]
) -> Callable[[pulumi.Output[str]], pulumi.Output[str]]:
    """Return what hands on a kubeconfig once the API server lets in whoever runs this `up`; at a preview at once.

    The provider must not have it before: it keeps the token that it gets first. `deployers` are the object ids of their groups, by
    name; `has_rights` as in `Circle`.
    """

    async def let_in(known: Sequence[Any]) -> str:
        config, ids, rights = known
        own = {group.name: group.object_id for group in cluster.break_glass}
        named = {str(id_).lower(): name for name, id_ in {**own, **ids}.items() if id_}
        await wait(config, Circle(cluster, named, rights))
        return config

    def after(kubeconfig: pulumi.Output[str]) -> pulumi.Output[str]:
        if pulumi.runtime.is_dry_run() or cluster.inside == "later":
            return kubeconfig
        return pulumi.Output.all(kubeconfig, dict(deployers), has_rights).apply(let_in)

    return after


async def wait(
    kubeconfig: str,
    circle: Circle,
    *,
    question: Callable[[str], Answer | None] = ask,
    sleep: Callable[[float], Awaitable[Any]] = asyncio.sleep,
) -> None:
    """Return when the API server lets the caller apply, or when it cannot be asked.

    Raises RunError where waiting is no use; whoever has nothing to apply inside the cluster may go on without.
    """
    groups = " or ".join(circle.names)
    before: Answer | None = None
    for pause in PAUSES:
        answer = await asyncio.to_thread(question, kubeconfig)
        if answer is None or answer.allowed:
            return
        if why := circle.hopeless(answer, before):
            if not circle.must_apply:
                return
            raise pulumi.RunError(
                f"the API server refuses whoever runs this up (403), and waiting is no use: {why}"
            )
        if before is None:
            pulumi.log.info(
                f"the API server refuses whoever runs this up (403): a new membership of {groups} "
                f"takes minutes to reach it. Asking again for up to {MINUTES} minutes."
            )
        before = answer
        await sleep(pause)
    if not circle.must_apply:
        return
    raise pulumi.RunError(
        f"the API server has refused whoever runs this up (403) for {MINUTES} minutes, so it is no delay any more: is the "
        f"one who is logged in a member of {groups}? If so, `az logout`, `az login`, and `up` again."
    )
