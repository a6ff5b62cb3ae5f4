"""What tells the role of a date: the words around it, the verb that governs it, its distance to the publication date.

A label model over these features (weights.json, `date_role`) decides; one is what the rules of date_roles.py say.
"""

from __future__ import annotations

from datetime import date

from spacy.tokens import Span, Token

from extract.date_roles import PATTERNS
from extract.dates.anchor import anchor_day
from extract.dates.campaigns import is_campaign_day
from extract.dates.find import DateExpression
from extract.sentences import Sentence

NEAR = 5  # tokens to each side
# Days before publication up to which a date falls into each class.
_AGES = ((0, "same_day"), (3, "days"), (10, "week"), (31, "month"), (92, "quarter"), (400, "year"))


def date_features(
    read: DateExpression,
    start: int,
    end: int,
    sentence: Sentence,
    anchor: str | None,
    rule: str,
    is_deal_news: bool,
) -> dict[str, float]:
    """The features of an expression at characters start to end of the Doc; `rule` is the role that the rules give."""
    age = _age(read, anchor)
    precision = read.precision or "none"
    names = [
        "bias",
        f"rule={rule}",
        f"age={age}",
        f"precision={precision}",
        f"{precision}&{age}",
        f"rule={rule}&{age}",
        f"kind={sentence.kind}",
        f"news={is_deal_news}",
        f"rule={rule}&news={is_deal_news}",
        f"number={min(sentence.number, 3)}",
        f"companies={min(len(sentence.companies), 3)}",
        *(f"has={t.rule.kind}" for t in sentence.triggers),
        *(f"has={t.rule.kind}&{age}" for t in sentence.triggers),
    ]
    names += [
        name
        for name, holds in (
            ("recall", sentence.is_recall),
            ("is_news", sentence.is_news),
            ("quote", sentence.is_quote),
            ("hedged", sentence.is_hedged),
            ("trigger_none", not sentence.triggers),
            ("campaign", _is_campaign(read, sentence)),
        )
        if holds
    ]
    names += [f"surface={_shape(word)}" for word in read.text.lower().split()]
    at = start - sentence.span.start_char
    before, near = (
        sentence.text[max(0, at - 30) : at],
        sentence.text[max(0, at - 60) : at + len(read.text) + 45],
    )
    for name, pattern in PATTERNS.items():
        if pattern.search(before):
            names += [f"{name}_before", f"{name}_before&{age}"]
        if pattern.search(near):
            names += [f"{name}_near", f"{name}_near&{age}"]
    span = sentence.span.doc.char_span(start, end, alignment_mode="expand")
    if span is not None and len(span):
        names += _words_around(span, sentence)
    return dict.fromkeys(names, 1.0)


def _is_campaign(read: DateExpression, sentence: Sentence) -> bool:
    """Whether the sentence calls the day by a campaign's name ("Singles' Day on 11 November")."""
    return (
        read.precision == "day"
        and read.earliest is not None
        and is_campaign_day(sentence.text, date.fromisoformat(read.earliest))
    )


def _words_around(span: Span, sentence: Sentence) -> list[str]:
    named = {token.i for _, mention in sentence.mentions for token in mention}
    doc = span.doc

    def word(token: Token) -> str:
        return "ORG" if token.i in named else _shape(token.lemma_.lower())

    before = [word(doc[i]) for i in range(max(sentence.span.start, span.start - NEAR), span.start)]
    after = [word(doc[i]) for i in range(span.end, min(sentence.span.end, span.end + NEAR))]
    names = [f"before={w}" for w in before] + [f"after={w}" for w in after]
    if before:
        names.append(f"last={before[-1]}")
        names.append(f"last2={' '.join(before[-2:])}")
    else:
        names.append("first_in_sentence")
    if after:
        names.append(f"next={after[0]}")
    verb = next((t for t in (span.root, *span.root.ancestors) if t.pos_ in ("VERB", "AUX")), None)
    if verb is not None:
        names += [f"verb={verb.lemma_.lower()}", f"verb_tag={verb.tag_}"]
        if any(child.lower_ in ("will", "would", "shall") for child in verb.children):
            names.append("verb_future")
    return names


def _shape(word: str) -> str:
    return "".join("0" if c.isdigit() else c for c in word)


def _age(read: DateExpression, anchor: str | None) -> str:
    if anchor is None or read.earliest is None or read.latest is None:
        return "unknown"
    day = anchor_day(anchor)
    if date.fromisoformat(read.earliest) > day:
        return "future"
    days = (day - date.fromisoformat(read.latest)).days
    if days < 0:
        return "running"
    return next((name for limit, name in _AGES if days <= limit), "older")
