"""A server on loopback that breaks the rules of HTTP in the way that a test writes down, byte by byte."""

from __future__ import annotations

import contextlib
import select
import socket
import ssl
import struct
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field


class Talk:
    """The server's side of one connection, after the request."""

    def __init__(self, connection: socket.socket, over: threading.Event) -> None:
        self._connection = connection
        self._over = over

    def send(self, *pieces: bytes | str) -> None:
        for piece in pieces:
            self._connection.sendall(piece.encode() if isinstance(piece, str) else piece)

    def until_left(self, pieces: Iterable[bytes], *, pause: float = 0.0) -> None:
        """Send piece after piece, with a pause after each, until the client hangs up."""
        for piece in pieces:
            self.send(piece)
            if self.has_left(pause):
                return

    def has_left(self, seconds: float) -> bool:
        """Whether the client hangs up, or the test ends, within so many seconds."""
        readable, _, _ = select.select([self._connection], [], [], seconds)
        return self._over.is_set() or (bool(readable) and self._connection.recv(1) == b"")

    def hang(self) -> None:
        """Say nothing until the client hangs up."""
        while not self.has_left(0.05):
            pass

    def reset(self) -> None:
        """Break the connection off as a crashed server does."""
        self._connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


@dataclass
class HostileSite:
    """`talks` maps a path to bytes to send or to what is done on the connection; else 404.

    `asked` lists the paths as they were asked for, `times` the moments (monotonic seconds) of it.
    """

    talks: dict[str, bytes | Callable[[Talk], None]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    times: list[float] = field(default_factory=list)
    host: str = "127.0.0.1"
    port: int = 0
    scheme: str = "http"

    @property
    def netloc(self) -> str:
        return f"{self.host}:{self.port}"

    @property
    def origin(self) -> str:
        return f"{self.scheme}://{self.netloc}"

    def source(self, name: str, keys: str = "feeds: [/feed]") -> str:
        """The entry of sources.yml."""
        return f"  - {{name: {name}, domain: '{self.netloc}', scheme: {self.scheme}, {keys}}}\n"


def answer(body: bytes | str, *headers: str, status: str = "200 OK", kind: str = "text/html") -> bytes:
    """A proper answer, but for what the headers say: Content-Length is added if none of them gives a length."""
    content = body.encode() if isinstance(body, str) else body
    lines = [f"HTTP/1.1 {status}", f"Content-Type: {kind}", "Connection: close", *headers]
    if not any(line.startswith(("Content-Length:", "Transfer-Encoding:")) for line in headers):
        lines.append(f"Content-Length: {len(content)}")
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + content


@contextlib.contextmanager
def serve_hostile(
    site: HostileSite, *, bind: str = "127.0.0.1", port: int = 0, tls: ssl.SSLContext | None = None
) -> Iterator[HostileSite]:
    """Serve until the block ends; `tls` makes it https."""
    listener = socket.create_server((bind, port))
    site.port = listener.getsockname()[1]
    site.scheme = "https" if tls else "http"
    over = threading.Event()

    def accept() -> None:
        while not over.is_set():
            with contextlib.suppress(OSError):
                connection, _ = listener.accept()
                threading.Thread(target=handle, args=(connection,), daemon=True).start()

    def handle(plain: socket.socket) -> None:
        with contextlib.suppress(OSError), plain:
            plain.settimeout(10)
            connection = tls.wrap_socket(plain, server_side=True) if tls else plain
            with connection:
                head = b""
                while b"\r\n\r\n" not in head:
                    received = connection.recv(65536)
                    if not received:
                        return
                    head += received
                path = head.split(b" ")[1].decode("latin-1")
                site.asked.append(path)
                site.times.append(time.monotonic())
                talk = Talk(connection, over)
                what = site.talks.get(path, answer("nothing", status="404 Not Found"))
                if isinstance(what, bytes):
                    talk.send(what)
                else:
                    what(talk)

    thread = threading.Thread(target=accept, daemon=True)
    thread.start()
    try:
        yield site
    finally:
        over.set()
        with contextlib.suppress(OSError), socket.create_connection((bind, site.port), timeout=1):
            pass  # wakes the listener
        thread.join(5)
        listener.close()
