"""A real browser for page tests, driven over a pipe: no driver and no port needed."""

from __future__ import annotations

import base64
import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

_FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
    "--remote-debugging-pipe",
)


def find_chromium() -> str | None:
    """The path of a Chromium, or None where none is installed."""
    return shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


class Page:
    """One tab. Commands are those of the DevTools protocol, answered in order."""

    def __init__(self, to_browser: int, from_browser: int) -> None:
        self._to = to_browser
        self._from = from_browser
        self._number = 0
        self._unread = b""
        target = self._call("Target.createTarget", {"url": "about:blank"})["targetId"]
        self._session = self._call("Target.attachToTarget", {"targetId": target, "flatten": True})[
            "sessionId"
        ]
        self._call("Page.enable")

    def open(self, url: str, *, width: int, height: int = 844) -> None:
        """Load an address in a window of this width, in CSS pixels, and wait until it is loaded."""
        metrics = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600}
        self._call("Emulation.setDeviceMetricsOverride", metrics)
        self._call("Page.navigate", {"url": url}, until="Page.loadEventFired")

    def run(self, script: str, *, loads: bool = False) -> Any:
        """The result of a script; `loads`: it makes the tab go to another page, which is waited for."""
        until = "Page.loadEventFired" if loads else None
        answer = self._call("Runtime.evaluate", {"expression": script, "returnByValue": True}, until=until)
        assert "exceptionDetails" not in answer, answer
        return answer["result"].get("value")

    def prefer(self, scheme: str) -> None:
        """Say whether the reader prefers `light` or `dark`, for what is opened from now on."""
        features = [{"name": "prefers-color-scheme", "value": scheme}]
        self._call("Emulation.setEmulatedMedia", {"features": features})

    def picture(self, path: Path) -> None:
        """Write a picture of the whole page."""
        answer = self._call("Page.captureScreenshot", {"captureBeyondViewport": True})
        path.write_bytes(base64.b64decode(answer["data"]))

    def _call(self, method: str, params: dict[str, Any] | None = None, until: str | None = None) -> Any:
        self._number += 1
        message: dict[str, Any] = {"id": self._number, "method": method, "params": params or {}}
        if hasattr(self, "_session"):
            message["sessionId"] = self._session
        os.write(self._to, json.dumps(message).encode() + b"\0")
        answer, happened = None, until is None
        while answer is None or not happened:
            event = self._next()
            if event.get("id") == self._number:
                assert "error" not in event, event
                answer = event["result"]
            happened = happened or event.get("method") == until
        return answer

    def _next(self) -> Any:
        while b"\0" not in self._unread:
            received = os.read(self._from, 1 << 16)
            assert received, "the browser went away"
            self._unread += received
        text, _, self._unread = self._unread.partition(b"\0")
        return json.loads(text)


@contextmanager
def browser(chromium: str, profile: Path) -> Iterator[Page]:
    """Start a browser with a profile of its own; it ends with the block."""
    read_command, to_browser = os.pipe()
    from_browser, write_answer = os.pipe()
    given = (read_command, write_answer)
    # The browser reads commands from descriptor 3 and answers on 4.
    command = f'exec "$0" "$@" 3<&{read_command} 4>&{write_answer}'
    arguments = ["bash", "-c", command, chromium, *_FLAGS, f"--user-data-dir={profile}", "about:blank"]
    process = subprocess.Popen(
        arguments, pass_fds=given, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        for descriptor in given:
            os.close(descriptor)
        yield Page(to_browser, from_browser)
    finally:
        process.kill()
        process.wait()
        os.close(to_browser)
        os.close(from_browser)
