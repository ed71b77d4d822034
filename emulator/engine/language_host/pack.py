"""A policy pack behind the host: the engine talks to a port of ours, which passes every call on to the pack.

A Python pack reads its stack and configuration from its environment when it starts, and the engine tells both only after
it has connected. So the port is there first, and the pack starts with ConfigureStack.
"""

from __future__ import annotations

import json
import os
import subprocess
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, Self

import grpc
from pulumi.runtime.proto import analyzer_pb2

from emulator.engine.language_host.children import start
from emulator.engine.language_host.patience import to_answer, to_start, told

if TYPE_CHECKING:
    from collections.abc import Callable

_SERVICE = "/pulumirpc.Analyzer/"
_OPTIONS = [
    ("grpc.max_receive_message_length", 400 * 1024 * 1024),
    ("grpc.so_reuseport", 0),
    ("grpc.enable_http_proxy", 0),  # no company's proxy stands between this machine and itself
]
_HIGHEST_PORT = 65_535
_MOMENT = 2.0
_LINES = 400
"""What is kept of what a pack writes: a traceback that begins before it would be shown from its middle on."""


class PackError(Exception):
    """The pack did not start; the message says what it wrote."""


class Pack(grpc.GenericRpcHandler):
    """One pack; a context manager that serves while it is open and ends the pack's process with it."""

    def __init__(self, python: str, engine: str, folder: str, environment: dict[str, str]) -> None:
        self._command = [python, "-u", "-m", "pulumi.policy", engine, folder]
        self._folder, self._environment = folder, environment
        self._process: subprocess.Popen[bytes] | None = None
        self._channel: grpc.Channel | None = None
        self._said: list[bytes] = []
        self._listeners: list[threading.Thread] = []
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
            self._process.kill()
            self._process.wait()
            for listener in self._listeners:
                listener.join(_MOMENT)  # a child of the pack may hold the pipe
            if not any(listener.is_alive() for listener in self._listeners):
                for stream in (self._process.stdout, self._process.stderr):
                    if stream is not None:
                        stream.close()

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
            except PackError as error:
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
        self._environment |= {
            "PULUMI_ORGANIZATION": said.organization,
            "PULUMI_PROJECT": said.project,
            "PULUMI_STACK": said.stack,
            "PULUMI_DRY_RUN": "true" if said.dry_run else "false",
            "PULUMI_CONFIG": json.dumps(dict(said.config)),
        }
        return self._forward(_SERVICE + "ConfigureStack")(request, context)

    def _connected(self) -> grpc.Channel:
        """Return the channel to the pack, started at the first call. Raises PackError."""
        with self._start:
            if self._channel is None:
                self._channel = grpc.insecure_channel(f"127.0.0.1:{self._port()}", options=_OPTIONS)
            return self._channel

    def _port(self) -> int:
        process = self._process = start(
            self._command,
            cwd=self._folder,
            env=os.environ | self._environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        for stream in (process.stderr, process.stdout):
            if stream is None:
                raise PackError("no pipe to the policy pack")
        listening = self._listen_to(process.stderr)
        late = threading.Timer(to_start(), process.kill)
        late.start()
        line = process.stdout.readline().strip() if process.stdout else b""
        was_late = not late.is_alive()
        late.cancel()
        if not line.isdigit():
            process.kill()
            process.wait()
            listening.join(1)
            why = "did not start"
            if was_late or line:
                why += ": it named no port" + (f" within {to_start():.0f} s" if was_late else "")
            raise PackError(told(self._folder, why, self._words(line)))
        self._listen_to(process.stdout)
        self._named = int(line)
        if self._named > _HIGHEST_PORT:
            raise PackError(told(self._folder, f"named port {self._named}, which is none", self._words(line)))
        return self._named

    def _listen_to(self, stream: Any) -> threading.Thread:
        listener = threading.Thread(target=self._listen, args=(stream,), daemon=True)
        self._listeners.append(listener)
        listener.start()
        return listener

    def _listen(self, stream: Any) -> None:
        for line in stream:
            self._said = [*self._said[-_LINES:], line]

    def _gone(self, method: str, late: float | None) -> str:
        """Say why the pack did not answer a call; `late` are the seconds that were waited for it."""
        code = self._exit_code()
        if code is not None:
            why = f"has ended, with exit code {code}"
        elif late is not None and self._has_answered:
            why = f"has not answered {method.removeprefix(_SERVICE)} within {late:.0f} s"
        else:
            why = f"named port {self._named}, and does not answer there"
        return told(self._folder, why, self._words(b""))

    def _exit_code(self) -> int | None:
        """Return the pack's exit code; None while it runs. One that has just let go of its port is given a moment to end."""
        if self._process is None:
            return None
        try:
            return self._process.wait(_MOMENT)
        except subprocess.TimeoutExpired:
            return None

    def _words(self, first: bytes) -> str:
        return b"".join([first, *self._said]).decode(errors="replace").strip()


def _shake_hands(_request: bytes, _context: grpc.ServicerContext) -> bytes:
    return analyzer_pb2.AnalyzerHandshakeResponse().SerializeToString()
