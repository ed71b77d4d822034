"""A gRPC server in one thread: it takes a request, answers it, and takes the next.

gRPC's own server for Python has other threads wait for each message and wake one another. Only one at a time can judge, so
that gains nothing, and is most of what the protocol costs. This server is made of the parts that gRPC's own is made of
(grpc/_server.py there), whose names are not promised: it is for the versions of gRPC that it was tried with, and any other
gets gRPC's own.
"""

from collections.abc import Sequence
from concurrent import futures
from contextvars import Context
from functools import partial
from importlib import import_module
from typing import Any, NamedTuple

import grpc

TRIED = ((1, 71), (1, 85))
"""The first and last minor version of gRPC that this server was tried with (tests/security/test_serving.py on each)."""

_NO_FLAGS = 0
# Of gRPC's own server. More than there are cores: each waits for a request to come whole, while others judge theirs.
_WORKERS = 8

_MOST = 2**31 - 1
# All that the engine asks waits its turn, however many and however long.
_PATIENT = (
    ("grpc.server.max_pending_requests", _MOST),
    ("grpc.server.max_pending_requests_hard_limit", _MOST),
    ("grpc.server_max_unrequested_time_in_server", _MOST),
)

Options = Sequence[tuple[str, Any]]


def server(options: Options, version: str = grpc.__version__) -> Any:
    """Return a server, to be used as the one that `grpc.server` returns, for the installed `version` of gRPC."""
    first, last = TRIED
    options = (*_PATIENT, *options)
    if first <= tuple(map(int, version.split(".")[:2])) <= last:
        return OneThread(options)
    return grpc.server(futures.ThreadPoolExecutor(_WORKERS), options=options)


class _Called(NamedTuple):
    method: str


class _Status:
    """What a method may say of its call beside the answer."""

    def __init__(self) -> None:
        self.code, self.details = grpc.StatusCode.OK, ""

    def set_code(self, code: grpc.StatusCode) -> None:
        self.code = code

    def set_details(self, details: str) -> None:
        self.details = details


class OneThread:
    """The server, with the methods of gRPC's own that the pack and generated code call."""

    def __init__(self, options: Options) -> None:
        self._parts: Any = import_module("grpc._cython.cygrpc")  # has no types
        self._queue: Any = self._parts.CompletionQueue()
        self._server: Any = self._parts.Server(options, False)  # noqa: FBT003 - it takes no names
        self._server.register_completion_queue(self._queue)
        self._poll, self._ask = self._queue.poll, self._server.request_call
        self._handlers: list[Any] = []
        self._by_method: dict[bytes, Any] = {}
        self._ended = False

    def add_generic_rpc_handlers(self, handlers: Sequence[Any]) -> None:
        """Take what finds the handlers of methods."""
        self._handlers += handlers

    def add_registered_method_handlers(self, _service: str, _handlers: object) -> None:
        """Take handlers by name, as newer generated code gives them beside the others, which are enough."""

    def add_insecure_port(self, address: str) -> int:
        """Listen there; return the port."""
        return self._server.add_http2_port(address.encode())

    def start(self) -> None:
        """Let requests come in."""
        self._server.start()
        self._ask(self._queue, self._queue, self._begin)

    def wait_for_termination(self) -> None:
        """Answer requests until it is stopped. Raises KeyboardInterrupt when the process is told to end."""
        while not self._ended:
            event = self._poll()
            event.tag(event)
            del event  # with its call, which has to be gone before the next wait

    def stop(self, _grace: float) -> None:
        """Answer no more."""
        self._server.shutdown(self._queue, self._end)
        self._server.cancel_all_calls()

    def _end(self, _event: Any) -> None:
        self._ended = True

    def _begin(self, event: Any) -> None:
        """Have a call's message read, and the next call taken."""
        if not event.success:  # the server ends
            return
        self._ask(self._queue, self._queue, self._begin)
        answer = partial(self._answer, event.call, event.call_details.method)
        event.call.start_server_batch(self._reading(), answer)

    def _answer(self, call: Any, method: bytes, event: Any) -> None:
        """Answer a call whose message is there; where it is not, it was too large or taken back, and the client knows."""
        message, status = event.batch_operations[0].message(), _Status()
        answer = None if message is None else self._answered(self._handler(method), message, status)
        call.start_server_batch(self._answering(status, answer), _done)

    def _answered(self, handler: Any, message: bytes, status: _Status) -> bytes | None:
        if handler is None:
            status.code, status.details = grpc.StatusCode.UNIMPLEMENTED, "Method not found!"
            return None
        try:
            # As gRPC does: what a method leaves in the context of a thread stays with its call.
            said = Context().run(handler.unary_unary, handler.request_deserializer(message), status)
            return handler.response_serializer(said)
        except Exception as error:  # noqa: BLE001 - whatever it is, the client is told
            if status.code is grpc.StatusCode.OK:
                status.code = grpc.StatusCode.UNKNOWN
            status.details = status.details or f"Exception calling application: {error}"
            return None

    def _handler(self, method: bytes) -> Any:
        if method not in self._by_method:
            found = [one.service(_Called(method.decode())) for one in self._handlers]
            self._by_method[method] = next((handler for handler in found if handler), None)
        return self._by_method[method]

    def _reading(self) -> tuple[Any, ...]:
        return (self._parts.ReceiveMessageOperation(_NO_FLAGS),)

    def _answering(self, status: _Status, answer: bytes | None) -> tuple[Any, ...]:
        parts, details = self._parts, status.details.encode(errors="replace")
        said = () if answer is None else (parts.SendMessageOperation(answer, _NO_FLAGS),)
        return (
            parts.ReceiveCloseOnServerOperation(_NO_FLAGS),
            parts.SendInitialMetadataOperation(None, _NO_FLAGS),
            *said,
            parts.SendStatusFromServerOperation(None, status.code.value[0], details, _NO_FLAGS),
        )


def _done(_event: Any) -> None:
    """Nothing is left to do."""
