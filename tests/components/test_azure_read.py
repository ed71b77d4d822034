"""What Azure does not tell while the program runs ends it in a line: the setting, the reason, what to do."""

import asyncio

import pulumi
import pytest

from components.parts.azure_read import azure_read
from components.parts.kubeconfig import user_credentials
from tests.components.helpers import run

REFUSED = "invoke of azure-native:x:y failed: invocation of azure-native:x:y returned an error: Status=403 AuthorizationFailed"


def ended(read, monkeypatch, error):
    """What a program ends with, of which Azure refuses the one question."""
    told = []

    async def refuse(*_):
        raise error

    async def asked():
        parent = pulumi.ComponentResource("secure-aks:index:Thing", "thing")
        with pytest.raises(
            type(error) if isinstance(error, asyncio.CancelledError) else pulumi.RunError
        ) as found:
            await read(parent)
        told.append(str(found.value))

    monkeypatch.setattr(pulumi.runtime, "invoke_async", refuse)
    run(asked)
    return told[0]


def test_a_refusal_has_the_setting_the_reason_and_the_remedy(monkeypatch):
    said = ended(
        lambda parent: azure_read("x:y", {}, "secure-aks:x\n  the thing", "do this", parent),
        monkeypatch,
        Exception(REFUSED),
    )
    assert said == "secure-aks:x\n  the thing cannot be read: Status=403 AuthorizationFailed\n  -> do this"


def test_a_kubeconfig_that_may_not_be_listed_names_the_role(monkeypatch):
    said = ended(lambda parent: user_credentials("rg", "aks-dev", parent), monkeypatch, Exception(REFUSED))
    assert "secure-aks:cluster.name\n  the kubeconfig of aks-dev cannot be read: Status=403" in said
    assert "Azure Kubernetes Service Cluster User Role" in said


@pytest.mark.parametrize(
    ("refused", "advised"),
    [
        ("Status=404 ResourceNotFound", "pulumi refresh"),
        ("GET https://x\nRESPONSE 404: 404 Not Found", "pulumi refresh"),
        ("Status=403 AuthorizationFailed", "Cluster User Role"),
        ("Status=429 TooManyRequests", "run `up` again"),
        ("autorest: StatusCode=503", "run `up` again"),
        ("dial tcp: lookup management.azure.com: no such host", "Cluster User Role"),
    ],
)
def test_what_helps_follows_from_azures_answer(monkeypatch, refused, advised):
    error = Exception(f"invocation of x returned an error: {refused}")
    said = ended(lambda parent: user_credentials("rg", "aks-dev", parent), monkeypatch, error)
    _, _, remedy = said.partition("\n  -> ")
    assert advised in remedy
    others = {"pulumi refresh", "Cluster User Role", "Azure gave no answer"} - {advised}
    assert [one for one in others if one in remedy and advised != "run `up` again"] == []


def test_an_end_of_the_program_is_none_of_azures_refusals(monkeypatch):
    ended(lambda parent: azure_read("x:y", {}, "x", "y", parent), monkeypatch, asyncio.CancelledError())
