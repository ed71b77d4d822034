"""Chromium without a window, spoken to by the DevTools protocol: opens a page and answers questions about it."""

from __future__ import annotations

import json
import shutil
import subprocess
from typing import Any

import websocket


class Browser:
    """One headless Chromium. Use it as a context manager; `open` collects what the page says and asks for."""

    def __init__(self, profile) -> None:
        self.profile = profile
        self.serial = 0
        self.events: list[dict[str, Any]] = []

    def __enter__(self):
        chromium = shutil.which("chromium")
        assert chromium, "a browser is missing: make system-packages"
        self.process = subprocess.Popen(
            [chromium, "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
             "--remote-debugging-port=0", "--remote-debugging-address=127.0.0.1", "--remote-allow-origins=*",
             f"--user-data-dir={self.profile}", "about:blank"],
            stderr=subprocess.PIPE,
            text=True,
        )  # fmt: skip
        assert self.process.stderr
        address = next(line for line in self.process.stderr if line.startswith("DevTools listening on "))
        self.socket = websocket.create_connection(address.split()[-1], timeout=60)
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        self.session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.call(f"{domain}.enable")
        return self

    def __exit__(self, *_):
        self.socket.close()
        self.process.kill()
        self.process.wait()
        assert self.process.stderr
        self.process.stderr.close()

    def call(self, method, **params):
        """Ask, and keep the events that come before the answer."""
        self.serial += 1
        session = {"sessionId": self.session} if hasattr(self, "session") else {}
        self.socket.send(json.dumps({"id": self.serial, "method": method, "params": params, **session}))
        while True:
            found = json.loads(self.socket.recv())
            if found.get("id") == self.serial:
                assert "error" not in found, found
                return found["result"]
            self.events.append(found)

    def open(self, url, width, height, *, mobile):
        """Load a page in a window of that size, and wait until it is loaded."""
        size = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": mobile}
        self.call("Emulation.setDeviceMetricsOverride", **size)
        self.events = []
        self.call("Page.navigate", url=url)
        while not self.of("Page.loadEventFired"):
            self.events.append(json.loads(self.socket.recv()))

    def of(self, *methods):
        """The events of these kinds since the page was opened."""
        return [event for event in self.events if event.get("method") in methods]

    def ask(self, expression):
        """Return the value of a JavaScript expression."""
        answer = self.call("Runtime.evaluate", expression=expression, returnByValue=True)
        assert "exceptionDetails" not in answer, answer
        return answer["result"].get("value")
