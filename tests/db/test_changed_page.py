"""A publisher changes an article between two runs: from its page to what can be read in the knowledge base."""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path

from build import load, rows
from processes import PAGE, ROOT
from sqlite_utils import Database

from crawler.items import article_from_json
from extract.pipeline import extract

sys.path.insert(0, str(ROOT / "tests" / "crawler"))

from local_site import Answer, LocalSite, article_page, rss, serve, source
from run_crawl import articles, launch

CHANGED = PAGE.replace("have signed an agreement", "have, in spite of doubts, signed a letter of intent")
VERSIONS = """
SELECT count(*), sum(v.is_current) FROM article_versions v JOIN articles a ON a.id = v.article
GROUP BY a.id ORDER BY a.url
"""
# Words that were found, and what stands at their place in the version that they are from.
QUOTED = """
SELECT x.version, x.words, substr(t.text, x.start_char + 1, x.end_char - x.start_char) FROM (
    SELECT version, part, start_char, end_char, quote AS words FROM claims
    UNION ALL SELECT version, part, start_char, end_char, surface FROM mentions
    UNION ALL SELECT version, part, start_char, end_char, surface FROM date_mentions
) x
LEFT JOIN article_texts t ON t.version = x.version AND t.part = x.part
"""
INSTRUMENTS = """
SELECT v.is_current, c.is_chosen, c.quote FROM claims c JOIN article_versions v ON v.id = c.version
WHERE c.field = 'instrument' ORDER BY 1
"""


def run(site: LocalSite, folder: Path, db: Database) -> int:
    """Crawl, extract and load what is new; the number of articles that were."""
    (folder / "articles.jsonl").unlink(missing_ok=True)
    outcome = launch(folder, "sources:\n" + source(site))
    assert (outcome.code, outcome.stderr, outcome.result["problems"]) == (0, "", [])
    read = [article_from_json(record) for record in articles(folder)]
    load(db, *zip(read, extract(read), strict=True))
    return len(read)


def test_a_changed_page_is_a_second_version_and_what_the_first_said_still_rereads(
    db: Database, tmp_path: Path
) -> None:
    site = LocalSite({"/feed": rss("/deal", "/steady"), "/deal": Answer(PAGE, etag='"1"')})
    site.pages["/steady"] = Answer(article_page("Two grocers sign a deal"), etag='"steady"')
    with serve(site):
        assert run(site, tmp_path, db) == 2
        first = rows(db, QUOTED)
        site.pages["/deal"] = Answer(CHANGED, etag='"2"')
        assert run(site, tmp_path, db) == 1
    assert rows(db, VERSIONS) == [(2, 1), (1, 1)]
    quoted = rows(db, QUOTED)
    assert [(words, there) for _, words, there in quoted if words != there] == []
    # All that was found in the page as it was is still there, beside what is found in it now.
    assert len(first) > 10
    assert Counter(first) < Counter(quoted)
    (before, now) = rows(db, INSTRUMENTS)
    assert before[:2] == (0, 0)
    assert "have signed an agreement" in before[2]
    assert now == (1, 1, "letter of intent")
    assert rows(db, "SELECT instrument, article_count FROM deals") == [("letter_of_intent", 1)]
