"""Asks the API server whether it would evict the pods of a pool; asked with `dryRun: All`, it changes nothing.

The answer is that of the whole chain: budgets, admission webhooks, admission policies. It takes the right to create `pods/eviction`.
"""

from __future__ import annotations

import json
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

from upgrades.model.clusters import WHOLE
from upgrades.model.workloads import Eviction
from upgrades.observe.errors import ClusterError

from .refusals import BusyError, NotAskedError, body, refusal

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from upgrades.model.workloads import Pod

    from .api_reader import ApiReader

AT_ONCE = 8
"""Requests under way at a time."""
WAITS = (0.5, 1.0, 2.0, 4.0)
"""Seconds before a busy API server is asked again. The reader itself does not: to it, the 429 of a budget is one like any other."""


def evictions(reader: ApiReader, pods: Iterable[Pod], pool: str) -> list[Eviction]:
    """Return the refusals for the pods that a drain of a pool (WHOLE: of every pool) has to evict.

    Where some are refused and others cannot be asked for, the first of those is among them as not told. Raises ClusterError when all that
    is known is that some cannot be asked for. An API server that stayed busy for one pod is not waited for at each of the others.
    """
    asked = [pod for pod in pods if pool in {pod.pool, WHOLE} and not pod.stays]

    busy: list[Pod] = []

    def ask(pod: Pod) -> Eviction | ClusterError | None:
        try:
            return evicted(reader, pod, body(pod), () if busy else WAITS)
        except ClusterError as error:
            if isinstance(error.__cause__, BusyError):
                busy.append(pod)
            return error

    with ThreadPoolExecutor(AT_ONCE) as at_once:
        answers = list(zip(asked, at_once.map(ask, asked), strict=True))
    refused = [found for _, found in answers if isinstance(found, Eviction)]
    untold = [(pod, found) for pod, found in answers if isinstance(found, ClusterError)]
    if not untold:
        return refused
    pod, error = untold[0]
    if not refused:
        raise error
    return [*refused, Eviction(pod.namespace, pod.name, pod.pool, str(error), told=False)]


def evicted(
    reader: ApiReader, pod: Pod, request: Mapping[str, Any], waits: Iterable[float] | None = None
) -> Eviction | None:
    """Ask for an eviction, and again where the API server is busy; return the refusal, if any. Raises ClusterError."""
    left = iter(WAITS if waits is None else waits)
    while True:
        status, text = reader.post(
            f"/api/v1/namespaces/{pod.namespace}/pods/{pod.name}/eviction", dict(request)
        )
        try:
            return refusal(pod, status, answer(text))
        except NotAskedError as error:
            wait = next(left, None) if isinstance(error, BusyError) else None
            if wait is None:
                raise ClusterError(f"the eviction of pod {pod.namespace}/{pod.name} {error}") from error
            time.sleep(wait)


def answer(text: str) -> dict[str, Any]:
    """Return the Status that the API server wrote; what a proxy wrote instead is its message."""
    try:
        answer: Any = json.loads(text)
    except ValueError:
        answer = None
    return answer if isinstance(answer, dict) else {"message": text[:200]}  # pyright: ignore[reportUnknownVariableType]  # JSON
