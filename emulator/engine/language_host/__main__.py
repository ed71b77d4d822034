"""`pulumi-language-python`: serve the LanguageRuntime protocol for one engine, on a port named on standard output."""

from __future__ import annotations

import signal
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from emulator.engine.language_host.bare import leave_the_sdk_out

leave_the_sdk_out()

import grpc  # noqa: E402 - after it
from pulumi.runtime.proto import language_pb2_grpc  # noqa: E402

from emulator.engine.language_host.children import end_with_parent  # noqa: E402
from emulator.engine.language_host.host import Host  # noqa: E402

if TYPE_CHECKING:
    from types import FrameType

_OPTIONS = [("grpc.max_receive_message_length", 400 * 1024 * 1024), ("grpc.so_reuseport", 0)]


def main() -> int:
    """Serve until the engine interrupts."""
    engine = next((word for word in reversed(sys.argv[1:]) if not word.startswith("-")), "")
    end_with_parent()
    done = threading.Event()

    def end(_signal: int, _frame: FrameType | None) -> None:
        done.set()

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, end)
    host = Host(engine)
    server = grpc.server(ThreadPoolExecutor(16, thread_name_prefix="host"), options=_OPTIONS)
    language_pb2_grpc.add_LanguageRuntimeServicer_to_server(host, server)
    sys.stdout.write(f"{server.add_insecure_port('127.0.0.1:0')}\n")
    sys.stdout.flush()
    server.start()
    done.wait()
    host.stop()
    server.stop(grace=0.5).wait()
    return 0


if __name__ == "__main__":
    sys.exit(main())
