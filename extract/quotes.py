"""The words of an article that a claim rests on, at their offsets in headline or body."""

from __future__ import annotations

from dataclasses import dataclass

from extract.model import ARTICLE_BODY, HEADLINE, Claim
from extract.sentences import Sentence

_TRAILING = " \t\n\r.!?;:,…"


@dataclass(frozen=True, slots=True)
class Quote:
    """Words of an article as a claim cites them."""

    part: str
    start: int
    end: int
    text: str


class Quoter:
    """Turns offsets of the joined text into part and offsets of the article."""

    def __init__(self, text: str, body_start: int, headline_end: int) -> None:
        self._text, self._body_start, self._headline_end = text, body_start, headline_end

    def at(self, start: int, end: int) -> Quote:
        """The words from start to end."""
        if start < self._headline_end:
            end = min(end, self._headline_end)
            return Quote(HEADLINE, start, end, self._text[start:end])
        return Quote(ARTICLE_BODY, start - self._body_start, end - self._body_start, self._text[start:end])

    def sentence(self, sentence: Sentence) -> Quote:
        """A whole sentence without the white space and the full stop at its end."""
        start, end = sentence.span.start_char, sentence.span.end_char
        raw = self._text[start:end]
        start += len(raw) - len(raw.lstrip())
        stripped = raw.rstrip(_TRAILING)
        end = sentence.span.start_char + len(stripped) if stripped.strip() else end
        return self.at(start, end)


def claim(field: str, subject: str | None, stated: str, quote: Quote, rule: str, confidence: float) -> Claim:
    """A claim on a quote."""
    return Claim(
        field=field, subject=subject, stated=stated, part=quote.part, start_char=quote.start, end_char=quote.end,
        quote=quote.text, rule=rule, confidence=round(confidence, 3),
    )  # fmt: skip
