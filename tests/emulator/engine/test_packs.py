"""Packs behind the language host that are broken as processes: the engine is told why, in the last line."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING, Any

import grpc
import pytest
from pulumi.runtime.proto import analyzer_pb2
from pulumi.runtime.proto.analyzer_pb2_grpc import AnalyzerStub

from emulator.engine.language_host.pack import Pack
from emulator.engine.language_host.patience import told
from tests.emulator.broken_packs import PACKS, set_patience, write

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("kind", PACKS)
def test_the_engine_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str) -> None:
    set_patience(kind, monkeypatch.setenv)
    folder = write(tmp_path / "pack", kind)
    with (
        Pack(sys.executable, "127.0.0.1:0", str(folder), {}) as pack,
        grpc.insecure_channel(f"127.0.0.1:{pack.port}") as channel,
    ):
        stub: Any = AnalyzerStub(channel)
        with pytest.raises(grpc.RpcError) as failed:
            stub.ConfigureStack(analyzer_pb2.AnalyzerStackConfigureRequest(stack="dev"))
        error: Any = failed.value
        assert error.code() is grpc.StatusCode.UNAVAILABLE
        last = error.details().splitlines()[-1]
        assert last.startswith(f"the policy pack {folder} ")
        assert last.endswith(PACKS[kind][1])
        assert "\x1b" not in error.details()
        assert "Traceback" not in error.details()
        if kind == "raises":
            assert (
                r"RuntimeError: broken \x1b[31m pack (__main__.py:1); SECURE_AKS_TRACEBACK=1"
                in error.details()
            )


FALLS_SILENT = """
import time, grpc
from concurrent.futures import ThreadPoolExecutor

class Calls(grpc.GenericRpcHandler):
    def service(self, details):
        silent = details.method.endswith("/Analyze")
        return grpc.unary_unary_rpc_method_handler(lambda request, context: time.sleep(1000) if silent else b"")

server = grpc.server(ThreadPoolExecutor(2), handlers=(Calls(),))
port = server.add_insecure_port("127.0.0.1:0")
server.start()
print(port)
time.sleep(1000)
"""


def test_a_pack_that_falls_silent_is_told_with_the_call(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = write(tmp_path / "pack", "dies")
    (folder / "__main__.py").write_text(FALLS_SILENT)
    with (
        Pack(sys.executable, "127.0.0.1:0", str(folder), {}) as pack,
        grpc.insecure_channel(f"127.0.0.1:{pack.port}") as channel,
    ):
        stub: Any = AnalyzerStub(channel)
        stub.ConfigureStack(analyzer_pb2.AnalyzerStackConfigureRequest(stack="dev"))
        monkeypatch.setenv("SECURE_AKS_PACK_SECONDS", "1")
        with pytest.raises(grpc.RpcError) as failed:
            stub.Analyze(analyzer_pb2.AnalyzeRequest(type="a:b:C"), timeout=100)
        error: Any = failed.value
        assert error.details().endswith("has not answered Analyze within 1 s; it wrote nothing")


def test_a_proxy_of_a_company_is_not_asked_for_the_way_to_this_machine(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("http_proxy", "grpc_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    folder = write(tmp_path / "pack", "dies")
    (folder / "__main__.py").write_text(FALLS_SILENT)
    options = [("grpc.enable_http_proxy", 0)]
    with (
        Pack(sys.executable, "127.0.0.1:0", str(folder), {}) as pack,
        grpc.insecure_channel(f"127.0.0.1:{pack.port}", options=options) as channel,
    ):
        stub: Any = AnalyzerStub(channel)
        assert stub.ConfigureStack(analyzer_pb2.AnalyzerStackConfigureRequest(stack="dev"))


def crashing(code: str) -> str:
    """What a Python writes to stderr that runs this."""
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False).stderr


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("raise KeyError('x')", ["KeyError: 'x' (<string>:1); SECURE_AKS_TRACEBACK=1 shows all of it"]),
        ("try:\n 1/0\nexcept OSError: pass\nfinally:\n raise ValueError", ["ValueError (<string>:5)"]),
        ("try:\n 1/0\nexcept ZeroDivisionError as e:\n raise ValueError('why\\nmore') from e", ["ValueError: why (<string>:4)", "more"]),
        ("def f(): f()\nf()", ["RecursionError: maximum recursion depth exceeded (<string>:1)"]),
        ("import json; json.loads('{')", ["json.decoder.JSONDecodeError: Expecting property name", "(decoder.py:"]),
        ("def f(:", ["SyntaxError: invalid syntax (<string>:1)"]),
        ("print('a\\nb', file=__import__('sys').stderr)", ["a", "b"]),
        ("import sys; print('before', file=sys.stderr); raise ExceptionGroup('two', [OSError(), ValueError('v')])", ["before", "ExceptionGroup: two (2 sub-exceptions) ("]),
    ],
)  # fmt: skip
def test_of_a_traceback_the_reason_is_told_in_one_line(
    monkeypatch: pytest.MonkeyPatch, code: str, said: list[str]
) -> None:
    monkeypatch.delenv("SECURE_AKS_TRACEBACK", raising=False)
    wrote = crashing(code)
    message = told("tiny", "did not start", wrote)
    assert "Traceback" not in message
    assert "File " not in message
    assert message.splitlines()[-1] == "the policy pack tiny did not start"
    for words in said:
        assert words in message
    assert len(message.splitlines()) <= len(said) + 4
    monkeypatch.setenv("SECURE_AKS_TRACEBACK", "1")
    assert all(line in told("tiny", "did not start", wrote) for line in wrote.splitlines())
