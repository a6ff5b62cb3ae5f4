"""What each sentence of an article is and does: the facts that the deal rules weigh."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from spacy.tokens import Doc, Span

from extract.company import Company
from extract.dates.anchor import anchor_day
from extract.layout import BODY, SUBHEADING
from extract.triggers import Trigger, find_triggers

HEADLINE_KIND = "headline"
# An agreement dated more than this before publication is not the news.
OLDER_THAN = timedelta(days=45)

# An older agreement is told of, not today's.
_RECALL = re.compile(
    r"\b(?:already|previously|formerly|had (?:\w+ )?(?:been|signed|partnered|teamed|joined|agreed|struck|announced|launched|entered|made|bought|tried)|back in|used to (?!\w+ing)|"
    r"earlier (?:this|last) (?:year|month|week)|last (?:year|month|week|spring|summer|autumn|fall|winter|january|february|march|april|may|june|july|august|september|october|november|december)|"
    r"(?:a|two|three|four|five|several|few) (?:years?|months?) (?:ago|earlier|before)|(?:year|month)s? ago|since (?:19|20)\d\d|began in|started in|dates? (?:back|from)|existing|long-?standing|"
    r"in (?:19|20)\d\d|the (?:year|month) before|first (?:teamed|partnered|worked|signed)|followed? (?:a|an) (?:similar|earlier|previous)|in the past|until (?:now|then|recently)|similar (?:deal|agreement|partnership|tie-up|arrangement)s?|the (?:previous|earlier|former))\b",
    re.I,
)
_NEWS = re.compile(
    r"\b(?:today|announced?|announces|announcing|unveil\w*|said (?:on|today|in a)|will|new|has (?:signed|agreed|entered|partnered|teamed|joined|launched|struck|sealed|inked|chosen|selected|formed|tapped)|have (?:signed|agreed|entered|partnered|teamed|joined|launched|struck|sealed|inked|formed)|"
    r"under the|the (?:partnership|agreement|deal|tie-up|alliance|collaboration|move|pact|arrangement|joint venture|cooperation|contract|pilot|trial)|(?:on|this) (?:monday|tuesday|wednesday|thursday|friday|saturday|sunday|week|morning)|starting|from (?:today|next)|plans? to|to be)\b",
    re.I,
)
_HEDGE = re.compile(
    r"\b(?:may|might|could|would|consider\w*|explor\w+|possib\w+|potential\w*|talks|negotiat\w+|reportedly|rumou?r\w*|sources?|people familiar|said to be|is said to|are said to|mull\w*|weigh\w*)\b",
    re.I,
)
_OPENING_QUOTE = ('"', "“", "‘")


@dataclass(slots=True)
class Sentence:
    """One sentence with the companies and triggers in it.

    `kind` is the kind of its line, or `headline`. `number` counts body sentences from 0 (headline: -1).
    """

    span: Span
    text: str  # the span's, kept since it is read again and again
    kind: str
    number: int
    paragraph: int
    triggers: list[Trigger] = field(default_factory=list)
    mentions: list[tuple[Company, Span]] = field(default_factory=list)
    is_recall: bool = False
    is_news: bool = False
    is_hedged: bool = False
    is_quote: bool = False
    _companies: list[str] | None = field(default=None, init=False, repr=False, compare=False)

    @property
    def companies(self) -> list[str]:
        """Ids of the companies named, without repeats, in order; read once, after the mentions have been placed."""
        if self._companies is None:
            self._companies = list(dict.fromkeys(company.id for company, _ in self.mentions))
        return self._companies

    @property
    def counts(self) -> bool:
        """Whether the sentence is part of the article itself."""
        return self.kind in (HEADLINE_KIND, BODY, SUBHEADING)

    def has(self, *kinds: str) -> bool:
        """Whether it holds a trigger of one of the kinds."""
        return any(t.rule.kind in kinds for t in self.triggers)


def read_sentences(doc: Doc, companies: Sequence[Company]) -> list[Sentence]:
    """The sentences of a text, in order."""
    sentences: list[Sentence] = []
    whole = doc.text
    number = -1
    for span in doc.sents:
        text = whole[span.start_char : span.end_char]
        if not text.strip():
            continue
        kind, paragraph = _kind_of(doc, span.start_char + len(text) - len(text.lstrip()))
        if kind != HEADLINE_KIND:
            number += 1
        sentence = Sentence(span, text, kind, number if kind != HEADLINE_KIND else -1, paragraph)
        sentence.triggers = list(find_triggers(text, span.start_char))
        sentence.is_news = bool(_NEWS.search(text))
        sentence.is_recall = kind != HEADLINE_KIND and bool(_RECALL.search(text))
        sentence.is_hedged = bool(_HEDGE.search(text))
        sentence.is_quote = (
            text.lstrip().startswith(_OPENING_QUOTE) or "”" in text[-3:] or text.rstrip().endswith('"')
        )
        sentences.append(sentence)
    _place_mentions(sentences, companies)
    return sentences


def mark_older(
    sentences: Sequence[Sentence], days: Sequence[tuple[Sentence | None, str | None]], anchor: str | None
) -> None:
    """Mark sentences that date an agreement well before publication as telling of an older one.

    `days` are the sentence and last day of each date expression. The first two sentences report the news itself: a date
    there is background ("partners since 2017, announced ...") unless nothing in them is news.
    """
    if anchor is None:
        return
    limit = (anchor_day(anchor) - OLDER_THAN).isoformat()
    for sentence, latest in days:
        if sentence is None or latest is None or latest >= limit or sentence.kind == HEADLINE_KIND:
            continue
        if sentence.has("noun", "verb", "extend", "stake", "end") and not (
            sentence.number <= 1 and sentence.is_news
        ):
            sentence.is_recall = True


def _kind_of(doc: Doc, start: int) -> tuple[str, int]:
    """Kind and paragraph of the sentence whose first letter stands at `start`."""
    if start < doc._.body_start:
        return HEADLINE_KIND, -1
    for number, line in enumerate(doc._.layout):
        if line.start <= start < line.end:
            return line.kind, number
    return BODY, len(doc._.layout)


def _place_mentions(sentences: list[Sentence], companies: Sequence[Company]) -> None:
    mentions = sorted(((s.start, s, c) for c in companies for s in c.spans), key=lambda m: m[0])
    position = 0
    for sentence in sentences:
        while position < len(mentions) and mentions[position][0] < sentence.span.end:
            if mentions[position][0] >= sentence.span.start:
                sentence.mentions.append((mentions[position][2], mentions[position][1]))
            position += 1
