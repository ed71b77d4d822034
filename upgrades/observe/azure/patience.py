"""How long a read of Azure is tried again: what passes by itself, as long as Azure says, and no longer than somebody waits for it."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from azure.core.pipeline.policies import RetryPolicy
from typing_extensions import override

LONGEST = 90.0
"""Seconds of a Retry-After that are waited for without a word; a longer one is told, and whoever asked tries again when it is over."""
PASSING = {
    HTTPStatus.REQUEST_TIMEOUT,
    HTTPStatus.CONFLICT,
    HTTPStatus.TOO_MANY_REQUESTS,
    HTTPStatus.INTERNAL_SERVER_ERROR,
    HTTPStatus.BAD_GATEWAY,
    HTTPStatus.SERVICE_UNAVAILABLE,
    HTTPStatus.GATEWAY_TIMEOUT,
}


class Patience(RetryPolicy[Any, Any]):
    """The SDK's own tries, but none of a refusal, which the SDK asks for again when it has a Retry-After, and none after a long wait.

    Who does not take a connection twice is not there; who is busy is asked for longer.
    """

    def __init__(self, **options: Any) -> None:
        super().__init__(
            **{
                "retry_total": 4,
                "retry_connect": 1,
                "retry_on_status_codes": [HTTPStatus.CONFLICT],
                **options,
            }
        )

    @override
    def is_retry(self, settings: dict[str, Any], response: Any) -> bool:
        """Tell whether an answer is worth another try."""
        if response.http_response.status_code not in PASSING:
            return False
        return (self.get_retry_after(response) or 0) <= LONGEST and super().is_retry(settings, response)

    @override
    def get_retry_after(self, response: Any) -> float | None:
        """Return the seconds of Retry-After, which may be a number or a date; None for what is neither."""
        try:
            return super().get_retry_after(response)
        except (ValueError, TypeError):
            return None
