"""An Azure that lists versions over real HTTP, and the command that compares the catalog with it."""

from __future__ import annotations

import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

LISTED: dict[str, dict[str, Any]] = {
    release: {"version": release, "patchVersions": {patch: {"upgrades": []} for patch in patches}}
    for release, patches in {
        "1.36": ["1.36.3"],
        "1.35": ["1.35.5", "1.35.7"],
        "1.34": ["1.34.10"],
        "1.33": ["1.33.13"],
        "1.32": ["1.32.11"],
        "1.31": ["1.31.10"],
    }.items()
}
for _lts in ("1.31", "1.32", "1.33"):
    LISTED[_lts]["capabilities"] = {"supportPlan": ["AKSLongTermSupport"]}


class Azure:
    """Answers every request with one status and body, and remembers the paths."""

    def __init__(self) -> None:
        self.status, self.body, self.paths = 200, b"", list[str]()
        azure = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                azure.paths.append(self.path)
                self.send_response(azure.status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(azure.body)))
                self.end_headers()
                self.wfile.write(azure.body)

            def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  # the base class's name
                del format, args

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.thread = threading.Thread(target=self.server.serve_forever, daemon=True)
        self.thread.start()

    def answers(self, body: Any, status: int = 200) -> None:
        self.status, self.body = status, body if isinstance(body, bytes) else json.dumps(body).encode()

    def stop(self) -> None:
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()


def listed(**changes: Any) -> dict[str, Any]:
    """Azure's answer, with minors changed, added or (None) left out."""
    merged = LISTED | {key.replace("_", "."): value for key, value in changes.items()}
    return {"values": [value for value in merged.values() if value is not None]}
