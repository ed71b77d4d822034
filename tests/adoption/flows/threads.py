"""The comment threads of a pull request as Azure DevOps serves them, on loopback; it refuses what that refuses."""

from __future__ import annotations

import json
import re
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

PATH = "/project/_apis/git/repositories/repository/pullRequests/7/threads"


class Threads(ThreadingHTTPServer):
    """Threads by their order; the token that may is `token`."""

    def __init__(self, token: str) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.token = token
        self.kept: list[dict[str, Any]] = []
        self.refused: list[str] = []
        Thread(target=self.serve_forever, daemon=True).start()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/"


class _Handler(BaseHTTPRequestHandler):
    server: Threads

    def do_GET(self) -> None:
        self._answer(lambda _body, _one: {"value": self.server.kept})

    def do_POST(self) -> None:
        def make(body: Any, _one: str) -> Any:
            self.server.kept.append({"id": len(self.server.kept) + 1, "isDeleted": False, **body})
            return body

        self._answer(make)

    def do_PATCH(self) -> None:
        def change(body: Any, one: str) -> Any:
            self.server.kept[int(one) - 1]["comments"][0].update(body)
            return body

        self._answer(change)

    def _answer(self, act: Any) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        found = re.fullmatch(re.escape(PATH) + r"(?:/(\d+)/comments/1)?\?api-version=7\.1", self.path)
        code, answer = 404, {}
        if self.headers.get("Authorization") != f"Bearer {self.server.token}":
            code = 401
        elif body and self.headers.get("Content-Type") != "application/json":
            code = 415
        elif found:
            code, answer = 200, act(json.loads(body or b"{}"), found[1] or "")
        if code != 200:
            self.server.refused.append(f"{code} {self.command} {self.path}")
        text = json.dumps(answer).encode()
        self.send_response(code)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name there
        pass
