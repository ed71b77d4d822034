"""A policy pack behind the host: the engine talks to a port of ours, which passes every call on to the pack.

A Python pack reads its stack and configuration from its environment when it starts, and the engine tells both only after
it has connected. So the port is there first, and the pack starts with ConfigureStack.
"""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, Self

import grpc
from pulumi.runtime.proto import analyzer_pb2

from emulator.engine.language_host.pack_process import PackProcess, told_of_a_stack
from emulator.engine.language_host.patience import to_answer, to_start, told
from emulator.errors import OperationError

if TYPE_CHECKING:
    from collections.abc import Callable

_SERVICE = "/pulumirpc.Analyzer/"
_OPTIONS = [
    ("grpc.max_receive_message_length", 400 * 1024 * 1024),
    ("grpc.so_reuseport", 0),
    ("grpc.enable_http_proxy", 0),  # no company's proxy stands between this machine and itself
]


class Pack(grpc.GenericRpcHandler):
    """One pack; a context manager that serves while it is open and ends the pack's process with it."""

    def __init__(self, python: str, engine: str, folder: str, environment: dict[str, str]) -> None:
        self._python, self._engine = python, engine
        self._folder, self._environment = folder, environment
        self._process: PackProcess | None = None
        self._channel: grpc.Channel | None = None
        self._named = 0
        self._has_answered = False
        self._start = threading.Lock()
        self._server = grpc.server(ThreadPoolExecutor(16, thread_name_prefix="pack"), options=_OPTIONS)
        self._server.add_generic_rpc_handlers((self,))
        self.port = self._server.add_insecure_port("127.0.0.1:0")
        """The port that the engine talks to."""

    def __enter__(self) -> Self:
        """Serve."""
        self._server.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Stop serving, end the pack."""
        self._server.stop(grace=None)
        if self._channel is not None:
            self._channel.close()
        if self._process is not None:
            self._process.stop()

    def service(self, handler_call_details: grpc.HandlerCallDetails) -> Any:
        """Answer the handshake, start the pack with its configuration, pass everything else on."""
        method = str(handler_call_details.method)
        answers: dict[str, Callable[[bytes, grpc.ServicerContext], bytes]] = {
            "Handshake": _shake_hands,
            "ConfigureStack": self._configure,
        }
        answer = answers.get(method.removeprefix(_SERVICE)) or self._forward(method)
        handler: Any = grpc.unary_unary_rpc_method_handler
        return handler(answer)

    def _forward(self, method: str) -> Callable[[bytes, grpc.ServicerContext], bytes]:
        def answer(request: bytes, context: grpc.ServicerContext) -> bytes:
            patience = to_answer() if self._has_answered else to_start()
            try:
                channel: Any = self._connected()
                response: bytes = channel.unary_unary(method)(request, timeout=patience)
            except OperationError as error:
                context.abort(grpc.StatusCode.UNAVAILABLE, str(error))
            except grpc.RpcError as error:
                failed: Any = error
                code: grpc.StatusCode = failed.code()
                if code in {grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.DEADLINE_EXCEEDED}:
                    late = code is grpc.StatusCode.DEADLINE_EXCEEDED
                    context.abort(grpc.StatusCode.UNAVAILABLE, self._gone(method, patience if late else None))
                context.abort(code, failed.details())
            self._has_answered = True
            return response

        return answer

    def _configure(self, request: bytes, context: grpc.ServicerContext) -> bytes:
        said = analyzer_pb2.AnalyzerStackConfigureRequest.FromString(request)
        self._environment |= told_of_a_stack(
            said.organization, said.project, said.stack, said.config, dry_run=said.dry_run
        )
        return self._forward(_SERVICE + "ConfigureStack")(request, context)

    def _connected(self) -> grpc.Channel:
        """Return the channel to the pack, started at the first call. Raises OperationError."""
        with self._start:
            if self._channel is None:
                self._process = PackProcess(self._python, self._folder, self._environment, self._engine)
                self._named = self._process.port()
                self._channel = grpc.insecure_channel(f"127.0.0.1:{self._named}", options=_OPTIONS)
            return self._channel

    def _gone(self, method: str, late: float | None) -> str:
        """Say why the pack did not answer a call; `late` are the seconds that were waited for it."""
        code = self._process.ended() if self._process else None
        if code is not None:
            why = f"has ended, with exit code {code}"
        elif late is not None and self._has_answered:
            why = f"has not answered {method.removeprefix(_SERVICE)} within {late:.0f} s"
        else:
            why = f"named port {self._named}, and does not answer there"
        return told(self._folder, why, self._process.said() if self._process else "")


def _shake_hands(_request: bytes, _context: grpc.ServicerContext) -> bytes:
    return analyzer_pb2.AnalyzerHandshakeResponse().SerializeToString()
