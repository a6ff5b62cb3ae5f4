"""A command is run again and again until a signal comes: with real processes and real signals."""

from __future__ import annotations

import os
import re
import select
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from crawler.watch import STRICT, WatchError, only_watch, seconds, watch

ROOT = Path(__file__).parents[2]
HOUR = 3600.0
WATCH = """
import signal, sys
from crawler.watch import watch
for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):  # that nohup had ignored, or a shell's "&"
    signal.signal(number, signal.SIG_DFL)
watch([sys.executable, "-c", sys.argv[1]], every_s=float(sys.argv[2]))
"""
UNTIL_CTRL_C = """
import signal, sys
signal.signal(signal.SIGINT, lambda *_: sys.exit(130))
print("up", flush=True)
while True: signal.pause()
"""
STUBBORN = """
import signal
signal.signal(signal.SIGINT, lambda *_: print("no", flush=True))
print("up", flush=True)
while True: signal.pause()
"""


@contextmanager
def watching(program: str, **streams: int) -> Iterator[subprocess.Popen[str]]:
    """A process that watches over runs of a program, one an hour; killed if it does not end."""
    streams = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE} | streams
    command = [sys.executable, "-c", WATCH, program, str(HOUR)]
    with subprocess.Popen(command, cwd=ROOT, text=True, **streams) as process:  # type: ignore[call-overload]
        try:
            yield process
        finally:
            process.kill()


@pytest.mark.parametrize(
    ("duration", "length"), [("30m", 1800), ("1h", 3600), ("1d", 86400), ("1.5h", 5400), (" 2S ", 2)]
)
def test_durations(duration: str, length: float) -> None:
    assert seconds(duration) == length


@pytest.mark.parametrize("duration", ["", "0h", "1", "h", "-1h", "1w", "1 hour", "999999d", "1h; rm", "١h"])
def test_what_is_no_duration_is_refused(duration: str) -> None:
    with pytest.raises(WatchError, match="say 30m, 1h or 1d"):
        seconds(duration)


def test_each_run_is_a_fresh_process_and_a_failed_one_is_followed_by_the_next(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    notes = tmp_path / "notes"
    program = (
        "import os, sys; notes = open(sys.argv[1], 'a+'); notes.write(f'{os.getpid()}\\n'); notes.seek(0);"
        "sys.exit(len(notes.readlines()) % 2 and 7)"
    )
    watch([sys.executable, "-c", program, str(notes)], every_s=0.001, times=3)
    ids = notes.read_text().split()
    assert len(set(ids)) == 3
    assert str(os.getpid()) not in ids
    told = re.findall(r"^\S+ \S+ run (\d) ended after \S+: (.*)$", capfd.readouterr().err, re.M)
    assert told == [
        ("1", "failed with exit code 7"),
        ("2", "done"),
        ("3", "failed with exit code 7"),
    ]


def test_exit_code_1_has_a_meaning_where_assertions_are_strict(capfd: pytest.CaptureFixture[str]) -> None:
    for meanings in ({}, STRICT):
        watch([sys.executable, "-c", "raise SystemExit(1)"], every_s=0.001, times=1, meanings=meanings)
    told = re.findall(r"run 1 ended after \S+: (.*)", capfd.readouterr().err)
    assert told == [
        "failed with exit code 1",
        "not as its sources assert, or ended by a bug; the lines above say which",
    ]


def test_a_program_that_is_gone_is_told_and_tried_again(capfd: pytest.CaptureFixture[str]) -> None:
    watch(["/nonexistent/program"], every_s=0.001, times=2)
    assert capfd.readouterr().err.count("it could not be started: No such file or directory") == 2


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_interrupts_the_run_once_and_ends_the_watch(number: signal.Signals) -> None:
    with watching(UNTIL_CTRL_C) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "up\n"
        process.send_signal(number)
        out, err = process.communicate(timeout=60)
    assert (process.returncode, out) == (0, "")
    assert "run 1 ended after" in err
    assert err.rstrip().endswith("the watch has ended")
    assert ": stopped early\n" in err
    assert "Traceback" not in err


def test_a_second_signal_kills_a_run_that_goes_on() -> None:
    with watching(STUBBORN) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "up\n"
        process.send_signal(signal.SIGTERM)
        assert process.stdout.readline() == "no\n"
        process.send_signal(signal.SIGTERM)
        _, err = process.communicate(timeout=60)
    assert process.returncode == 0
    assert "ended by SIGKILL" in err


def test_a_signal_between_two_runs_ends_the_watch_at_once() -> None:
    with watching("") as process:
        assert process.stderr is not None
        lines = iter(process.stderr.readline, "")
        assert any(" next run at " in line for line in lines)
        process.send_signal(signal.SIGTERM)
        _, err = process.communicate(timeout=60)
    assert (process.returncode, err.split(" ", 2)[2]) == (0, "the watch has ended\n")


def test_a_terminal_shows_a_countdown() -> None:
    terminal, end = os.openpty()
    with watching("", stderr=end) as process:
        os.close(end)
        shown = ""
        while "next run in 0:59:5" not in shown:
            assert select.select([terminal], [], [], 60)[0], shown
            shown += os.read(terminal, 1000).decode()
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=60) == 0
    assert "next run at" not in shown
    os.close(terminal)


def test_a_second_watch_over_the_same_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "tieup.db"
    refused = pytest.raises(WatchError, match=r"tieup\.db: another `tieup watch` is over it")
    with only_watch(path), refused, only_watch(path):
        pass
    with only_watch(path), only_watch(tmp_path / "other.db"):
        pass
    with pytest.raises(WatchError, match="cannot be written"), only_watch(tmp_path / "missing" / "tieup.db"):
        pass
