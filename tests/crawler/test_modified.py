"""When a page says that it was changed: with the text that says so, and where it stands."""

from __future__ import annotations

import pytest
from local_site import article_page

from crawler.items import article_from_json
from crawler.pages import parse_page

LD = '<script type="application/ld+json">{"@type": "NewsArticle", "dateModified": "March 5, 2021"}</script>'
OG = '<meta property="article:modified_time" content="2021-03-06T10:00:00Z">'
META = '<meta name="last-modified" content="2021-03-07">'
UNREAD = OG.replace("2021-03-06T10:00:00Z", "a while ago")


@pytest.mark.parametrize(
    ("head", "date", "raw", "basis"),
    [
        (META + OG + LD, "2021-03-05", "March 5, 2021", "json_ld"),
        (META + OG, "2021-03-06T10:00:00+00:00", "2021-03-06T10:00:00Z", "open_graph"),
        (UNREAD + META, "2021-03-07", "2021-03-07", "meta"),
        (UNREAD, None, None, None),
    ],
)
def test_a_change_is_told_with_text_and_basis(
    head: str, date: str | None, raw: str | None, basis: str | None
) -> None:
    page = article_page("Marlby and Quillane sign a delivery deal", head=head)
    article = parse_page(page, url="https://news.example/a", retrieved_at="2026-01-01T00:00:00+00:00")
    assert (article.date_modified, article.date_modified_raw, article.date_modified_basis) == (
        date,
        raw,
        basis,
    )
    again = article_from_json(article.to_json())
    assert (again.date_modified_raw, again.date_modified_basis) == (raw, basis)
