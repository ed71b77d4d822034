"""What the API server's answer to an eviction that it was asked without doing it (`dryRun: All`) means.

Source: Kubernetes, "API-initiated Eviction": 201 evicts, 429 a budget does not allow it now, 500 a misconfiguration such as several
budgets over one pod or a webhook that does not answer, 404 the pod is gone; a webhook or an admission policy that denies answers with a code of its own choice,
404 and 401 too, so its words are read first.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from upgrades.model.workloads import Eviction

if TYPE_CHECKING:
    from collections.abc import Mapping

    from upgrades.model.workloads import Pod

GONE, TOO_MANY, FORBIDDEN, FIRST_OF_SERVER = 404, 429, 403, 500
_WEBHOOK = re.compile(r'admission webhook "([^"]+)" denied the request:? ?(.*)', re.DOTALL)
_SILENT = re.compile(r'failed (?:calling|to call) webhook "([^"]+)":? ?(.*)', re.DOTALL)
"""How the API server tells of a webhook with failurePolicy Fail that is not there: a drain would be refused alike."""
_POLICY = re.compile(
    r"""ValidatingAdmissionPolicy ['"]([^'"]+)['"] with binding \S+ denied request:? ?(.*)""", re.DOTALL
)
_NO_DRY_RUN = re.compile(r'admission webhook "([^"]+)" does not support dry run')


def is_admission(text: str) -> bool:
    """Tell whether an answer is that of a webhook or an admission policy, whatever its code: whoever asked was let in."""
    return bool(_WEBHOOK.search(text.replace('\\"', '"')) or _POLICY.search(text.replace('\\"', '"')))


class NotAskedError(Exception):
    """The answer tells nothing of the eviction: whoever asks may not evict, or the API server failed; the message says which."""


class BusyError(NotAskedError):
    """The API server is busy or failed by itself, which passes."""


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
    if status < 300:  # noqa: PLR2004  # any success
        return None
    if why := _by_admission(message):
        return _refused(pod, why)
    if status == GONE:
        return None
    return _refused(pod, _by_itself(status, message, answer))


def _by_admission(message: str) -> str:
    """Return who asked about the eviction and keeps it, in which words; empty where nobody does. Raises NotAskedError."""
    if unasked := _NO_DRY_RUN.search(message):
        raise NotAskedError(
            f"cannot be asked: webhook {unasked[1]} takes no dry runs (its sideEffects are not None)"
        )
    if silent := _SILENT.search(message):
        return f"webhook {silent[1]} does not answer, and nothing goes without its word: {silent[2].strip()}"
    for kind, pattern in (("webhook", _WEBHOOK), ("admission policy", _POLICY)):
        if found := pattern.search(message):
            return f"{kind} {found[1]} denies it: {found[2].strip() or 'without a reason'}"
    return ""


def _by_itself(status: int, message: str, answer: Mapping[str, Any]) -> str:
    """Return why the API server itself does not let a pod go. Raises NotAskedError."""
    if status == TOO_MANY:
        if _cause(answer) != "DisruptionBudget" and "disruption budget" not in message.lower():
            raise BusyError(f"the API server is busy (429): {message}")
        return f"a PodDisruptionBudget does not allow it now: {_detail(answer) or message}"
    if "more than one PodDisruptionBudget" in message:
        return "more than one PodDisruptionBudget counts it, and Kubernetes never evicts such a pod"
    if status == FORBIDDEN and "cannot create resource" in message:
        raise NotAskedError(f"may not ask (403): {message}; grant create on pods/eviction")
    if status in {400, FORBIDDEN, 409, 422}:
        return f"refused ({status}): {message}"
    failed = BusyError if status >= FIRST_OF_SERVER else NotAskedError
    raise failed(f"the API server answered {status}: {message}")


def _refused(pod: Pod, why: str) -> Eviction:
    return Eviction(pod.namespace, pod.name, pod.pool, " ".join(why.split()))


def _causes(answer: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    details: Any = answer.get("details") or {}
    return list(details.get("causes") or ())


def _cause(answer: Mapping[str, Any]) -> str:
    return next((str(cause.get("reason", "")) for cause in _causes(answer)), "")


def _detail(answer: Mapping[str, Any]) -> str:
    return next((str(cause.get("message", "")) for cause in _causes(answer)), "")
