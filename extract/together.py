"""Whether two parties of an article's news are parties of one deal (weights.json, `together`).

The encoder's opinion of the two counts with where the text names them: partners in one deal stand in the same sentences
and paragraphs, partners of a third company in two deals do not.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import combinations, pairwise

from extract.company import Company
from extract.encoder import EncoderReading
from extract.indicators import load_patterns
from extract.parties import LIMIT, pair_odds
from extract.sentences import HEADLINE_KIND, Sentence
from extract.weights import load_weights, total

MOST_PARTIES, FARTHEST = 8, 9  # from here on more parties, or more sentences between two, make no difference
# What may stand between two names of one list.
_IN_A_LIST = re.compile(r"(?:['’]s)?\s*(?:,|and|&|or|, and|as well as)?\s*(?:the |its )?")
Pairs = dict[frozenset[str], float]


def together_odds(
    parties: Sequence[Company], counted: Sequence[Sentence], encoding: EncoderReading
) -> Mapping[frozenset[str], float]:
    """The log-odds of each two of three parties or more, by their ids, that they are parties of one deal."""
    weights = load_weights().get("together")
    if weights is None:
        return {}  # fitted without an encoder
    features = together_features(parties, counted, encoding)
    return {ids: total(weights, own) for ids, own in features.items()}


def together_features(
    parties: Sequence[Company], counted: Sequence[Sentence], encoding: EncoderReading
) -> dict[frozenset[str], dict[str, float]]:
    """What the model reads of each two parties, by their ids; `counted` are the sentences of the article itself."""
    main, recalled = _encoder_odds(parties, encoding, "main"), _encoder_odds(parties, encoding, "recalled")
    naming = {c.id: [i for i, s in enumerate(counted) if c.id in s.companies] for c in parties}
    features: dict[frozenset[str], dict[str, float]] = {}
    for one, two in combinations(parties, 2):
        ids = frozenset((one.id, two.id))
        others = [c.id for c in parties if c.id not in ids]
        hubs = [i for i in others if all(set(naming[i]) & set(naming[own]) for own in ids)]
        features[ids] = {
            "bias": 1.0,
            "encoder_main": main[ids],
            "encoder_recalled": recalled[ids],
            "encoder_over_third": max(
                (min(main[frozenset((own, i))] for own in ids) for i in others), default=-LIMIT
            ),
            "parties": float(min(len(parties), MOST_PARTIES)),
            "hub": float(bool(hubs)),
            **_places(naming[one.id], naming[two.id], counted),
            "in_a_list": float(_are_listed(ids, [counted[i] for i in naming[one.id]])),
            **_wording(naming[one.id], naming[two.id], counted),
        }
    return features


def _encoder_odds(parties: Sequence[Company], encoding: EncoderReading, label: str) -> Pairs:
    return {
        frozenset((one.id, two.id)): pair_odds(one, two, encoding).get(label, -LIMIT)
        for one, two in combinations(parties, 2)
    }


def _places(one: Sequence[int], two: Sequence[int], counted: Sequence[Sentence]) -> dict[str, float]:
    """How near to each other the text names two companies; `one` and `two` are the sentences that do."""
    both = [counted[i] for i in sorted(set(one) & set(two))]
    paragraphs = [{counted[i].paragraph for i in own} for own in (one, two)]
    fewest = max(1, min(map(len, paragraphs)))
    return {
        "both": float(len(both)),
        "both_share": len(both) / max(1, min(len(one), len(two))),
        "both_news": float(sum(bool(s.triggers) and not s.is_recall for s in both)),
        "both_headline": float(any(s.kind == HEADLINE_KIND for s in both)),
        "both_body": float(any(s.kind != HEADLINE_KIND for s in both)),
        "distance": float(min((abs(i - j) for i in one for j in two), default=FARTHEST)),
        "paragraphs": len(paragraphs[0] & paragraphs[1]) / fewest,
    }


def _wording(one: Sequence[int], two: Sequence[int], counted: Sequence[Sentence]) -> dict[str, float]:
    """Words that set the company that is named later apart ("separately"), and that bind those named together."""
    words = load_patterns("together")
    later = counted[max(min(one, default=0), min(two, default=0))]
    both = [counted[i] for i in set(one) & set(two)]
    return {
        "apart": float(bool(words["apart"].search(later.text))),
        "joint": float(any(words["joint"].search(s.text) for s in both)),
    }


def _are_listed(ids: frozenset[str], sentences: Sequence[Sentence]) -> bool:
    """Whether some sentence names two companies one after the other with nothing but a comma or "and" between."""
    for sentence in sentences:
        own = [(span, company.id) for company, span in sentence.mentions if company.id in ids]
        start = sentence.span.start_char
        for (left, first), (right, second) in pairwise(own):
            between = sentence.text[left.end_char - start : right.start_char - start]
            if first != second and _IN_A_LIST.fullmatch(between):
                return True
    return False
