"""The APIs in use that a known minor removes, as the API server's own metrics have them, and whether anybody writes by them.

Source: Kubernetes metrics reference, `apiserver_requested_deprecated_apis` and `apiserver_request_total`. AKS refuses an upgrade for
writes only.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from upgrades.model.workloads import DeprecatedApi

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .api_reader import ApiReader

METRIC = re.compile(r"^apiserver_requested_deprecated_apis\{(?P<labels>[^}]*)\}\s+1(?:\.0*)?$", re.MULTILINE)
REQUESTS = re.compile(r"^apiserver_request_total\{(?P<labels>[^}]*)\}\s+(?P<count>\S+)$", re.MULTILINE)
LABEL = re.compile(r'(\w+)="((?:[^"\\]|\\.)*)"')
SINCE = "asked for since this API server started; AKS itself counts the last 12 hours"
"""The metric remembers no times and each API server counts for itself, so it may tell of a caller that is gone."""

WRITES = {"POST", "PUT", "PATCH", "APPLY", "DELETE", "DELETECOLLECTION"}
"""The verbs, as the metric has them, that change something."""

Api = tuple[str, str, str]


def deprecated(reader: ApiReader) -> Iterator[DeprecatedApi]:
    """Yield them, each once. Where the requests are not counted, an API counts as written."""
    text = reader.metrics()
    written, read = _requests(text)
    found: dict[tuple[Api, str], None] = {}
    for match in METRIC.finditer(text):
        labels = dict(LABEL.findall(match["labels"]))
        if labels.get("removed_release"):
            found[_api(labels), labels["removed_release"]] = None
    for api, removed_in in found:
        group, version, resource = api
        name = f"{group}/{version} {resource}" if group else f"{version} {resource}"
        yield DeprecatedApi(name, removed_in, SINCE, written=api in written or api not in read)


def _requests(metrics: str) -> tuple[set[Api], set[Api]]:
    """Return the APIs that were written by, and those that were read by."""
    written, read = set[Api](), set[Api]()
    for match in REQUESTS.finditer(metrics):
        labels = dict(LABEL.findall(match["labels"]))
        if float(match["count"]) > 0:
            (written if labels.get("verb", "") in WRITES else read).add(_api(labels))
    return written, read


def _api(labels: dict[str, str]) -> Api:
    return labels.get("group", ""), labels.get("version", ""), labels.get("resource", "")
