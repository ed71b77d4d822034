"""`make setup` behind a company's index, proxy and certificate authority: uv installs from where pip is told to."""

from __future__ import annotations

import base64
import hashlib
import os
import ssl
import subprocess
import sys
import threading
import zipfile
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from emulator.https.certificates import Authority
from tests.forward_proxy import forward_proxy

ROOT = Path(__file__).parents[1]
BIN = Path(sys.executable).parent
NAME = "secure_aks_proof"
COMPANY = "packages.company.test"
"""A name that only the proxy leads anywhere: `.test` stands in no DNS (RFC 2606)."""


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format, *args):  # noqa: A002  # the base's name
        """Write no log."""


class _Server(ThreadingHTTPServer):
    def handle_error(self, request, client_address):
        """Say nothing of a client that does not trust it."""


def wheel(folder):
    """Write a wheel of one module."""
    info = f"{NAME}-1.0.dist-info"
    files = {
        f"{NAME}.py": "PROOF = 1\n",
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {NAME}\nVersion: 1.0\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    rows = [
        f"{name},sha256={base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).rstrip(b'=').decode()},{len(text)}"
        for name, text in files.items()
    ]
    folder.mkdir(parents=True)
    with zipfile.ZipFile(folder / f"{NAME}-1.0-py3-none-any.whl", "w") as archive:
        for name, text in {**files, f"{info}/RECORD": "\n".join([*rows, f"{info}/RECORD,,", ""])}.items():
            archive.writestr(name, text)


@pytest.fixture
def index(tmp_path):
    """Return the address of a package index over HTTPS, and the certificate of the authority that vouches for it."""
    wheel(tmp_path / "index" / "simple" / NAME.replace("_", "-"))
    authority = Authority(tmp_path / "authority", "a company")
    pair = authority.server("index", ["localhost", COMPANY], ["127.0.0.1"])
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pair.certificate, pair.key)
    server = _Server(("127.0.0.1", 0), partial(_Quiet, directory=str(tmp_path / "index")))
    server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    yield f"https://localhost:{server.server_port}/simple", authority.files.certificate
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def install(tmp_path):
    """Run the script as the Makefile does, with pip's configuration and variables and none of this machine's."""

    def run(config="", program="uv", **variables):
        file = tmp_path / "pip.conf"
        file.write_text(config)
        plain = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "PIP_CONFIG_FILE": str(file)}
        environment = plain | {"UV_CACHE_DIR": str(tmp_path / "cache"), "UV_HTTP_RETRIES": "0"} | variables
        words = ["--quiet", "--python", sys.executable, "--target", str(tmp_path / "there"), NAME]
        pip = [
            str(BIN / "pip"),
            "--disable-pip-version-check",
            "install",
            "--retries",
            "0",
            "--target",
            words[-2],
            NAME,
        ]
        done = subprocess.run(
            pip if program == "pip" else ["bash", str(ROOT / "install.sh"), str(BIN), *words],
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        return done.returncode, (tmp_path / "there" / f"{NAME}.py").exists(), done.stderr

    return run


def test_pips_file_leads_uv(index, install):
    url, certificate = index
    code, there, said = install(f"[global]\nindex-url = {url}\n[install]\ncert = {certificate}\n")
    assert (code, there) == (0, True), said


def test_pips_variables_lead_uv(index, install):
    url, certificate = index
    code, there, said = install(PIP_INDEX_URL=url, PIP_CERT=str(certificate))
    assert (code, there) == (0, True), said


def test_uvs_own_variables_go_first(index, install):
    url, certificate = index
    wrong = "[global]\nindex-url = https://localhost:9/simple\n"
    code, there, said = install(wrong, UV_DEFAULT_INDEX=url, SSL_CERT_FILE=str(certificate))
    assert (code, there) == (0, True), said


def test_an_authority_that_nobody_trusts_is_refused(index, install):
    code, there, said = install(PIP_INDEX_URL=index[0])
    assert (code, there) == (2, False) or code != 0
    assert "certificate" in said.lower() or "error sending request" in said.lower()


@pytest.fixture
def behind(index):
    """Return a proxy, and what names the index behind it: its address by the company's name, and the authority."""
    url, certificate = index
    port = int(url.rpartition(":")[2].partition("/")[0])
    with forward_proxy(port, "somebody:secret") as proxy:
        yield proxy, {"PIP_INDEX_URL": f"https://{COMPANY}/simple", "PIP_CERT": str(certificate)}


@pytest.mark.parametrize("program", ["uv", "pip"])
@pytest.mark.parametrize("variable", ["HTTPS_PROXY", "https_proxy", "PIP_PROXY", "pip.conf"])
def test_a_proxy_is_gone_through(behind, install, program, variable):
    proxy, where = behind
    config = f"[global]\nproxy = {proxy.url}\n" if variable == "pip.conf" else ""
    variables = {} if config else {variable: proxy.url}
    code, there, said = install(config, program, **where, **variables)
    assert (code, there) == (0, True), said
    assert set(proxy.asked) == {f"{COMPANY}:443"}


def test_a_proxy_that_wants_another_login_is_told(behind, install):
    proxy, where = behind
    code, there, said = install(**where, HTTPS_PROXY=proxy.url.replace("secret", "wrong"))
    assert (code != 0, there, proxy.asked) == (True, False, [])
    assert "proxy" in said.lower() or "407" in said or "tunnel" in said.lower()


def test_the_makefile_installs_by_the_script():
    assert "bash install.sh $(BIN) --quiet" in (ROOT / "Makefile").read_text(encoding="utf-8")
