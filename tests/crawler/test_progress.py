"""What a person sees of a long crawl: bars on a terminal, plain lines elsewhere."""

from __future__ import annotations

from io import StringIO

from rich.console import Console

from crawler.progress import Progress, Reached, SourceReached


class Clock:
    """Ten seconds pass from one look to the next."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        self.now += 10.0
        return self.now


def test_a_log_gets_a_plain_line_every_fifty_pages() -> None:
    out = StringIO()
    with Progress(Console(file=out), Clock()) as progress:
        for done in range(1, 120):
            progress.update(Reached(done, 200 - done, articles=done // 2, irrelevant=3, problems=1))
    assert out.getvalue().splitlines() == [
        "50 pages, 150 waiting, 25 of 28 articles relevant, 1 problems, 5.0 pages/s",
        "100 pages, 100 waiting, 50 of 53 articles relevant, 1 problems, 5.0 pages/s",
    ]


def test_a_terminal_shows_every_source_and_keeps_the_last_line() -> None:
    out = StringIO()
    console = Console(file=out, force_terminal=True, width=100, _environ={"TERM": "xterm"})
    sources = {
        "the-grocer-[red]": SourceReached(known=40, done=10, articles=7, problems=2),
        "retail-wire": SourceReached(known=5, done=5, articles=4),
        "slow-news": SourceReached(known=2),
    }
    with Progress(console, Clock()) as progress:
        progress.update(Reached(15, 30, articles=11, problems=2, sources=sources))
        progress._live.refresh()  # type: ignore[union-attr]  # what its clock does four times a second
    shown = out.getvalue()
    assert "the-grocer-[red]" in shown
    assert "10 of 40 pages, 7 articles, 2 problems" in shown
    assert "all 5 pages, 4 articles" in shown
    assert "asked for 2 pages, 0 articles" in shown
    assert " more" not in shown
    assert shown.rstrip().endswith("pages/s")
    assert "15 pages, 30 waiting, 11 articles, 2 problems" in shown


def test_a_terminal_says_how_many_sources_it_does_not_show() -> None:
    out = StringIO()
    console = Console(file=out, force_terminal=True, width=100, _environ={"TERM": "xterm"})
    with Progress(console, Clock()) as progress:
        progress.update(Reached(0, 11, sources={f"source-{n:02}": SourceReached(known=1) for n in range(11)}))
        progress._live.refresh()  # type: ignore[union-attr]
    assert "source-07" in out.getvalue()
    assert "source-08" not in out.getvalue()
    assert "and 3 more" in out.getvalue()


def test_nothing_is_said_of_a_crawl_that_fetched_nothing() -> None:
    out = StringIO()
    with Progress(Console(file=out, force_terminal=True, width=100), Clock()):
        pass
    assert "pages" not in out.getvalue().rpartition("\x1b[2K")[2]
