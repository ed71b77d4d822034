"""The catalog against an Azure that cannot be asked, or answers something else: one line each, and nothing is changed."""

from __future__ import annotations

import logging
import socket
import sys
from typing import Any

import pytest
from azure.core.exceptions import ClientAuthenticationError
from azure.identity import DefaultAzureCredential
from secure_aks_lifecycle.cli import main
from secure_aks_lifecycle.facts.azure import ENDPOINT

from tests.lifecycle.azure_versions import listed


@pytest.mark.parametrize(
    ("body", "status", "words"),
    [
        ({}, 200, "holds no versions; check the region's name"),
        ({"values": []}, 200, "holds no versions"),
        ({"values": None}, 200, "holds no versions"),
        ({"values": [{"isPreview": True}]}, 200, "values[0]: 'None' is not a minor version"),
        ({"values": [{"version": "1.36.3"}]}, 200, "values[0]: '1.36.3' is not a minor version"),
        ({"values": [{"version": "1.36", "patchVersions": {"1.36": {}}}]}, 200, "'1.36' names no patch"),
        (
            b"<html>proxy</html>",
            200,
            "does not answer as Azure Resource Manager does; name that with --endpoint",
        ),
        (b'{"values": [', 200, "does not answer as Azure Resource Manager does; name that with --endpoint"),
        (b"[]", 200, "holds no versions; check the region's name"),
        (b"7", 200, "holds no versions; check the region's name"),
        (
            {"error": {"code": "NotHere", "message": "no region"}},
            404,
            "refused: 404 (NotHere) no region; see that --location",
        ),
        (
            {"error": {"code": "Forbidden", "message": "no right"}},
            403,
            "no right; see that --location and --subscription",
        ),
        ({"error": {"code": "ExpiredToken", "message": "it is old"}}, 401, "it is old; log in: az login"),
        (b"oops", 500, "refused: 500 without a word; run again in a while"),
    ],
)
def test_a_useless_answer_is_one_line_and_changes_nothing(
    azure, refresh, capsys, tmp_path, body, status, words
) -> None:
    azure.answers(body, status)
    before = (tmp_path / "catalog.yaml").read_text()
    assert refresh("--write") == 1
    said = capsys.readouterr().err
    assert words in said
    assert len(said.strip().splitlines()) == 1
    assert (tmp_path / "catalog.yaml").read_text() == before


def test_a_wrong_answer_names_all_its_problems(azure, refresh, capsys) -> None:
    azure.answers({"values": [{"version": "x"}, {"version": "1.36"}, {"version": "y"}]})
    assert refresh() == 1
    said = capsys.readouterr().err
    assert "values[0]" in said
    assert "values[2]" in said


def test_the_only_subscription_needs_no_name(azure, refresh) -> None:
    azure.answers(listed() | {"value": [{"subscriptionId": "abc", "displayName": "Dev"}]})
    assert refresh(subscription="") == 0
    assert azure.paths[0].startswith("/subscriptions?")
    assert azure.paths[-1].startswith("/subscriptions/abc/providers/Microsoft.ContainerService/")


@pytest.mark.parametrize(
    ("seen", "words"),
    [([], "this login sees none"), (["a", "b"], "this login sees a (Sub a), b (Sub b)")],
)
def test_without_a_subscription_it_says_which_there_are(azure, refresh, capsys, seen, words) -> None:
    azure.answers({"value": [{"subscriptionId": one, "displayName": f"Sub {one}"} for one in seen]})
    assert refresh(subscription="") == 1
    said = capsys.readouterr().err
    assert "pass --subscription, or set AZURE_SUBSCRIPTION_ID" in said
    assert words in said


@pytest.mark.parametrize("body", [b"<html>", {}, [], {"value": [{}]}, {"value": 7}, {"value": ["x"]}])
def test_subscriptions_of_another_shape_are_one_line(azure, refresh, capsys, body) -> None:
    azure.answers(body)
    assert refresh(subscription="") == 1
    where = f"http://127.0.0.1:{azure.server.server_port}"
    assert capsys.readouterr().err == (
        f"{where} does not answer as Azure Resource Manager does; name that with --endpoint, or mend the proxy on the way\n"
    )


def test_a_server_that_is_not_there_is_one_line(capsys) -> None:
    with socket.socket() as taken:  # nobody listens there, nor can anybody begin to
        taken.bind(("127.0.0.1", 0))
        where = f"http://127.0.0.1:{taken.getsockname()[1]}"
        assert (
            main(["refresh", "--location", "westeurope", "--subscription", "sub", "--endpoint", where]) == 1
        )
    assert capsys.readouterr().err == (
        f"{where} cannot be reached: the connection was refused; is the network (or its proxy) up, and --endpoint right?\n"
    )


@pytest.mark.parametrize(
    "endpoint", ["nonsense", "http://azure.invalid", "https://", "https://[", "ftp://127.0.0.1"]
)
def test_an_endpoint_that_no_login_may_be_sent_to_is_refused(capsys, endpoint) -> None:
    assert main(["refresh", "--location", "westeurope", "--subscription", "sub", "--endpoint", endpoint]) == 1
    said = capsys.readouterr().err
    assert said.startswith(
        f"--endpoint: '{endpoint}' is no address that a login may be sent to; write one with https, "
    )
    assert said.endswith(f"such as {ENDPOINT}\n")


def test_nobody_logged_in_is_one_line(monkeypatch, capsys, caplog) -> None:
    """What `azure-identity` logs of each login that it tries is kept away, as its dozen lines of an error are."""

    def fails(*_scopes: str, **_options: Any) -> None:
        logging.getLogger("azure.identity._credentials.chained").warning("it failed")
        raise ClientAuthenticationError(message="DefaultAzureCredential failed\nAttempted credentials: ...")

    monkeypatch.setattr(DefaultAzureCredential, "get_token", fails)
    monkeypatch.setattr(DefaultAzureCredential, "get_token_info", fails)
    assert main(["refresh", "--location", "westeurope", "--subscription", "sub", "--endpoint", ENDPOINT]) == 1
    assert capsys.readouterr().err == "nobody is logged in to Azure; log in: az login\n"
    assert caplog.text == ""


def test_without_the_packages_for_azure_one_line_says_which(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "azure.core.exceptions", None)
    assert main(["refresh", "--location", "westeurope", "--subscription", "sub", "--endpoint", ENDPOINT]) == 1
    assert capsys.readouterr().err == "needs more packages: pip install 'secure-aks-lifecycle[azure]'\n"
