"""Whether words that are in the gazetteer are the name of that company where they stand."""

from __future__ import annotations

from collections.abc import Mapping

from spacy.tokens import Span

from extract.company_score import is_surely_an_organisation
from extract.cues import words
from extract.model import GazetteerCompany
from extract.names import CONNECTORS, is_capitalised, key_of
from extract.plain_words import cities
from extract.text import fold

_INSIDE = CONNECTORS | {"the"}  # small words inside a name: "Mall of the Emirates"


def is_part_of_person(span: Span) -> bool:
    """Whether a one-word name is a word of a longer person's name ("Harrison Ford", "Ross Stores" is none)."""
    if len(span) > 1 or span[0].ent_type_ != "PERSON":
        return False
    doc = span.doc
    before = doc[span.start - 1] if span.start else None
    after = doc[span.end] if span.end < len(doc) else None
    joined_before = before is not None and before.ent_type_ == "PERSON" and span[0].ent_iob_ == "I"
    joined_after = (
        after is not None
        and after.ent_type_ == "PERSON"
        and after.ent_iob_ == "I"
        and after.is_alpha
        and after.text not in {"Inc", "Corp", "Co"}
    )
    return joined_before or (
        joined_after and after is not None and fold(after.text) not in words("organisation_endings")
    )


def with_suffix(span: Span) -> Span:
    """The mention with the legal forms that follow it ("Alibaba Group Holding Ltd.")."""
    suffixes, doc, end = words("legal_suffixes"), span.doc, span.end
    while end < len(doc):
        token = doc[end]
        if fold(token.text) in suffixes and token.text[:1].isupper():
            end += 1
        elif (
            token.text == ","
            and end + 1 < len(doc)
            and fold(doc[end + 1].text) in {"inc", "inc.", "ltd", "ltd.", "llc"}
        ):
            end += 2
        else:
            break
    return doc[span.start : end]


def is_inside_other_name(span: Span, title_case: set[int]) -> bool:
    """Whether the match is only the end of a longer capitalised name ("Bank of America Express Lane")."""
    doc = span.doc
    if span.start == 0 or span.start in title_case or span.start == span.sent.start:
        return False
    before = doc[span.start - 1]
    if not is_capitalised(before) or before.is_punct or before.is_sent_start:
        return False
    if len(span) > 1 or before.ent_type_ in {
        "",
        "NORP",
        "GPE",
        "PERSON",
        "DATE",
        "CARDINAL",
        "TIME",
        "ORDINAL",
    }:
        return False
    return (
        before.ent_type_ == span[0].ent_type_
        and span[0].ent_iob_ == "I"
        and before.tag_ in {"NNP", "NNPS"}
        and fold(before.text) not in words("not_names") | words("person_titles")
    )


def ends_longer_name(span: Span, name: Span | None) -> bool:
    """Whether the encoder reads a longer name here that only ends in the match ("Proper Spud" for Spud)."""
    if name is None or name.start >= span.start or len(span.text.split()) > 2:
        return False
    before = span.doc[name.start : span.start]
    if all(fold(t.text) in words("group_words") for t in before):
        return False  # "Grupo Carrefour"
    # What is no word of names has been cut off a name's edges already, where it was not surely one.
    return all(is_capitalised(t) or not t.is_alpha or t.lower_ in _INSIDE for t in before) and not any(
        fold(t.text) in words("person_titles") for t in before
    )


def begins_other_name(
    span: Span, company: GazetteerCompany, name: Span | None, places: Mapping[str, str]
) -> bool:
    """Whether the encoder reads a longer name here that is another company's: "Airtel Money" is not Bharti Airtel.

    What begins with the company's own name is its unit ("Walmart Canada") and counts as a mention of it.
    """
    if name is None or name.start != span.start or name.end <= span.end:
        return False
    joint = span.doc[span.end]
    if joint.text in {"&", "+"} or (joint.text == "-" and not span[-1].whitespace_):
        return True  # "Booker & Daughters", "Zip-E"
    own = [fold(word) for word in company.name.split()]
    if own[: len(span)] == list(key_of(span)) and len(own) == len(span):
        return False
    rest = [fold(t.text) for t in name[len(span) :] if t.is_alpha]
    generic = words("organisation_endings") | words("legal_suffixes") | words("not_names")
    return bool(rest) and not all(word in places or word in cities() or word in generic for word in rest)


def shows_company(span: Span, title_case: set[int]) -> bool:
    """Whether one occurrence of a common word is plainly a name.

    It is where it has a capital inside a sentence, or stands with a company's company.
    """
    doc = span.doc
    if span.start in title_case:
        return False
    after = doc[span.end].text if span.end < len(doc) else ""
    if after in {"'s", "’s"} or (
        after == "(" and span.end + 1 < len(doc) and doc[span.end + 1].text.isupper()
    ):
        return True
    if span[-1].i >= span.start + 1 and fold(span[-1].text) in words("legal_suffixes"):
        return True
    if span.start == span.sent.start or doc[span.start - 1].text in {'"', "“", "‘", "'", ":", "-", "–", "—"}:
        # Any word has a capital there: both models have to take it for a name.
        return span[0].ent_type_ == "ORG" and (doc._.encoding is None or is_surely_an_organisation(span))
    if span[0].ent_type_ in {"GPE", "LOC", "FAC", "NORP", "DATE"}:
        return span[0].ent_type_ != "DATE" and doc[span.start - 1].text not in {"in", "near"}
    # A capitalised neighbour makes it a part of some other name.
    neighbour = doc[span.end] if span.end < len(doc) else None
    if (
        neighbour is not None
        and is_capitalised(neighbour)
        and neighbour.is_alpha
        and neighbour.tag_ in {"NNP", "NNPS"}
        and neighbour.ent_iob_ == "I"
    ):
        return False
    return span[0].tag_ in {"NNP", "NNPS"}


def starts_common_word(span: Span) -> bool:
    """Whether a sentence merely begins with the word ("Target prices rose", "Next, ...")."""
    if span.start != span.sent.start:
        return False
    if span[0].ent_type_ in {"ORG", "PERSON", "PRODUCT", "GPE"} or span[0].tag_ in {"NNP", "NNPS"}:
        return False
    after = span.doc[span.end].text if span.end < len(span.doc) else ""
    return after not in {"'s", "’s"}
