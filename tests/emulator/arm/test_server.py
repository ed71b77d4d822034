"""The server: its certificates, its port, its environment, and that nothing is left of it."""

from __future__ import annotations

import contextlib
import os
import socket
import ssl
import stat
import threading
from pathlib import Path
from typing import TYPE_CHECKING

import certifi
import pytest
import requests

from emulator.arm.server import ArmServer
from emulator.https.certificates import write_bundle
from emulator.https.listener import LOOPBACK
from tests.emulator.arm.wire import SUB, Wire

if TYPE_CHECKING:
    from tests.emulator.arm.wire import Wire as _Wire


@pytest.fixture(autouse=True)
def no_bundle(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("REQUESTS_CA_BUNDLE", "SSL_CERT_FILE", "https_proxy", "HTTPS_PROXY"):
        monkeypatch.delenv(name, raising=False)


def bundle(folder: Path) -> str:
    """Write the bundle of a lab whose authority is one line; return it."""
    authority, path = folder / "ca.crt", folder / "bundle.pem"
    authority.write_text("the lab's authority\n")
    write_bundle(path, authority)
    return path.read_text()


def test_what_is_kept_is_for_its_owner_only(azure: _Wire) -> None:
    own = azure.server.folder / "arm"
    kept = [p for p in own.rglob("*") if p.is_file() and p.suffix != ".lock"]
    assert {stat.S_IMODE(p.stat().st_mode) for p in kept} == {0o600}
    assert stat.S_IMODE(own.stat().st_mode) == 0o700


def test_the_bundle_trusts_the_lab_and_whom_the_machine_trusts(tmp_path: Path) -> None:
    with ArmServer(tmp_path) as server:
        text = Path(server.environment["REQUESTS_CA_BUNDLE"]).read_text(encoding="utf-8")
        assert Path(certifi.where()).read_text(encoding="utf-8") in text
        assert server.environment["SSL_CERT_FILE"] == server.environment["REQUESTS_CA_BUNDLE"]


def test_a_bundle_of_ones_own_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    own = tmp_path / "company.pem"
    own.write_text("a company's authority\n")
    monkeypatch.setenv("SSL_CERT_FILE", str(own))
    assert bundle(tmp_path) == "the lab's authority\na company's authority\n"


def test_a_lab_inside_a_lab_trusts_no_bundle_twice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = bundle(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "bundle.pem"))
    assert bundle(tmp_path) == first


def test_the_port_is_the_same_in_the_next_run(tmp_path: Path) -> None:
    with ArmServer(tmp_path) as first:
        port = first.port
    with ArmServer(tmp_path) as second:
        assert second.port == port


@pytest.mark.parametrize("kept", ["99999", "-1", "x", "", "\0", "1.5", "9" * 5000])
def test_a_kept_port_that_is_none_makes_room_for_another(tmp_path: Path, kept: str) -> None:
    (tmp_path / "arm").mkdir()
    (tmp_path / "arm" / "port").write_text(kept)
    with ArmServer(tmp_path) as server:
        assert (tmp_path / "arm" / "port").read_text() == str(server.port)


def test_two_runs_in_one_folder_get_on(tmp_path: Path) -> None:
    with ArmServer(tmp_path) as first, ArmServer(tmp_path) as second:
        assert second.port != first.port
        token = Wire(first).token()
        wire = Wire(second)
        assert wire.ask("GET", SUB, "2022-12-01", token=token).status_code == 200
        port = first.port
    with ArmServer(tmp_path) as third:
        assert third.port == port


def _hang_up(server: socket.socket) -> None:
    """Take one connection and close it."""
    server.accept()[0].close()


def test_two_first_runs_in_one_folder_make_its_files_once(tmp_path: Path) -> None:
    secrets: list[str] = []

    def run() -> None:
        with ArmServer(tmp_path) as server:
            secrets.append(server.environment["AZURE_CLIENT_SECRET"])

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(secrets) == 4
    assert len(set(secrets)) == 1


def test_the_certificates_stand_the_strictest_check(azure: _Wire) -> None:
    context = ssl.create_default_context(cafile=str(azure.server.folder / "arm" / "certificates" / "ca.crt"))
    context.verify_flags |= ssl.VERIFY_X509_STRICT  # what Python 3.13 asks of a certificate
    with (
        socket.create_connection((LOOPBACK, azure.server.port)) as plain,
        context.wrap_socket(plain, server_hostname="management.azure.com") as tls,
    ):
        assert tls.version() == "TLSv1.3"


def test_a_port_that_somebody_else_took_is_given_up(tmp_path: Path) -> None:
    with ArmServer(tmp_path) as first:
        port = first.port
    with socket.create_server((LOOPBACK, port)) as other:
        threading.Thread(target=_hang_up, args=(other,), daemon=True).start()
        with ArmServer(tmp_path) as second:
            new = second.port
            assert new != port
    with ArmServer(tmp_path) as third:
        assert third.port == new


def test_nothing_is_left_when_it_ends(tmp_path: Path) -> None:
    before = set(threading.enumerate())
    with ArmServer(tmp_path) as server:
        wire = Wire(server)
        wire.group()
        plain = socket.create_connection((LOOPBACK, server.port))
    with pytest.raises(requests.exceptions.RequestException):
        wire.ask("GET", SUB, "2022-12-01")
    with plain, contextlib.suppress(ConnectionResetError):
        assert plain.recv(1) == b""
    wire.close()
    for thread in set(threading.enumerate()) - before:
        thread.join(10)  # whoever answers a connection notices its end
        assert not thread.is_alive(), thread
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection((LOOPBACK, server.port))


def test_no_variable_lets_the_engines_own_calls_through_the_proxy(azure: _Wire) -> None:
    assert "https_proxy" not in azure.environment
    assert "HTTP_PROXY" not in azure.environment
    assert {"127.0.0.1", "localhost"} <= set(azure.environment["no_proxy"].split(","))


def test_only_https_and_only_the_host_of_the_tunnel(azure: _Wire) -> None:
    plain = requests.get(f"http://{LOOPBACK}:{azure.server.port}{SUB}", timeout=10)
    assert plain.status_code == 403
    answer = azure.ask("GET", SUB, "2022-12-01", headers={"Host": "graph.microsoft.com"})
    assert answer.status_code == 421
    assert "HTTPS_PROXY" not in os.environ
