"""The catalog against Azure, over real HTTP."""

from __future__ import annotations

import json
import logging
import shutil
import socket
import sys
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from azure.core.exceptions import ClientAuthenticationError
from azure.identity import DefaultAzureCredential
from secure_aks_lifecycle.cli import main
from secure_aks_lifecycle.facts import catalog
from secure_aks_lifecycle.facts.azure import ENDPOINT
from secure_aks_lifecycle.facts.catalog import Catalog
from secure_aks_lifecycle.facts.schema import CatalogData, problems

if TYPE_CHECKING:
    from collections.abc import Callable, Generator
    from pathlib import Path

LISTED: dict[str, dict[str, Any]] = {
    release: {"version": release, "patchVersions": {patch: {"upgrades": []} for patch in patches}}
    for release, patches in {
        "1.36": ["1.36.3"],
        "1.35": ["1.35.5", "1.35.7"],
        "1.34": ["1.34.10"],
        "1.33": ["1.33.13"],
        "1.32": ["1.32.11"],
        "1.31": ["1.31.10"],
    }.items()
}
for _lts in ("1.31", "1.32", "1.33"):
    LISTED[_lts]["capabilities"] = {"supportPlan": ["AKSLongTermSupport"]}


class Azure:
    """Answers every request with one status and body, and remembers the paths."""

    def __init__(self) -> None:
        self.status, self.body, self.paths = 200, b"", list[str]()
        azure = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                azure.paths.append(self.path)
                self.send_response(azure.status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(azure.body)))
                self.end_headers()
                self.wfile.write(azure.body)

            def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  # the base class's name
                del format, args

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.thread = threading.Thread(target=self.server.serve_forever, daemon=True)
        self.thread.start()

    def answers(self, body: Any, status: int = 200) -> None:
        self.status, self.body = status, body if isinstance(body, bytes) else json.dumps(body).encode()

    def stop(self) -> None:
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()


@pytest.fixture
def azure() -> Generator[Azure]:
    server = Azure()
    yield server
    server.stop()


@pytest.fixture
def refresh(azure: Azure, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., int]:
    monkeypatch.setenv("SECURE_AKS_CLOCK", "2026-11-23")
    monkeypatch.delenv("AZURE_SUBSCRIPTION_ID", raising=False)
    shutil.copy(catalog.SHIPPED, tmp_path / "catalog.yaml")

    def run(*more: str, subscription: str = "sub") -> int:
        endpoint = ["--endpoint", f"http://127.0.0.1:{azure.server.server_port}"]
        named = ["--subscription", subscription] if subscription else []
        return main(
            [
                "refresh",
                "--location",
                "westeurope",
                "--catalog",
                str(tmp_path / "catalog.yaml"),
                *endpoint,
                *named,
                *more,
            ]
        )

    return run


def listed(**changes: Any) -> dict[str, Any]:
    """Azure's answer, with minors changed, added or (None) left out."""
    merged = LISTED | {key.replace("_", "."): value for key, value in changes.items()}
    return {"values": [value for value in merged.values() if value is not None]}


def test_nothing_new_is_no_difference(azure, refresh, capsys, tmp_path) -> None:
    azure.answers(listed())
    before = (tmp_path / "catalog.yaml").read_text()
    assert refresh() == 0
    said = capsys.readouterr().out
    assert "holds all that westeurope offers" in said
    assert "nothing written" in said
    assert (tmp_path / "catalog.yaml").read_text() == before
    assert "/locations/westeurope/kubernetesVersions" in azure.paths[0]


def test_the_difference_as_json(azure, refresh, capsys, tmp_path) -> None:
    azure.answers(listed(**{"1_36": {"version": "1.36", "patchVersions": {"1.36.9": {}}}}))
    before = (tmp_path / "catalog.yaml").read_text()
    assert refresh("--json") == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["location"], told["after"], told["written"]) == ("westeurope", "2026-11-23", False)
    assert any("1.36.9" in line for line in told["differences"])
    assert (tmp_path / "catalog.yaml").read_text() == before
    assert refresh("--json", "--write") == 0
    assert json.loads(capsys.readouterr().out)["written"] is True
    assert "1.36.9" in (tmp_path / "catalog.yaml").read_text()


def test_the_difference_is_shown_and_written(azure, refresh, capsys, tmp_path) -> None:
    azure.answers(
        listed(
            # None is what Azure sends for a switch that is off, and for no upgrades.
            **{
                "1_38": {
                    "version": "1.38",
                    "isPreview": True,
                    "patchVersions": {"1.38.0": {"upgrades": None}},
                },
                "1_37": {"version": "1.37", "isPreview": None, "patchVersions": {"1.37.1": {}}},
                "1_36": {"version": "1.36", "patchVersions": {"1.36.3": {}, "1.36.4": {"upgrades": None}}},
                "1_34": {
                    "version": "1.34",
                    "capabilities": {"supportPlan": ["AKSLongTermSupport"]},
                    "patchVersions": None,
                },
                "1_35": None,
            }
        )
    )
    assert refresh("--write") == 0
    said = capsys.readouterr().out
    for line in (
        "+ 1.36.4 is offered",
        "~ 1.37 is generally available; it is dated 2026-11-23",
        "+ 1.37.1 is offered",
        "+ 1.38 is new here: its dates are estimated",
        "~ 1.34 is offered with long-term support only: its support ended before 2026-11-23",
        "? 1.35 has support here, but westeurope does not offer it",
    ):
        assert line in said
    file = tmp_path / "catalog.yaml"
    assert problems(CatalogData, yaml.safe_load(file.read_text())) == []
    new = Catalog.load(file)
    assert new.date.isoformat() == "2026-11-23"
    assert "versions offered in westeurope on 2026-11-23" in new.source
    newest = new.newest(new.date)
    assert newest is not None
    assert newest.minor == (1, 37)
    ended = new.release((1, 34))
    assert ended is not None
    assert ended.end_of_life.isoformat() == "2026-11-22"
    assert "1.36.4" in file.read_text()
    assert [path.name for path in tmp_path.iterdir()] == ["catalog.yaml"], "no temporary file stays behind"


def test_a_second_refresh_finds_nothing(azure, refresh, capsys) -> None:
    azure.answers(listed(**{"1_36": {"version": "1.36", "patchVersions": {"1.36.3": {}, "1.36.4": {}}}}))
    refresh("--write")
    capsys.readouterr()
    assert refresh("--write") == 0
    assert "holds all that westeurope offers" in capsys.readouterr().out


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
