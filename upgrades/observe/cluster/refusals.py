"""What the API server's answer to an eviction that it was asked without doing it (`dryRun: All`) means.

Source: Kubernetes, "API-initiated Eviction": 201 evicts, 429 a budget does not allow it now, 500 a misconfiguration such as several
budgets over one pod or a webhook that does not answer, 404 the pod is gone; a webhook that denies answers with its own code, 403 unless it says another.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from upgrades.model.workloads import Eviction

if TYPE_CHECKING:
    from collections.abc import Mapping

    from upgrades.model.workloads import Pod

GONE, TOO_MANY, FORBIDDEN = 404, 429, 403
_WEBHOOK = re.compile(r'admission webhook "([^"]+)" denied the request:? ?(.*)', re.DOTALL)
_SILENT = re.compile(r'failed (?:calling|to call) webhook "([^"]+)":? ?(.*)', re.DOTALL)
"""How the API server tells of a webhook with failurePolicy Fail that is not there: a drain would be refused alike."""
_NO_DRY_RUN = re.compile(r'admission webhook "([^"]+)" does not support dry run')


class NotAskedError(Exception):
    """The answer tells nothing of the eviction: whoever asks may not evict, or the API server failed; the message says which."""


def body(pod: Pod) -> dict[str, Any]:
    """Return the request: POST it to the pod's `eviction` subresource. It changes nothing."""
    return {
        "apiVersion": "policy/v1",
        "kind": "Eviction",
        "metadata": {"namespace": pod.namespace, "name": pod.name},
        "deleteOptions": {"dryRun": ["All"]},
    }


def refusal(pod: Pod, status: int, answer: Mapping[str, Any]) -> Eviction | None:
    """Return the refusal that an answer is; None when the pod would go, or is gone. Raises NotAskedError."""
    message = str(answer.get("message") or answer.get("reason") or f"HTTP {status}").strip()
    if status < 300 or status == GONE:  # noqa: PLR2004  # any success
        return None
    if unasked := _NO_DRY_RUN.search(message):
        raise NotAskedError(
            f"cannot be asked: webhook {unasked[1]} takes no dry runs (its sideEffects are not None)"
        )
    if silent := _SILENT.search(message):
        return _refused(
            pod,
            f"webhook {silent[1]} does not answer, and nothing goes without its word: {silent[2].strip()}",
        )
    hook = _WEBHOOK.search(message)
    if hook:
        said = hook[2].strip() or "without a reason"
        return _refused(pod, f"webhook {hook[1]} denies it: {said}")
    if status == TOO_MANY:
        if _cause(answer) != "DisruptionBudget" and "disruption budget" not in message.lower():
            raise NotAskedError(f"the API server is busy (429): {message}")
        return _refused(pod, f"a PodDisruptionBudget does not allow it now: {_detail(answer) or message}")
    if "more than one PodDisruptionBudget" in message:
        return _refused(
            pod, "more than one PodDisruptionBudget counts it, and Kubernetes never evicts such a pod"
        )
    if status == FORBIDDEN and "cannot create resource" in message:
        raise NotAskedError(f"may not ask (403): {message}; grant create on pods/eviction")
    if status in {400, FORBIDDEN, 409, 422}:
        return _refused(pod, f"refused ({status}): {message}")
    raise NotAskedError(f"the API server answered {status}: {message}")


def _refused(pod: Pod, why: str) -> Eviction:
    return Eviction(pod.namespace, pod.name, pod.pool, " ".join(why.split()))


def _causes(answer: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    details: Any = answer.get("details") or {}
    return list(details.get("causes") or ())


def _cause(answer: Mapping[str, Any]) -> str:
    return next((str(cause.get("reason", "")) for cause in _causes(answer)), "")


def _detail(answer: Mapping[str, Any]) -> str:
    return next((str(cause.get("message", "")) for cause in _causes(answer)), "")
