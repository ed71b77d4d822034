"""The wait for a new membership of a group, which Entra takes minutes to put into tokens."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

import pulumi

from components.admitted.ask import Answer, ask
from components.admitted.circle import Circle
from settings.sections.cluster import Cluster

MINUTES = 10
"""How long a membership is waited for: Entra and the API server take minutes (AKS documentation, "Use Azure role-based access control")."""
PAUSES = (2, 4, 8, *([15] * (MINUTES * 4)))
"""Seconds between two questions."""


def admitted(
    kubeconfig: pulumi.Output[str],
    cluster: Cluster,
    groups: Mapping[str, pulumi.Input[str]],
    has_rights: pulumi.Input[bool],
) -> pulumi.Output[str]:
    """Return the kubeconfig once the API server lets in whoever runs this `up`; at a preview, and with `inside: later`, at once.

    `groups` are the object ids, by name, of the groups that administer or apply; `has_rights` as in `Circle`.
    """
    if pulumi.runtime.is_dry_run() or cluster.inside == "later":
        return kubeconfig

    async def let_in(known: Sequence[Any]) -> str:
        config, ids, rights = known
        named = {str(id_).lower(): name for name, id_ in ids.items() if id_}
        await wait(config, Circle(cluster, named, rights))
        return config

    return pulumi.Output.all(kubeconfig, dict(groups), has_rights).apply(let_in)


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
    groups = " or ".join(circle.admitting.values())
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
