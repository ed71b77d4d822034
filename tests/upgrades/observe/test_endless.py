"""Lists without an end, and answers that lead elsewhere: told in one line, and a login stays where it belongs."""

from __future__ import annotations

import http.server
import json
import ssl
import threading
import urllib.error
from contextlib import contextmanager
from datetime import timedelta
from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from azure.core.exceptions import AzureError as SdkError
from azure.core.pipeline.policies import SansIOHTTPPolicy
from azure.core.rest import HttpRequest
from kubernetes import client as client_module

from components.admitted.ask import _review
from tests.upgrades.check.arm import SUBSCRIPTION, azure
from tests.upgrades.check.arm import cluster as aks
from upgrades.journal import place
from upgrades.observe import pages as pages_module
from upgrades.observe.azure import reader as reader_module
from upgrades.observe.cluster.api_reader import ApiReader, patient
from upgrades.observe.errors import AzureError, ClusterError

CLUSTERS = f"/subscriptions/{SUBSCRIPTION}/providers/Microsoft.ContainerService/managedClusters"
USAGES = f"/subscriptions/{SUBSCRIPTION}/providers/Microsoft.Compute/locations/westeurope/usages"
READS = {
    CLUSTERS: lambda azure: azure.clusters(),
    USAGES: lambda azure: azure.listed("Microsoft.Compute/locations/westeurope/usages", "2024-07-01"),
}
"""A list that the SDK reads, and one that is ours."""
KEY = "secret-token"


