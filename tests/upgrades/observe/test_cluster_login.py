"""The way into a cluster: the login plugin run as kubectl would, and each way in which it fails told in one line, at once."""

from __future__ import annotations

import json
import sys

import pytest
from kubernetes import client as client_module

from upgrades.observe.cluster import login as cluster_login
from upgrades.observe.cluster.api_reader import ApiReader, patient
from upgrades.observe.cluster.kubernetes import PARTS, read
from upgrades.observe.cluster.login import client_of, token_of
from upgrades.observe.errors import ClusterError

CREDENTIAL = {
    "apiVersion": "client.authentication.k8s.io/v1beta1",
    "kind": "ExecCredential",
    "status": {"token": "t0ken"},
}


def kubeconfig(server="https://127.0.0.1:9", **user):
    return json.dumps(
        {
            "apiVersion": "v1",
            "kind": "Config",
            "current-context": "aks",
            "clusters": [{"name": "aks", "cluster": {"server": server}}],
            "contexts": [
                {"name": "other", "context": {"cluster": "aks", "user": "nobody"}},
                {"name": "aks", "context": {"cluster": "aks", "user": "me"}},
            ],
            "users": [{"name": "nobody", "user": {}}, {"name": "me", "user": user}],
        }
    )


@pytest.fixture
def plugin(tmp_path, monkeypatch):
    """Write a kubelogin that does what it is told."""

    def write(body):
        path = tmp_path / "kubelogin"
        path.write_text(f"#!{sys.executable}\nimport json, os, sys, time\n{body}\n")
        path.chmod(0o755)
        monkeypatch.setenv("PATH", str(tmp_path))
        return {
            "command": "kubelogin",
            "args": ["get-token"],
            "apiVersion": CREDENTIAL["apiVersion"],
            "env": None,
        }

    return write


def test_the_plugins_token_is_what_the_api_server_gets(plugin):
    how = plugin(
        "assert sys.argv[1:] == ['get-token']\n"
        "assert json.loads(os.environ['KUBERNETES_EXEC_INFO'])['kind'] == 'ExecCredential'\n"
        f"print(json.dumps({CREDENTIAL!r}))"
    )
    client = client_of(kubeconfig(exec=how))
    assert client.configuration.host == "https://127.0.0.1:9"  # pyright: ignore[reportAttributeAccessIssue]
    assert client.configuration.api_key["BearerToken"] == "Bearer t0ken"  # pyright: ignore[reportAttributeAccessIssue]


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (
            "sys.stderr.write('a page\\nERROR: please run az login\\n'); sys.exit(1)",
            r"\(ERROR: please run az login\)",
        ),
        ("sys.exit(1)", "it says nothing"),
        ("print('{}')", "printed no token"),
        ("print('no json')", "printed no token"),
        ("time.sleep(60)", r"gave no token in 0\.2 s"),
    ],
)
def test_a_plugin_that_gives_no_token_is_one_line(plugin, monkeypatch, body, words):
    monkeypatch.setattr(cluster_login, "SECONDS", 0.2 if "sleep" in body else 30)
    how = plugin(body)
    with pytest.raises(ClusterError, match=words) as raised:
        client_of(kubeconfig(exec=how))
    assert "\n" not in str(raised.value)


def test_a_missing_plugin_is_named_with_the_way_to_get_it(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(ClusterError, match=r"kubelogin is not on PATH.*az aks install-cli"):
        token_of({"command": "kubelogin", "apiVersion": "v1"})


def test_a_plugin_that_does_not_run_is_one_line(tmp_path, monkeypatch):
    path = tmp_path / "kubelogin"
    path.write_bytes(b"no program at all")
    path.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(ClusterError) as raised:
        token_of({"command": "kubelogin", "apiVersion": "v1"})
    assert (
        str(raised.value) == "kubelogin does not run: Exec format error; install it anew: az aks install-cli"
    )


def test_a_person_is_waited_for_longer_and_told_how_long(plugin, monkeypatch):
    monkeypatch.setattr(cluster_login, "SECONDS_FOR_A_PERSON", 0.2)
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    how = plugin("time.sleep(60)") | {"args": ["--login", "devicecode"]}
    with pytest.raises(ClusterError, match=r"^kubelogin gave no token in 0\.2 s; log in: az login$"):
        token_of(how)


WRONG = {
    "": "it has not the shape of a kubeconfig",
    "[]": "it has not the shape of a kubeconfig",
    "{": "line 1 is no YAML",
    "a: 1\nb: [": "line 2 is no YAML",
    "x\0": "it is no YAML",
    "[" * 1000: "it has not the shape of a kubeconfig",
    "a: 2026-13-45": "it has not the shape of a kubeconfig",
    '{"current-context": "x", "contexts": []}': "its current context names nothing",
    '{"current-context": "x"}': "'contexts' is missing",
    kubeconfig(exec="a program"): "it has not the shape of a kubeconfig",
    kubeconfig(exec={"args": []}): "'command' is missing",
    kubeconfig(**{"client-certificate": "/nowhere"}): "a certificate or key in it is none, or is not there",
    kubeconfig().replace('"user": {}', '"user": 1').replace('"users"', '"nobody"'): "'users' is missing",
}
"""What a kubeconfig may be, and what is said of it."""


@pytest.mark.parametrize("text", WRONG, ids=range(len(WRONG)))
def test_a_kubeconfig_of_no_use_is_one_line(text):
    with pytest.raises(ClusterError) as raised:
        client_of(text)
    assert (
        str(raised.value) == f"the stack's kubeconfig cannot be read: {WRONG[text]}; write it anew: pulumi up"
    )
    with pytest.raises(ClusterError, match=r"^--kubeconfig cannot be read: .*; write it anew: az$"):
        client_of(text, "--kubeconfig", "write it anew: az")


@pytest.mark.parametrize(
    ("server", "why"),
    [
        ("https://127.0.0.1:9", "the connection was refused"),
        ("https://nowhere.invalid", "its name is not known here"),
    ],
)
def test_a_cluster_that_cannot_be_reached_is_asked_once_and_told_in_one_line(monkeypatch, server, why):
    asked = []
    call = client_module.ApiClient.call_api
    monkeypatch.setattr(
        client_module.ApiClient, "call_api", lambda *args, **more: asked.append(1) or call(*args, **more)
    )
    found = read(client_of(kubeconfig(server, username="me")))
    assert set(found.unread) == set(PARTS)
    (said,) = set(found.unread.values())
    assert said.startswith(f"{server} cannot be reached: {why}; is the cluster running")
    assert len(asked) == 1


def test_who_asks_a_cluster_out_of_reach_again_waits_no_second_time(monkeypatch):
    reader = ApiReader(client_of(kubeconfig("https://127.0.0.1:9", username="me")))
    with pytest.raises(ClusterError, match="cannot be reached"):
        reader.get("/version")
    monkeypatch.setattr(client_module.ApiClient, "call_api", lambda *_, **__: pytest.fail("asked again"))
    with pytest.raises(ClusterError, match="cannot be reached"):
        reader.items("/api/v1/pods")


def test_a_token_that_is_refused_is_told_in_one_line(arm):
    arm.put("/version", (401, {"message": "Unauthorized"}))
    configuration = client_module.Configuration(host=arm.url)
    found = read(patient(client_module.ApiClient(configuration)))
    (said,) = set(found.unread.values())
    assert said == f"{arm.url} refused the token (401); log in anew, to the cluster's tenant: az login"
    assert len(arm.asked) == 1
    reader = ApiReader(client_module.ApiClient(configuration))
    with pytest.raises(ClusterError):
        reader.get("/version")
