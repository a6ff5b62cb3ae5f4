"""Response headers that keep hostile text harmless even where an escape was forgotten.

Datasette's own pages carry a few inline scripts. They are fixed texts, so the policy names them by their hash
and allows no other inline script: a `<script>` or `onerror=` that came with an article never runs.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Awaitable, Callable, MutableMapping
from importlib import resources
from typing import Any

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

_INLINE_SCRIPT = re.compile(r"<script>(.*?)</script>", re.DOTALL)
_FACET_SCRIPT = "DATASETTE_ALLOW_FACET = {};"


def content_security_policy() -> str:
    """The policy of every page: all from this server, inline scripts only those of Datasette's templates.

    Styles may be inline: Datasette puts column names and widths into `<style>` and `style=`.
    """
    scripts = " ".join(f"'sha256-{_sha256(text)}'" for text in _inline_scripts())
    return "; ".join(
        (
            "default-src 'none'",
            f"script-src 'self' {scripts}",
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data:",
            "font-src 'self'",
            "connect-src 'self'",
            "form-action 'self'",
            "base-uri 'none'",
            "frame-ancestors 'none'",
        )
    )


def with_security_headers(app: App) -> App:
    """Wrap an ASGI application so that every response carries the headers, unless it set one itself."""
    headers = (
        (b"content-security-policy", content_security_policy().encode("ascii")),
        (b"x-content-type-options", b"nosniff"),
        (b"x-frame-options", b"DENY"),
        (b"referrer-policy", b"no-referrer"),
        (b"cross-origin-opener-policy", b"same-origin"),
    )

    async def wrapped(scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                present = {bytes(name).lower() for name, _ in message.get("headers", [])}
                missing = [(name, text) for name, text in headers if name not in present]
                message = {**message, "headers": [*message.get("headers", []), *missing]}
            await send(message)

        await app(scope, receive, send_with_headers if scope["type"] == "http" else send)

    return wrapped


def _inline_scripts() -> list[str]:
    texts = {_FACET_SCRIPT.format(allowed) for allowed in ("true", "false")}
    for template in (resources.files("datasette") / "templates").iterdir():
        if template.name.endswith(".html"):
            scripts = _INLINE_SCRIPT.findall(template.read_text(encoding="utf-8"))
            texts.update(script for script in scripts if "{{" not in script and "{%" not in script)
    return sorted(texts)


def _sha256(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode("ascii")
