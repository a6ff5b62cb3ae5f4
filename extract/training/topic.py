"""Fits extract/topic_words.json: `python -m extract.training.topic <folder of NER sets>`.

The passages (retail news, with deals and without) against other news, written for this project as well (other_news), and
texts of all kinds: the sets of named entities, but for the one of financial news, which is too near. Every fifth text is
held out; the threshold is such that of the passages among these that report a deal no more than one in a thousand is
lost.
"""

from __future__ import annotations

import json
import random
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TypeVar

from spacy.tokens import DocBin
from spacy.vocab import Vocab

from extract.topic import LEAST_WORDS, TOPIC_WORDS, topic_features
from extract.training.passages import read_passages
from extract.training.solve import fit_binary
from extract.weights import total

T = TypeVar("T")
PASSAGES = Path(__file__).parent / "passages"
OTHER_NEWS = Path(__file__).parent / "other_news"
OTHER_SETS = ("gum", "uner_ewt", "wikigold", "crossner")
HELD_EVERY = 5
LOST = 0.001
# Words of fewer passages are left out; how long stretches of other texts are, in tokens.
RARE, STRETCHES = 15, (60, 700)
PENALTY = 0.7
# How many times other news counts beside texts of other kinds: it is what has to be told apart.
NEWS_TIMES = 4


def main() -> None:
    """Fit, say what is lost of the passages held out and kept of other texts, and write the words."""
    folder = Path(sys.argv[1])
    passages, held_passages = apart(list(read_passages(PASSAGES)))
    kept = [p.text for p in passages]
    held = [p.text for p in held_passages if any(deal.is_main for deal in p.deals)]
    news, held_news = apart(other_news())
    other = [
        *news * NEWS_TIMES,
        *(text for name in OTHER_SETS for text in _stretches(folder / name / "train.spacy")),
    ]
    repeated = max(1, len(kept) // len(other))
    yes, no = ([topic_features(text) for text in texts] for texts in (kept, other))
    seen = Counter(word for features in yes for word in features)
    examples = [
        ({word: number for word, number in features.items() if seen[word] >= RARE}, truth)
        for features, truth in ([(f, True) for f in yes] + [(f, False) for f in no] * repeated)
    ]
    words = fit_binary(examples, PENALTY)
    threshold = round(sorted(_scores(words, held))[int(LOST * len(held))] - 0.005, 2)
    left = sum(score >= threshold for score in _scores(words, held_news)) / len(held_news)
    model = {"threshold": threshold, "words": {word: round(weight, 2) for word, weight in words.items()}}
    TOPIC_WORDS.write_text(json.dumps(model, indent=0, sort_keys=True) + "\n", encoding="utf-8")
    figures = {
        "deals_held_out": len(held),
        "news_held_out": len(held_news),
        "of_it_read": round(left, 3),
        "words": len(words),
    }
    print(json.dumps(figures))  # noqa: T201


def apart(texts: Sequence[T]) -> tuple[list[T], list[T]]:
    """The texts to learn from, and every fifth, held out."""
    return (
        [text for i, text in enumerate(texts) if i % HELD_EVERY],
        [text for i, text in enumerate(texts) if i % HELD_EVERY == 0],
    )


def other_news() -> list[str]:
    """News about something else than business in retail."""
    return [path.read_text(encoding="utf-8") for path in sorted(OTHER_NEWS.rglob("*.txt"))]


def _scores(words: dict[str, float], texts: Sequence[str]) -> list[float]:
    """What the model says of the texts that have words enough to be judged."""
    features = [topic_features(text) for text in texts]
    return [total(words, f) for f in features if len(f) > LEAST_WORDS]


def _stretches(path: Path) -> Iterator[str]:
    """The texts of a set of named entities, joined to stretches of the length of news."""
    rng = random.Random(1)
    texts: list[str] = []
    tokens, limit = 0, rng.randint(*STRETCHES)
    for doc in DocBin().from_disk(path).get_docs(Vocab()):
        texts.append(doc.text)
        tokens += len(doc)
        if tokens > limit:
            yield " ".join(texts)
            texts, tokens, limit = [], 0, rng.randint(*STRETCHES)


if __name__ == "__main__":
    main()
