"""Raw reads of a Kubernetes API server: lists page by page, each fetched once; and questions that are POSTed and change nothing."""

from __future__ import annotations

import json
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import parse_qsl, quote

from kubernetes.client import ApiException, rest
from secure_aks_lifecycle.facts.reach import why
from urllib3 import Retry
from urllib3.exceptions import HTTPError

from upgrades.observe.errors import ClusterError
from upgrades.observe.pages import EndlessError, pages

from .refusals import is_admission

if TYPE_CHECKING:
    from kubernetes.client import ApiClient

Json = dict[str, Any]

RETRY = Retry(
    total=4,
    connect=1,
    read=2,
    backoff_factor=0.5,
    status_forcelist=(429, 500, 502, 503, 504),
    allowed_methods=Retry.DEFAULT_ALLOWED_METHODS | {"PATCH"},
    raise_on_status=False,
)
"""What passes by itself is asked for again: a throttled, failing or restarting API server, a lost connection.

Who takes no connection twice is not there. A merge patch done twice is done once; an answer to a POST is for whoever asked to judge.
"""
PATCH = "application/merge-patch+json"
TIMEOUTS = (5, 30)
"""Seconds to connect, and to answer."""


def patient(client: ApiClient) -> ApiClient:
    """Return the client, which from now on asks again for what passes by itself."""
    untyped: Any = client  # carries no types
    untyped.configuration.retries = RETRY
    untyped.rest_client = rest.RESTClientObject(untyped.configuration)
    return client


class Lists(Protocol):
    """Whatever gives the objects of a collection: an API server, or what was printed of one."""

    def items(self, path: str) -> list[Json]:
        """Return every object of a collection, such as `/api/v1/pods`."""
        ...


class ApiReader:
    """Reads one API server with a client's rights; lists are fetched once and shared.

    Raises ApiException for what is refused, and ClusterError when nobody is let in or the API server cannot be reached: from
    then on at once.
    """

    def __init__(self, client: ApiClient) -> None:
        self.client = client
        self.lists: dict[str, list[Json]] = {}
        self._metrics: str | None = None
        self.closed: ClusterError | None = None

    def items(self, path: str) -> list[Json]:
        """Return every object of a collection."""
        if path not in self.lists:

            def page(token: str) -> tuple[Json, str]:
                more = f"&continue={quote(token, safe='')}" if token else ""
                answer = self.get(f"{path}?limit=500{more}")
                return answer, str(answer.get("metadata", {}).get("continue") or "")

            try:
                items = [item for one in pages("", page) for item in one.get("items") or ()]
            except EndlessError as error:
                client: Any = self.client  # carries no types
                raise ClusterError(
                    f"{client.configuration.host} answers {path} as no API server does: {error}"
                ) from None
            self.lists[path] = items
        return self.lists[path]

    def get(self, path: str) -> Json:
        """Return a JSON answer."""
        return json.loads(self.text(path))

    def text(self, path: str) -> str:
        """Return an answer as it came."""
        status, reason, data = self._asked("GET", path, None)
        if status != HTTPStatus.OK:
            raise ApiException(status=status, reason=reason)
        return data

    def metrics(self) -> str:
        """Return the API server's own metrics, fetched once: they are long."""
        if self._metrics is None:
            self._metrics = self.text("/metrics")
        return self._metrics

    def post(self, path: str, question: Json) -> tuple[int, str]:
        """Return the status and the answer to a question that changes nothing, such as a dry run; a refusal is an answer too."""
        status, _, data = self._asked("POST", path, question)
        return status, data

    def patch(self, path: str, change: Json) -> tuple[int, str]:
        """Change an object by a merge patch; return the status and the answer, a refusal too."""
        status, _, data = self._asked("PATCH", path, change)
        return status, data

    def _asked(self, method: str, path: str, content: Json | None) -> tuple[int, str, str]:
        # The generated API drops fields it does not know; raw JSON keeps what the API server said.
        client: Any = self.client  # carries no types
        resource, _, query = path.partition("?")
        headers = {"Accept": "application/json, text/plain"} | (
            {"Content-Type": PATCH if method == "PATCH" else "application/json"} if content else {}
        )
        request = client.param_serialize(
            method=method,
            resource_path=resource,
            query_params=parse_qsl(query, keep_blank_values=True),
            header_params=headers,
            body=content,
            auth_settings=["BearerToken"],
        )
        if self.closed:
            raise self.closed
        try:
            response = client.call_api(*request, _request_timeout=TIMEOUTS)
            data: bytes = response.read()
        except HTTPError as error:
            self.closed = ClusterError(
                f"{client.configuration.host} cannot be reached: {why(error)}; is the cluster running (az aks show), "
                "and may this network reach it (a private cluster, apiServerAccess in the stack file)?"
            )
            raise self.closed from None
        if response.status == HTTPStatus.UNAUTHORIZED and not is_admission(data.decode()):
            self.closed = ClusterError(
                f"{client.configuration.host} refused the token (401); log in anew, to the cluster's tenant: az login"
            )
            raise self.closed
        return response.status, str(response.reason), data.decode()
