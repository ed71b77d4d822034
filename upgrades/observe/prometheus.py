"""The alerts that fire, as a Prometheus tells: one in the cluster through the API server, any other directly.

Sources: the Prometheus HTTP API (`/api/v1/alerts`); Kubernetes, "Access services running on clusters" for the way through
the API server; Azure Monitor, "Query Prometheus metrics using the API" for the token that its endpoint wants.
"""

from __future__ import annotations

import json
import re
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import httpx

from settings.facts.clouds import PUBLIC, clouds
from settings.fields.patterns import finds
from upgrades.model.surroundings import Alert

if TYPE_CHECKING:
    from collections.abc import Iterable

    from upgrades.observe.cluster.api_reader import ApiReader

PATH = "/api/v1/alerts"
IN_CLUSTER = re.compile(r"(?P<service>[a-z0-9-]+)\.(?P<namespace>[a-z0-9-]+)(\.svc(\.cluster\.local)?)?\.?")
"""A host that only the cluster's own DNS knows."""
PASSING, WAITS = {408, 409, 429, 500, 502, 503, 504}, (1.0, 2.0, 4.0)
"""Answers that pass by themselves, and the seconds to wait before each new try."""
AZURE_MONITOR = re.compile(r"\.prometheus\.monitor\.azure\.(com|cn|us)$")


@dataclass(frozen=True, slots=True)
class Source:
    """A Prometheus and the alerts that do not count there: those that match (by RE2, as kured does), or (`only`) those that do not."""

    url: str
    pattern: str = "^Watchdog$"
    only: bool = False


def firing(source: Source, reader: ApiReader) -> list[Alert]:
    """Return the alerts that fire and count. Raises httpx.HTTPError, ApiException, ValueError."""
    url = urlsplit(source.url)
    inside = IN_CLUSTER.fullmatch(url.hostname or "")
    if inside:
        port = url.port or (443 if url.scheme == "https" else 80)
        service = f"{url.scheme}:{inside['service']}:{port}"
        proxied = f"/api/v1/namespaces/{inside['namespace']}/services/{service}/proxy"
        text = reader.text(f"{proxied}{url.path.rstrip('/')}{PATH}")
    else:
        headers = (
            {"Authorization": f"Bearer {_token(found[1])}"}
            if (found := AZURE_MONITOR.search(url.hostname or ""))
            else {}
        )
        text = _asked(f"{source.url.rstrip('/')}{PATH}", headers)
    try:
        return list(_counting(source, json.loads(text)["data"]["alerts"]))
    except (KeyError, TypeError, ValueError, AttributeError):
        raise ValueError(f"{source.url} does not answer as a Prometheus does") from None


def _asked(url: str, headers: dict[str, str]) -> str:
    """Ask, and ask again for what passes by itself."""
    for wait in (*WAITS, None):
        try:
            answer = httpx.get(url, headers=headers, timeout=30)
            if wait is None or answer.status_code not in PASSING:
                return answer.raise_for_status().text
        except httpx.TransportError:
            if wait is None:
                raise
        time.sleep(wait)
    raise AssertionError("the last try returns or raises")


def _counting(source: Source, alerts: Iterable[dict[str, Any]]) -> Iterable[Alert]:
    for alert in alerts:
        labels: dict[str, str] = alert["labels"]
        name = labels.get("alertname", "")
        if alert["state"] == "firing" and finds(source.pattern, name) is source.only:
            yield Alert(name, labels.get("severity", ""))


def _token(end: str) -> str:
    """Return a token for the Prometheus of a cloud, which the end of its hosts tells: com, us, cn."""
    from upgrades.observe.azure.login import login  # noqa: PLC0415  # loads the Azure SDK

    cloud = next(one for one in clouds().values() if one.prometheus.endswith(f".{end}"))
    return (
        login(cloud.authority if cloud.name != PUBLIC else None)
        .get_token(f"{cloud.prometheus}/.default")
        .token
    )