@contextmanager
def endless(answer):
    """Put up a server that answers the nth request (from 1) with a status, headers and a body; yield its address and what it was sent."""
    asked: list[dict[str, str]] = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length") or 0))
            asked.append({name.lower(): value for name, value in self.headers.items()})
            status, headers, body = answer(len(asked))
            self.send_response(status)
            for name, value in {**headers, "Content-Length": str(len(body))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        do_POST = do_GET  # noqa: N815  # the base class looks for this name

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # the base class's name
            del format, args

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", asked
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def one_line(error) -> str:
    text = str(error.value)
    assert "\n" not in text
    return text


@pytest.mark.parametrize("path", READS)
@pytest.mark.parametrize("more", ["", "?page=1"])
def test_a_page_that_comes_again_ends_the_list(arm, path, more):
    arm.put(path, {"value": [aks("a", "1.35.6")], "nextLink": f"{arm.url}{path}{more or '?'}"})
    with pytest.raises(AzureError) as error:
        READS[path](azure(arm))
    assert "the list has no end" in one_line(error)
    assert len(arm.asked) <= 3


@pytest.mark.parametrize("path", READS)
def test_pages_without_end_are_read_up_to_a_bound(path, monkeypatch):
    monkeypatch.setattr(pages_module, "MOST", 5)
    link = "http://{}{}?page={}"

    def answer(number):
        return 200, {}, json.dumps({"value": [], "nextLink": link.format(where[7:], path, number)}).encode()

    with endless(answer) as (where, asked):
        with pytest.raises(AzureError, match="the list has no end: 5 pages were read") as error:
            READS[path](azure(where))
        assert len(asked) == 5
    assert "see which proxy" in one_line(error)


@pytest.mark.parametrize("path", READS)
@pytest.mark.parametrize("redirected", [False, True])
def test_a_login_does_not_go_to_another_host(arm, path, redirected):
    """As a page's link, which the SDK would follow with the token; and as a redirect, which it would follow without."""
    with endless(lambda _: (200, {}, b'{"value": []}')) as (elsewhere, asked):
        there = elsewhere.replace("127.0.0.1", "localhost") + path
        arm.put(path, (307, b"", {"Location": there}) if redirected else {"value": [], "nextLink": there})
        with pytest.raises(AzureError, match="another host, 'localhost'") as error:
            READS[path](azure(arm, authentication_policy=_Login()))
        assert asked == []
    one_line(error)


def test_a_region_of_the_same_host_is_no_other_host():
    def asked(*addresses: str) -> None:
        guard = reader_module._Guard()
        for address in addresses:
            guard.on_request(SimpleNamespace(http_request=HttpRequest("GET", address)))

    asked(
        "https://arm.example/a", "https://arm.example:443/a?page=2", "https://westeurope.arm.example/a?page=3"
    )
    for other in ("https://notarm.example/a", "http://arm.example/a", "https://arm.example:8443/a"):
        with pytest.raises(SdkError, match="another host"):
            asked("https://arm.example/a", other)


class _Login(SansIOHTTPPolicy[Any, Any]):
    """Sends the token as the SDK does, which wants TLS for it."""

    def on_request(self, request: Any) -> None:
        request.http_request.headers["Authorization"] = f"Bearer {KEY}"


def reader(where: str) -> ApiReader:
    configuration = client_module.Configuration(host=where)
    configuration.api_key = {"authorization": KEY}
    configuration.api_key_prefix = {"authorization": "Bearer"}
    return ApiReader(patient(client_module.ApiClient(configuration)))


@pytest.mark.parametrize(("token", "most"), [("same", 2), ("n{}", 5), (7, 2)])
def test_an_api_servers_list_without_end_is_told(token, most, monkeypatch):
    monkeypatch.setattr(pages_module, "MOST", 5)

    def answer(number):
        said = token.format(number) if isinstance(token, str) else token
        return 200, {}, json.dumps({"items": [], "metadata": {"continue": said}}).encode()

    with endless(answer) as (where, asked), pytest.raises(ClusterError, match="the list has no end") as error:
        reader(where).items("/api/v1/pods")
    assert len(asked) == most
    assert where in one_line(error)


def test_a_mark_goes_back_to_the_api_server_as_it_came(arm):
    arm.put("/api/v1/pods", [{"items": [1], "metadata": {"continue": "a+b/c==&limit=1"}}, {"items": [2]}])
    assert reader(arm.url).items("/api/v1/pods") == [1, 2]
    asked = [parse_qs(urlsplit(path).query) for path in arm.asked]
    assert asked == [{"limit": ["500"]}, {"limit": ["500"], "continue": ["a+b/c==&limit=1"]}]


def test_an_api_server_that_leads_elsewhere_takes_no_token_along():
    with endless(lambda _: (200, {}, b'{"items": []}')) as (elsewhere, asked):
        there = {"Location": elsewhere.replace("127.0.0.1", "localhost")}
        with endless(lambda _: (307, there, b"")) as (where, first):
            reader(where).items("/api/v1/pods")
            assert first[0]["authorization"] == f"Bearer {KEY}"
            assert "authorization" not in asked[0]
        with endless(lambda _: (302, there, b"")) as (where, first):
            with pytest.raises(urllib.error.HTTPError):
                _review(where, ssl.create_default_context(), KEY)
            assert len(asked) == 1


@pytest.mark.parametrize(
    "item",
    [
        "",
        "<Contents><Key>p/1</Key><LastModified>2026-11-23T09:00:00Z</LastModified><Size>1</Size></Contents>",
    ],
)
def test_a_store_whose_list_has_no_end_is_told(item, monkeypatch):
    """obstore itself asks for ever where the pages are empty."""
    monkeypatch.setattr(place, "LIST", timedelta(seconds=0.2))
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "a")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "b")
    more = "<IsTruncated>true</IsTruncated><NextContinuationToken>same</NextContinuationToken>"
    page = f"<ListBucketResult>{item}{more}</ListBucketResult>".encode()
    with endless(lambda _: (200, {}, page)) as (where, _):
        url = f"s3://bucket?endpoint={where}&region=x&disableSSL=true"
        store = place.opened(url, "aks", "dev", {})
        with pytest.raises(place.PlaceError, match="its list has not ended") as error:
            place.listed(store, url, "p")
    one_line(error)
