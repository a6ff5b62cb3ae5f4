"""Sentences with two marked companies: which are measured, and when they count as partners."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from crawler.items import NewsArticle
from eval import pairs
from eval.errors import EvaluationError
from extract.model import CompanyMention, Deal, Extraction, Party, Span

TEXT = "Brinkholt and the nuvaPay group signed a pact, said Lumo."


def row(name: str, relation: str, first: str = "Brinkholt", second: str = "nuvaPay group") -> str:
    entities = [
        {"start": TEXT.index(t), "end": TEXT.index(t) + len(t), "text": t, "name": t} for t in (first, second)
    ]
    return json.dumps({"id": name, "text": TEXT, "entities": entities, "relation": relation})


def sentences(folder: Path, *lines: str) -> Path:
    path = folder / "pairs.jsonl"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def read_pact(articles: Iterable[NewsArticle], *, main: bool = True) -> Iterator[Extraction]:
    """Finds all three companies, and a deal of the first two."""
    for article in articles:
        assert (article.headline, article.article_body) == ("", TEXT)
        yield Extraction(
            url=None,
            relevance=1.0,
            pipeline="test",
            companies=tuple(
                CompanyMention(
                    id=name.lower(),
                    name=name,
                    roles=("mentioned",),
                    is_party=False,
                    reason="",
                    mentions=(Span("article_body", TEXT.index(name), TEXT.index(name) + len(name), name),),
                )
                for name in ("Brinkholt", "nuvaPay", "Lumo")
            ),
            deals=(
                Deal(
                    main=main,
                    type="",
                    instrument="",
                    status="",
                    announced=None,
                    confidence=0.9,
                    parties=tuple(
                        Party(company=i, name=i, roles=("partner",), confidence=0.9)
                        for i in ("brinkholt", "nuvapay")
                    ),
                ),
            ),
        )


def test_figures_over_the_measured_sentences(tmp_path: Path) -> None:
    path = sentences(
        tmp_path,
        row("E5", "collaboration"),
        row("E10", "competitor_of"),
        row("E15", "collaboration", "Brinkholt", "Lumo"),
        row("E20", "competitor_of", "Lumo", "nuvaPay"),
        row("E21", "competitor_of"),  # trained on
    )
    result = pairs.score(path, read_pact)
    (figure,) = result.figures
    assert (figure.field, figure.n) == ("collaboration", 2)
    assert (figure.precision, figure.recall, figure.f1) == (0.5, 0.5, 0.5)
    assert result.differences == ["E10: a deal, but competitor_of", "E15: missed"]
    assert result.title.startswith("4 sentences")
    assert "taken for a deal, competitor_of: 1 of 2" in result.notes


def test_recalled_deals_count(tmp_path: Path) -> None:
    path = sentences(tmp_path, row("E5", "collaboration"))
    result = pairs.score(path, lambda articles: read_pact(articles, main=False))
    assert result.figures[0].f1 == 1.0


def test_one_company_that_covers_both_marks_is_no_pair(tmp_path: Path) -> None:
    path = sentences(tmp_path, row("E5", "collaboration", "Brinkholt", "Brinkholt"))
    assert pairs.score(path, read_pact).figures[0].recall == 0.0


@pytest.mark.parametrize("line", ["{", "[]", '{"id": "E5"}', row("none", "collaboration")])
def test_a_line_of_another_shape_is_named(line: str, tmp_path: Path) -> None:
    path = sentences(tmp_path, row("E5", "collaboration"), line)
    with pytest.raises(EvaluationError, match=r"pairs\.jsonl: line 2 is no sentence"):
        list(pairs.read_pairs(path))


def test_the_pipeline_reads_a_plain_sentence(tmp_path: Path) -> None:
    text = "Walmart and Microsoft have signed a partnership."
    entities = [{"start": 0, "end": 7}, {"start": 12, "end": 21}]
    line = json.dumps({"id": "E5", "text": text, "entities": entities, "relation": "collaboration"})
    result = pairs.score(sentences(tmp_path, line))
    assert "both companies of a collaboration found as companies: 1 of 1" in result.notes


def test_pairs_of_which_one_is_not_named_are_counted_apart(tmp_path: Path) -> None:
    path = sentences(
        tmp_path,
        row("E5", "collaboration", "the nuvaPay group", "Lumo"),
        row("E10", "collaboration", "Brinkholt", "the"),
        row("E15", "collaboration", "said", "Lumo"),
    )
    notes = pairs.score(path, read_pact).notes
    assert "both companies of a collaboration named, and none as 'it' or 'the company': 1 of 3" in notes
