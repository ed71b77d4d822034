"""Packs behind the language host that are broken as processes: the engine is told why, in the last line."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import grpc
import pytest
from pulumi.runtime.proto import analyzer_pb2
from pulumi.runtime.proto.analyzer_pb2_grpc import AnalyzerStub

from emulator.engine.language_host.pack import Pack
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
        told: Any = failed.value
        assert told.code() is grpc.StatusCode.UNAVAILABLE
        last = told.details().splitlines()[-1]
        assert last.startswith(f"the policy pack {folder} ")
        assert last.endswith(PACKS[kind][1])
        assert "\x1b" not in told.details()


def test_a_proxy_of_a_company_is_not_asked_for_the_way_to_this_machine(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("http_proxy", "grpc_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    folder = write(tmp_path / "pack", "dies")
    with Pack(sys.executable, "127.0.0.1:0", str(folder), {}) as pack:
        options = [("grpc.enable_http_proxy", 0)]
        channel = grpc.insecure_channel(f"127.0.0.1:{pack.port}", options=options)
        stub: Any = AnalyzerStub(channel)
        with pytest.raises(grpc.RpcError, match="has ended, with exit code 3"):
            stub.ConfigureStack(analyzer_pb2.AnalyzerStackConfigureRequest(stack="dev"))
        channel.close()
