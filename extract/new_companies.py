"""Companies that no gazetteer holds, where a text shows one, with their short forms and abbreviations."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations

from spacy.tokens import Doc, Span

from extract.company import POSSIBLE_THRESHOLD, Company
from extract.company_score import (
    company_score,
    is_name_in_s,
    is_surely_an_organisation,
    judged_score,
    without_persons,
)
from extract.cues import words
from extract.descriptions import descriptions_of, homes_in, is_unit
from extract.introduced import ShortName, generic_mentions, short_names_after
from extract.known_names import is_part_of_person
from extract.names import Candidate, find_candidates, is_camel, is_capitalised, is_title_case, key_of
from extract.short_forms import (
    Key,
    are_told_apart,
    expansion_after,
    full_name,
    is_plural,
    is_slip,
    stands_for,
)
from extract.text import fold, slug
from extract.trie import Trie


def add_new_companies(
    doc: Doc,
    companies: dict[str, Company],
    taken: set[int],
    places: Mapping[str, str],
    organisations: Sequence[Span],
    namesakes: Mapping[Key, str],
) -> None:
    """Add the companies that no gazetteer holds, with their short forms and introduced abbreviations."""
    candidates = {
        key: without_persons(candidate)
        for key, candidate in find_candidates(doc, taken, organisations).items()
    }
    surnames = _surnames(doc)
    lower_words = frozenset(t.lower_ for t in doc if t.text.islower())
    unjudged = {key: company_score(c, places, surnames, lower_words) for key, c in candidates.items()}
    doc._.candidates = tuple((candidate, unjudged[key]) for key, candidate in candidates.items())
    scores = {key: judged_score(candidate, unjudged[key]) for key, candidate in candidates.items()}
    accepted = {key: c for key, c in candidates.items() if scores[key] >= POSSIBLE_THRESHOLD}
    trie: Trie[str] = Trie()
    given: dict[ShortName, str | None] = {}  # None where the text gives a short name to two companies
    for company in companies.values():
        _note_short_names(given, company.spans, company.id)
    known = {key_of(span): company.id for company in companies.values() for span in company.spans}
    known_spans: dict[Key, list[Span]] = {}
    for company in companies.values():
        for span in company.spans:
            known_spans.setdefault(key_of(span), []).append(span)
    in_small_letters = {(s.start, s.end) for s in organisations if not is_capitalised(s[0])}
    body_start = doc._.body_start
    # Where each name first stands: of longer ones the headline counts too, which a short form in the body follows.
    # A name of one word that we know is no long form of anything.
    made = {key: min(s.start for s in spans) for key, spans in known_spans.items() if len(key) > 1}
    named = dict(known)
    slips, apart = _slips(accepted, body_start)
    for key in accepted:
        sides = _sides(key)
        if all(side in accepted or side in known for side in sides):
            apart.update({side: apart.get(side, frozenset()) | {key} for side in sides})
    # Long names first, so that a short form finds the name that it shortens; slips after the usual spelling.
    for key in sorted(accepted, key=lambda k: (k in slips, -len(k), k)):
        candidate = accepted[key]
        if _runs_on(key, candidate, accepted):
            continue
        first = min((s.start for s in candidate.spans if s.start_char >= body_start), default=len(doc))
        full = full_name(key, made, first, apart.get(key, frozenset()))
        company_id = named[full] if full else None
        if company_id is None:
            meant = (k for k in known if is_slip(key, k))
            company_id = next(
                (known[k] for k in meant if not _are_two(candidate.spans, known_spans[k], body_start)),
                next((known[k] for k in known if is_plural(key, k)), None),
            )
        if company_id is None and len(key) > 1 and key[0] in words("group_words"):
            company_id = named.get(key[1:])  # "Groupe Casino"
        if company_id is None and len(key) == 1:
            spelt_out = (_spelt_out(span, named) for span in candidate.spans)
            company_id = next(filter(None, spelt_out), None) or _by_letters(candidate, named)
        if company_id is None:
            company_id = _abbreviated_as(candidate.spans, known, companies)
        company_id = company_id or _make(candidate, scores[key], companies, places, namesakes.get(key))
        if company_id is None:
            continue
        made[key], named[key] = min(s.start for s in candidate.spans), company_id
        trie.add(key, company_id)
        if len(key) < 4 and is_name_in_s(candidate):
            for mark in ("'s", "’s"):
                trie.add((*key, fold(mark)), company_id)
        _note_short_names(given, candidate.spans, company_id)
    letters: dict[Key, str] = {}
    for short, owner in given.items():
        if owner is None:
            continue
        if not short.is_generic:
            letters[short.key] = owner
            trie.add(short.key, owner)
            continue
        for span in generic_mentions(doc, short):
            if not any(i in taken for i in range(span.start, span.end)):
                companies[owner].spans.append(span)
                taken.update(range(span.start, span.end))
    for start, end, found in trie.find([fold(t.text) for t in doc]):
        span = doc[start:end]
        if any(i in taken for i in range(start, end)):
            continue
        if not (
            is_capitalised(span[0])
            or (span[0].text.isdigit() and len(span) > 1)
            or (start, end) in in_small_letters
        ):
            continue
        if is_part_of_person(span) and end - start == 1 and not is_surely_an_organisation(span):
            continue
        companies[letters.get(key_of(span), found[0])].spans.append(span)
        taken.update(range(start, end))


def _surnames(doc: Doc) -> dict[str, int]:
    """Last and first names of persons that the text names in full, with the token at which it first does."""
    names: dict[str, int] = {}
    for entity in doc.ents:
        if (
            entity.label_ == "PERSON"
            and len(entity) > 1
            and fold(entity[-1].text) not in words("organisation_endings")
        ):
            for token in entity:
                if token.is_alpha:
                    names.setdefault(fold(token.text), entity.start)
    return names


def _slips(
    candidates: Mapping[Key, Candidate], body_start: int
) -> tuple[frozenset[Key], dict[Key, frozenset[Key]]]:
    """The rarer spellings of names, and for each name those that look like its slip but are told apart from it."""
    slips: set[Key] = set()
    apart: dict[Key, frozenset[Key]] = {}
    rarest_first = sorted(candidates, key=lambda k: (len(candidates[k].spans), k))
    for key, other in combinations(rarest_first, 2):
        if not is_slip(key, other):
            continue
        if _are_two(candidates[key].spans, candidates[other].spans, body_start):
            apart[key] = apart.get(key, frozenset()) | {other}
            apart[other] = apart.get(other, frozenset()) | {key}
        else:
            slips.add(key)
    return frozenset(slips), apart


def _sides(key: Key) -> tuple[Key, ...]:
    """What a name joins by an ampersand, which may be two companies that have a third one together ("Haat & Sabzi")."""
    at = next((i for i, word in enumerate(key) if word == "&" and 0 < i < len(key) - 1), None)
    return () if at is None else (key[:at], key[at + 1 :])


def _are_two(rarer: Sequence[Span], usual: Sequence[Span], body_start: int) -> bool:
    """Whether the text speaks of two companies by names that look like one and its slip.

    Who has been named is not introduced again, so a description of the later spelling is that of another company.
    """
    if "".join(key_of(rarer[0])) == "".join(key_of(usual[0])):
        return False  # one name with and without a space
    starts = [span.start for span in usual if span.start_char >= body_start]
    later = [span for span in rarer if starts and span.start > min(starts)]
    return are_told_apart(rarer, usual, any(True for span in later for _ in descriptions_of(span)))


def _by_letters(candidate: Candidate, names: Mapping[Key, str]) -> str | None:
    """The one company whose name a word written in capitals abbreviates ("ANA" and "All Nippon Airways", "AusPost")."""
    letters, text = candidate.key[0], candidate.spans[0].text
    if len(letters) < 2 or not (text.isupper() or (is_camel(text) and text.isalpha())):
        return None
    found = {id for key, id in names.items() if stands_for(letters, key)}
    return found.pop() if len(found) == 1 else None


def _abbreviated_as(
    spans: Sequence[Span], known: Mapping[Key, str], companies: Mapping[str, Company]
) -> str | None:
    """The known company by whose name a text abbreviates a longer one: "United Parcel Services (UPS)"."""
    for span in spans:
        for short in short_names_after(span):
            company_id = known.get(short.key) if stands_for("".join(short.key), key_of(span)) else None
            if company_id and fold(companies[company_id].name) == fold(" ".join(short.words)):
                return company_id
    return None


def _spelt_out(span: Span, names: Mapping[Key, str]) -> str | None:
    expansion = expansion_after(span)
    return names.get(key_of(expansion)) if expansion is not None else None


def _note_short_names(given: dict[ShortName, str | None], spans: Sequence[Span], company_id: str) -> None:
    for span in spans:
        for short in short_names_after(span):
            given[short] = company_id if given.get(short, company_id) == company_id else None


def _runs_on(key: Key, candidate: Candidate, others: Mapping[Key, Candidate]) -> bool:
    """Whether a name of a title-case headline only runs on beyond one of the body ("Lumo Signs Definitive")."""
    if not all(is_title_case(span.sent) for span in candidate.spans):
        return False
    return any(
        any(not is_title_case(span.sent) for span in others[key[:length]].spans)
        for length in range(1, len(key))
        if key[:length] in others
    )


def _make(
    candidate: Candidate,
    score: float,
    companies: dict[str, Company],
    places: Mapping[str, str],
    country: str | None,
) -> str | None:
    """The id of a company by this name, made if it is new; None for a name without letter or digit.

    A `country` is given for the namesake of a company that we know; it becomes a part of name and id.
    """
    span = candidate.spans[0]
    name = " ".join(span.text.split())
    suffixes = words("legal_suffixes")
    parts = name.split(" ")
    while len(parts) > 1 and fold(parts[-1]).strip(".,") in {s.strip(".") for s in suffixes} - {
        "international",
        "group",
        "company",
    }:
        parts.pop()
    if parts[-1] in {"&", "and", "+"}:
        parts = name.split(" ")  # "Burl & Co" is the name
    name = " ".join(parts).rstrip(",")
    if is_name_in_s(candidate):
        name = f"{name}'s"
    if country is not None:
        name = f"{name} ({country})"
    company_id = slug(name)
    if not company_id:
        return None
    if company_id not in companies:
        country = country or next(filter(None, (country_near(s, places) for s in candidate.spans)), None)
        companies[company_id] = Company(company_id, name, "company", country, None, None, False, score)
    return company_id


def country_near(span: Span, places: Mapping[str, str]) -> str | None:
    """The country that the words around a name give it.

    "the Danish grocer Brinkholt", "Brinkholt, based in Aarhus, Denmark"
    """
    doc, sentence = span.doc, span.sent
    start = span.start
    while start > max(sentence.start, span.start - 6):
        token = doc[start - 1]
        if token.is_punct and token.text not in {"-", "'"}:
            break
        start -= 1
    if homes := homes_in(doc[start : span.start], places):
        return homes[-1]
    if span.end < sentence.end and doc[span.end].text == ",":
        end = span.end + 1
        while end < min(sentence.end, span.end + 8) and doc[end].text != ",":
            end += 1
        # "Lumo, a unit of the American grocer Brinkholt" may be anywhere.
        behind = next((d.phrase for d in descriptions_of(span) if d.is_behind and is_unit(d)), None)
        return next(iter(homes_in(behind or doc[span.end + 1 : end], places)), None)
    return None
