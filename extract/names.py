"""Names that stand in a text: candidates for companies that no gazetteer holds.

A candidate is a run of capitalised tokens or an entity of the statistical model. Whether it names a company is
decided over all its occurrences in the text, since news introduces a company once ("the delivery firm Lumo") and then
only names it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from spacy.tokens import Doc, Span, Token

from extract.cues import words
from extract.text import fold

NAME_LABELS = frozenset(
    {"ORG", "PERSON", "GPE", "LOC", "FAC", "PRODUCT", "WORK_OF_ART", "NORP", "EVENT", "LAW"}
)
CONNECTORS = frozenset(
    {"&", "+", "of", "de", "del", "della", "di", "da", "du", "des", "la", "le", "y", "e", "'n'", "-"}
)
_CAMEL = re.compile(
    r"[a-z][A-Z]|[A-Za-z]\d|\d[A-Za-z]"
    r"|\.(?:com|co|io|ai|cn|net|in|uk)\b"
    r"|\w{2}\.(?:app|org|shop|store|supply|eu|ie|de|at|ch|fr|es|pt|it|nl|be|dk|se|no|fi|pl|cz|gr|ro|rs|ru|ua|tr|pk|hk|jp|kr"
    r"|sg|my|ph|th|vn|id|au|nz|ae|sa|za|ng|ke|eg|br|mx|ar|cl|pe|ca)$"
)
_AMOUNT = re.compile(r"(?:[A-Za-z]{0,3}[$€£¥]|[A-Z]{2,3}|Rs|Ksh)?\.?\d[\d.,]*(?:[a-zA-Z]{1,2})?$")
# "(MSFT.O)", "[NMRCUS.UL]", "(MGLU3)"
_TICKER = re.compile(r"[A-Z]{1,6}[.:][A-Z]{1,3}|[A-Z]{4}\d{1,2}")
# "(BIST: GBZAR)": whatever the exchange, it and the ticker are no names; and how far around a name it is looked for.
_LISTING = re.compile(r"\(\s?[A-Z]{2,8}\s?:\s?[A-Z0-9.]{1,8}\s?[);,]")
_NEAR_LISTING = 8  # tokens
_LONGEST_TICKER = 5
# "l'Oise", "d'Or": the capital stands behind an article.
_ELIDED = re.compile(r"[a-z]{1,2}['’][A-Z]")
POSSESSIVE = frozenset({"'s", "’s", "'", "’"})
_TITLE_CASE = "tieup_title_case"
_OPS = frozenset({"op", "ops", "operative", "operatives"})


@dataclass(slots=True)
class Candidate:
    """A name as it occurs in one text: the folded key, its occurrences and the model's label of each."""

    key: tuple[str, ...]
    spans: list[Span] = field(default_factory=list)
    labels: list[str] = field(default_factory=list)


def is_camel(text: str) -> bool:
    """Whether a word is written as only names are: "eBay", "H2O", "Lumo.com"."""
    return bool(_CAMEL.search(text))


def is_capitalised(token: Token) -> bool:
    """Whether the token begins like a name: a capital or a digit; lower-case brands are left to the gazetteer."""
    text = token.text
    return (
        text[:1].isupper()
        or is_camel(text)
        or bool(_ELIDED.match(text))
        or (text[:1].isdigit() and any(c.isupper() for c in text))
    )


def _is_noise(span: Span) -> bool:
    """Whether a run of capitals is a sum of money, a ticker or a legal form, and no name."""
    if all(_AMOUNT.match(t.text) or t.is_punct or t.text in CONNECTORS for t in span):
        return True
    if all(fold(t.text) in words("legal_suffixes") or t.text in CONNECTORS for t in span):
        return not _is_group_of_letters(span)
    if _is_in_listing(span) or (len(span) == 1 and _is_ticker_behind_form(span[0])):
        return True
    if fold(span[0].text) in words("exchanges") and len(span) <= 2:
        return True
    if span.text.rstrip(".") == "S" and span.start > 1 and span.doc[span.start - 2 : span.start].text == "A/":
        return True
    if (
        len(span) == 1
        and _TICKER.fullmatch(span.text)
        and span.start
        and span.doc[span.start - 1].text in {"(", "["}
    ):
        return True
    before = {fold(span.doc[i].text) for i in range(max(0, span.start - 3), span.start)}
    inside_brackets = "(" in before and span.end < len(span.doc) and span.doc[span.end].text in {")", ","}
    return (inside_brackets and bool(before & words("exchanges"))) or (
        len(span) == 1 and span.text.isupper() and len(span.text) <= 5 and bool(before & words("exchanges"))
    )


def _is_group_of_letters(span: Span) -> bool:
    """Whether a name is letters that are a legal form elsewhere, and "Group": "KK Group"."""
    return len(span) == 2 and span[0].text.isalpha() and span[0].text.isupper() and span[1].text == "Group"


def _is_in_listing(span: Span) -> bool:
    """Whether a name is an exchange's or a ticker in brackets: "(BIST: GBZAR)"."""
    around = span.doc[max(0, span.start - _NEAR_LISTING) : span.end + _NEAR_LISTING]
    text = around.text
    if "(" not in text:
        return False
    start, end = span.start_char - around.start_char, span.end_char - around.start_char
    return any(found.start() < start and end < found.end() for found in _LISTING.finditer(text))


def key_of(span: Span) -> tuple[str, ...]:
    """The folded tokens of a span."""
    return tuple(fold(token.text) for token in span)


