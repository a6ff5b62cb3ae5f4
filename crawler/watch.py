"""Run a command again and again, each time in a fresh process, until a signal comes.

What a run takes in memory goes with its process, so a watch of weeks is as small as one of minutes.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from types import FrameType, MappingProxyType

_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
_LONGEST = 366 * _UNITS["d"]
_MEANING = {0: "done", 2: "it could not do its work, the line above says why", 130: "stopped early"}
STRICT = {1: "not as its sources assert, or ended by a bug; the lines above say which"}
"""How a run with --strict ends besides: a bug has the same exit code in Python."""
_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class WatchError(ValueError):
    """A watch that cannot be; the message is one line and says what to do."""


def seconds(duration: str) -> float:
    """Seconds of a duration such as 30m, 1h, 1.5h or 1d. Raises WatchError."""
    match = re.fullmatch(r"(\d{1,6}(?:\.\d{1,3})?)([smhd])", duration.strip().lower(), re.ASCII)
    length = float(match[1]) * _UNITS[match[2]] if match else 0.0
    if not 0 < length <= _LONGEST:
        raise WatchError(
            f"{duration[:40]!r} is no duration; say 30m, 1h or 1d (s, m, h or d, at most a year)"
        )
    return length


@contextlib.contextmanager
def only_watch(path: Path) -> Iterator[None]:
    """Hold the right to watch over the knowledge base at `path`; it ends with the block, or with the process.

    Raises WatchError if another process holds it or the folder cannot be written.
    """
    lock = path.with_name(path.name + ".watch.lock")
    try:
        handle = os.open(lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    except OSError as error:
        raise WatchError(f"{lock}: cannot be written: {error.strerror}") from error
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise WatchError(f"{path}: another `tieup watch` is over it; end that one first") from error
        yield
    finally:
        os.close(handle)


def watch(
    command: Sequence[str],
    *,
    every_s: float,
    times: int | None = None,
    meanings: Mapping[int, str] = MappingProxyType({}),
) -> None:
    """Run `command` every so many seconds, counted from start to start, `times` times or until a signal.

    A run that takes longer than that is followed by the next at once. How runs end is told on standard error,
    with a countdown on a terminal; `meanings` are those of exit codes that not every command has. SIGINT, SIGTERM and
    SIGHUP interrupt the run as Ctrl-C would and end the watch when it has ended; a second one kills it.
    """
    runs = _Runs()
    with _on_signals(runs.stop):
        for number in range(1, sys.maxsize):
            began = time.monotonic()
            _say(f"run {number} begins")
            code = runs.run(command)
            took = timedelta(seconds=round(time.monotonic() - began))
            _say(f"run {number} ended after {took}: {_meaning(code, meanings)}")
            if runs.stopping.is_set() or number == times:
                break
            if _wait(began + every_s - time.monotonic(), runs.stopping):
                break
    _say("the watch has ended")


@dataclass(slots=True)
class _Runs:
    stopping: threading.Event = field(default_factory=threading.Event)
    _child: subprocess.Popen[bytes] | None = None

    def run(self, command: Sequence[str]) -> int | str:
        """The exit code of one run, or why there was none."""
        try:
            # In a session of its own: Ctrl-C reaches it once, by way of `stop`.
            self._child = subprocess.Popen(command, stdin=subprocess.DEVNULL, start_new_session=True)
        except OSError as error:
            return f"it could not be started: {error.strerror}"
        if self.stopping.is_set():
            self._child.send_signal(signal.SIGINT)
        code = self._child.wait()
        self._child = None
        return code

    def stop(self, number: int, frame: FrameType | None) -> None:
        child = self._child
        if child is not None:
            child.send_signal(signal.SIGKILL if self.stopping.is_set() else signal.SIGINT)
        self.stopping.set()


@contextlib.contextmanager
def _on_signals(handler: signal._HANDLER) -> Iterator[None]:
    # Whoever had them ignored, as nohup has, wants them ignored; a shell's `&` has SIGINT ignored, too.
    heeded = [number for number in _SIGNALS if signal.getsignal(number) != signal.SIG_IGN]
    before = {number: signal.signal(number, handler) for number in heeded}
    try:
        yield
    finally:
        for number, previous in before.items():
            signal.signal(number, previous)


def _wait(length: float, stopping: threading.Event) -> bool:
    """Wait so many seconds; whether a signal ended it."""
    if length <= 0:
        return stopping.is_set()
    until = time.monotonic() + length
    if not sys.stderr.isatty():
        _say(f"next run at {datetime.now().astimezone() + timedelta(seconds=length):%Y-%m-%d %H:%M:%S}")
        return stopping.wait(length)
    while (left := until - time.monotonic()) > 0 and not stopping.wait(min(1.0, left)):
        sys.stderr.write(f"\r  next run in {timedelta(seconds=round(left))}   ")
        sys.stderr.flush()
    sys.stderr.write("\r" + " " * 40 + "\r")
    return stopping.is_set()


def _meaning(code: int | str, meanings: Mapping[int, str]) -> str:
    if isinstance(code, str):
        return code
    if code < 0:
        return f"ended by {signal.Signals(-code).name}"
    return {**_MEANING, **meanings}.get(code, f"failed with exit code {code}")


def _say(message: str) -> None:
    sys.stderr.write(f"{datetime.now().astimezone():%Y-%m-%d %H:%M:%S} {message}\n")
    sys.stderr.flush()
