"""Check sources over the network: what each address that they name answers, without reading any article."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from crawler.process import claim_process, run_spider
from crawler.progress import OnProgress
from crawler.settings import MIDDLEWARES
from crawler.sources import Source

ROBOTS = "robots"
TIMEOUT_S = 30.0

_GAP = "  "
_ENOUGH = 44  # characters that most answers fit in

Outcome = Literal["answers", "empty", "fails", "not asked"]
_COUNTED: dict[Outcome, str] = {
    "answers": "answer",
    "empty": "empty",
    "fails": "fail",
    "not asked": "not asked",
}


@dataclass(frozen=True, slots=True)
class Finding:
    """What one address of a source answered.

    `kind` is robots, feed, sitemap or section. `said` is the answer in a few words, one line of printable text,
    some of it perhaps from the web. `entries` counts the articles that a crawl would follow; a robots.txt and an
    index of sitemaps have none.
    """

    source: str
    kind: str
    address: str
    outcome: Outcome
    said: str
    entries: int = 0


@dataclass(frozen=True, slots=True)
class CheckReport:
    """The sources' ids, the findings by source in the order of its addresses, and whether Ctrl-C ended it.

    What an address led to (a sitemap of an index, a feed that a page names) comes after that address.
    """

    sources: tuple[str, ...]
    findings: tuple[Finding, ...]
    interrupted: bool = False

    @property
    def without_entries(self) -> tuple[str, ...]:
        """The sources of which no address answers with entries."""
        answering = {finding.source for finding in self.findings if finding.entries}
        return tuple(source for source in self.sources if source not in answering)


def check(
    sources: Iterable[Source],
    *,
    allow_loopback: bool = False,
    progress: OnProgress | None = None,
    contact: str | None = None,
    timeout_s: float = TIMEOUT_S,
) -> CheckReport:
    """Ask each source's robots.txt, feeds, sitemaps and section pages once, as politely as a crawl does.

    `progress` is told how many requests are done and waiting; `allow_loopback` and `contact` are those
    of `crawler.crawl.crawl`; an answer may take `timeout_s` seconds. Like a crawl it runs once in a process.
    """
    claim_process()
    listed = tuple(sources)
    findings: dict[tuple[int, ...], Finding] = {}
    interrupted = run_spider(
        "crawler.spiders.check.CheckSpider",
        listed,
        allow_loopback=allow_loopback,
        contact=contact,
        settings={
            "DOWNLOAD_TIMEOUT": timeout_s,
            "RETRY_TIMES": 0,
            "ITEM_PIPELINES": {},
            "DOWNLOADER_MIDDLEWARES": MIDDLEWARES
            | {
                "crawler.middlewares.obey_robots.ObeyRobots": None,
                "crawler.middlewares.answer_robots.AnswerRobots": 100,
            },
        },
        listed=listed,
        findings=findings,
        progress=progress,
    )
    in_order = tuple(findings[place] for place in sorted(findings))
    return CheckReport(tuple(source.id for source in listed), in_order, interrupted)


def table(report: CheckReport, *, width: int) -> Iterator[str]:
    """The findings as aligned lines of at most `width` characters, and a last line of counts.

    What is too long is cut: addresses at their beginnings, all else at the end.
    """
    rows = [(f.source, f.kind, f.address, f.said) for f in report.findings]
    names, kinds, addresses, answers = (max((len(row[n]) for row in rows), default=0) for n in range(4))
    names = min(names, max(8, width // 4))
    left = width - names - kinds - 3 * len(_GAP)
    addresses = min(addresses, max(12, left - min(answers, _ENOUGH)))
    for source, kind, address, said in rows:
        shown = _cut(address[::-1], addresses)[::-1]
        cells = (_cut(source, names).ljust(names), kind.ljust(kinds), shown.ljust(addresses), said)
        yield _cut(_GAP.join(cells), width)
    yield _counts(report)


def _cut(text: str, width: int) -> str:
    return text if len(text) <= width else text[: width - 1] + "…"


def _counts(report: CheckReport) -> str:
    asked = Counter(finding.outcome for finding in report.findings if finding.kind != ROBOTS)
    listed, without = len(report.sources), len(report.without_entries)
    outcomes = ", ".join(f"{asked[outcome]} {word}" for outcome, word in _COUNTED.items() if asked[outcome])
    return (
        f"{_plural(listed, 'source')}, {without} without entries; "
        f"{_plural(asked.total(), 'address', 'addresses')}: {outcomes}"
    )


def _plural(number: int, singular: str, plural: str | None = None) -> str:
    return f"{number} {singular if number == 1 else plural or singular + 's'}"