def is_title_case(sentence: Span) -> bool:
    """Whether a sentence capitalises nearly every word, as headlines do; its capitals tell nothing then."""
    known: dict[tuple[int, int], bool] = sentence.doc.user_data.setdefault(_TITLE_CASE, {})
    key = sentence.start, sentence.end
    if key not in known:  # it is asked of every sentence, and again of every name's
        letters = [t.text for t in sentence if t.is_alpha and len(t) > 3]
        known[key] = len(letters) >= 3 and sum(w[0].isupper() for w in letters) / len(letters) > 0.75
    return known[key]


def trim(span: Span, *, has_numbers: bool = False, keeps_first: bool = False) -> Span | None:
    """Cut articles, possessives, titles and lower-case edges off an entity; None if nothing is left.

    With `has_numbers` a bare number may be the first or last word of a name ("99 Entrega", "Atelier 404"), with
    `keeps_first` a word that seldom is one may begin it ("Central England Co-op").
    """
    not_names, suffixes = words("not_names"), words("legal_suffixes")
    start, end = span.start, span.end
    doc = span.doc

    def may_stand(token: Token) -> bool:
        return is_capitalised(token) or (has_numbers and token.text.isdigit())

    while start < end and (
        doc[start].is_punct
        or doc[start].is_space
        or not may_stand(doc[start])
        or (fold(doc[start].text) in not_names and not (keeps_first and start == span.start))
    ):
        start += 1
    while (
        end > start
        and (
            doc[end - 1].is_punct
            or doc[end - 1].is_space
            or doc[end - 1].text in POSSESSIVE
            or not (may_stand(doc[end - 1]) or fold(doc[end - 1].text) in suffixes)
        )
        and not ends_in_co_op(doc, end)
    ):
        end -= 1
    if end - start > 2 and _is_ticker_behind_form(doc[end - 1]):
        end -= 1
    if end - start > 1 and doc[end - 1].text == "A" and doc[end : end + 2].text.rstrip(".") == "/S":
        end -= 1  # the legal form "A/S", which the tokeniser cuts in three
    return doc[start:end] if start < end else None


def _is_ticker_behind_form(token: Token) -> bool:
    """Whether a word is a share's ticker, as news for investors writes: "Kroger Co KR"."""
    looks_so = token.is_alpha and token.is_upper and len(token) <= _LONGEST_TICKER and token.i > 1
    return looks_so and fold(token.nbor(-1).text) in words("company_forms") and is_capitalised(token.nbor(-2))


def ends_in_co_op(doc: Doc, end: int) -> bool:
    """Whether the words before `end` are "Co-op" or the like, which the tokeniser cuts at the hyphen."""
    return (
        end > 2
        and doc[end - 2].text == "-"
        and fold(doc[end - 3].text) == "co"
        and doc[end - 1].lower_ in _OPS
    )


def _chunks(doc: Doc, taken: set[int]) -> Iterator[Span]:
    """Runs of capitalised proper nouns that no entity covers, in sentences that are not in title case."""
    not_names = words("not_names")
    for sentence in doc.sents:
        if is_title_case(sentence):
            continue
        start: int | None = None
        for token in sentence:
            inside = (
                token.i not in taken
                and is_capitalised(token)
                and fold(token.text) not in not_names
                and (
                    token.tag_ in {"NNP", "NNPS", "FW"}
                    or is_camel(token.text)
                    or (token.text.isupper() and len(token) > 2)
                )
            )
            if inside and start is None:
                start = token.i
            elif not inside and start is not None:
                joins = (
                    token.text in CONNECTORS
                    and token.i + 1 < sentence.end
                    and token.i not in taken
                    and is_capitalised(doc[token.i + 1])
                    and token.i + 1 not in taken
                )
                if not joins:
                    yield doc[start : token.i]
                    start = None
        if start is not None:
            yield doc[start : sentence.end]


def find_candidates(
    doc: Doc, taken: set[int], organisations: Sequence[Span]
) -> dict[tuple[str, ...], Candidate]:
    """All names of the text outside the token positions `taken`, by folded key; `organisations` are organisation_spans.

    Names are found where case tells something; then every place that has the same words is added (headlines too).
    """
    found: dict[tuple[str, ...], Candidate] = {}
    title_case = {t.i for s in doc.sents if is_title_case(s) for t in s}
    covered = set(taken)
    for name in organisations:
        if not any(t.i in covered for t in name):
            other = name.root.ent_type_  # what the other model takes it for counts as much
            _add(found, name, "ORG", *([other] if other in NAME_LABELS else []))
        # What is left of a name that begins with a known one ("Walmart" of "Walmart Canada") is no name of its own.
        covered.update(range(name.start, name.end))
    for entity in doc.ents:
        if entity.label_ not in NAME_LABELS or any(t.i in covered for t in entity):
            continue
        span = trim(entity)
        if span is None or "\n" in span.text or len(span) > 7:
            continue
        if entity.start in title_case and entity.label_ != "ORG":
            continue
        covered.update(range(span.start, span.end))
        _add(found, span, entity.label_)
    for chunk in _chunks(doc, covered):
        span = trim(chunk)
        if span is not None and len(span) <= 6:
            _add(found, span, "")
    return found


def _add(found: dict[tuple[str, ...], Candidate], span: Span, *labels: str) -> None:
    if _is_noise(span):
        return
    key = key_of(span)
    candidate = found.setdefault(key, Candidate(key))
    candidate.spans.append(span)
    candidate.labels.extend(labels)
