"""Where nobody answers, or lets nobody in, what a gate is told is one line with what to do: alerts of a Prometheus, the login to Azure."""

from __future__ import annotations

from typing import Any

import pytest
from azure.core.exceptions import ClientAuthenticationError
from kubernetes import client as client_module

from upgrades.observe import live
from upgrades.observe import prometheus as prometheus_module
from upgrades.observe.azure.login import Login, NoLoginError
from upgrades.observe.azure.reader import asked
from upgrades.observe.cluster.parts import Parts
from upgrades.observe.errors import AzureError, ClusterError
from upgrades.observe.live import PROMETHEUS
from upgrades.observe.prometheus import Source

CLIENT = client_module.ApiClient()


def unread(source: Source, client: Any = CLIENT) -> str:
    found = Parts()
    found.add("alerts", lambda: live._alerts(source, client))
    assert found.parts == {"alerts": None}
    return found.unread["alerts"]


@pytest.fixture(autouse=True)
def at_once(monkeypatch):
    monkeypatch.setattr(prometheus_module, "WAITS", ())


def test_a_prometheus_that_answers_otherwise_is_asked_for(arm):
    assert unread(Source(arm.url)) == f"{arm.url} answered 404; is it the Prometheus?"
    arm.put("/api/v1/alerts", (200, b"<html>"))
    assert unread(Source(arm.url)) == f"{arm.url} does not answer as a Prometheus does"


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:9", "prometheus:9090", "https://prometheus.nowhere.invalid"]
)
def test_a_prometheus_that_cannot_be_reached_is_told_with_what_names_another(url):
    assert unread(Source(url)) == (
        f"{url} cannot be reached; set {PROMETHEUS} to an address that can, or mend kured's `prometheus`"
    )


def test_without_an_api_server_the_alerts_say_why_there_is_none():
    assert unread(Source("http://prometheus.monitoring"), ClusterError("the cluster is stopped")) == (
        "the cluster is stopped"
    )


class Refuses:
    """A credential that gives nothing, and counts how often it is asked."""

    def __init__(self, words: str) -> None:
        self.words, self.asked = words, 0

    def get_token(self, *_scopes: str, **_options: Any) -> Any:
        self.asked += 1
        raise ClientAuthenticationError(message=self.words)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("DefaultAzureCredential failed\nAttempted ...", "nobody is logged in to Azure; log in: az login"),
        (
            "Authentication failed: AADSTS7000222: The provided client secret keys are expired. Visit ...\nTrace ID: 1",
            "Entra refuses the login (AADSTS7000222: The provided client secret keys are expired); log in: az login",
        ),
    ],
)
def test_a_login_that_fails_is_one_line_and_asked_once(monkeypatch, words, said):
    credential = Refuses(words)
    login = Login(credential)
    monkeypatch.setattr("upgrades.observe.azure.login.login", lambda *_: login)
    for _ in range(2):
        with pytest.raises(AzureError) as raised:
            asked(lambda: login.get_token("https://management.azure.com/.default"))
        assert str(raised.value) == said
    assert unread(Source("https://x.westeurope.prometheus.monitor.azure.com")) == said
    assert credential.asked == 1


def test_a_login_is_no_refusal_of_azures(monkeypatch):
    """Azure's own answer is told as its own."""

    def refused() -> Any:
        error = ClientAuthenticationError(message="The access token has expired.\nmore")
        error.status_code = 401
        raise error

    with pytest.raises(
        AzureError, match=r"^Azure answered 401: The access token has expired\.; log in anew: az login$"
    ):
        asked(refused)

    def nobody() -> Any:
        raise NoLoginError("nobody is logged in to Azure; log in: az login")

    with pytest.raises(AzureError, match=r"^nobody is logged in to Azure; log in: az login$"):
        asked(nobody)
