"""One provider instance for each connection: an engine opens one for each provider resource, and configures it."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import grpc
from pulumi.runtime.proto import engine_pb2, engine_pb2_grpc

if TYPE_CHECKING:
    from collections.abc import Callable

    from emulator.plugins.base import Provider


@dataclass
class Session:
    """A connection: its provider, and the address of the engine behind it ("" until it says so)."""

    provider: Provider
    engine: str = ""

    def attach(self, address: str) -> None:
        """Learn where the engine listens; what there is to say goes there."""
        self.engine = address or self.engine

    def log(self, urn: str, message: str) -> None:
        """Show a message at a resource. Without an engine, or without its ear, it is dropped."""
        if not self.engine:
            return
        with grpc.insecure_channel(self.engine) as channel:
            request = engine_pb2.LogRequest(severity=engine_pb2.INFO, urn=urn, message=message)
            try:
                engine: Any = engine_pb2_grpc.EngineStub(channel)
                engine.Log(request, timeout=5)
            except grpc.RpcError:
                return


class Sessions:
    """The sessions of one server, by peer ("ipv4:127.0.0.1:40001"): the protocol itself names no connection."""

    def __init__(self, make: Callable[[], Provider]) -> None:
        self._make = make
        self._by_peer: dict[str, Session] = {}
        self._lock = threading.Lock()

    def of(self, peer: str) -> Session:
        """Return the peer's session, a new one for a new peer."""
        with self._lock:
            if peer not in self._by_peer:
                self._by_peer[peer] = Session(self._make())
            return self._by_peer[peer]

    def forget(self, peer: str) -> None:
        """End a session."""
        with self._lock:
            self._by_peer.pop(peer, None)
