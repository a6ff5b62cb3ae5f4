"""From names to companies: gazetteer entries found in a text, and new companies where the text shows one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations

from spacy.language import Language
from spacy.tokens import Doc, Span

from extract.cues import words
from extract.descriptions import (
    contradicts,
    descriptions_of,
    homes_in,
    is_unit,
    kind_of,
    kind_of_name,
    owner_of,
    sector_of,
    unit_kind,
)
from extract.introduced import ShortName, generic_mentions, short_names_after
from extract.model import GazetteerCompany
from extract.names import (
    Candidate,
    company_score,
    find_candidates,
    is_capitalised,
    is_name_in_s,
    is_title_case,
    key_of,
    organisation_spans,
    without_persons,
)
from extract.plain_words import cities
from extract.short_forms import (
    Key,
    are_told_apart,
    expansion_after,
    full_name,
    initials,
    is_slip,
)
from extract.text import fold, slug
from extract.trie import Trie

# From this score on (see names.company_score) a name is listed as a company; from the lower one it is judged as a
# possible party, since the words of an agreement around it can be the better evidence.
COMPANY_THRESHOLD = 1.0
POSSIBLE_THRESHOLD = 0.0


@dataclass(slots=True)
class Company:
    """A company of one text: who it is and every span that names it, in order."""

    id: str
    name: str
    kind: str
    country: str | None
    parent: str | None
    sector: str | None
    is_known: bool
    score: float
    spans: list[Span] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Name:
    company: GazetteerCompany
    needs_context: bool
    is_lower: bool  # the name itself begins in lower case (eBay, adidas)


def tokens_of(name: str, nlp: Language) -> list[str]:
    """The tokens of a name, as the tokeniser of `nlp` cuts a text.

    It cuts at spaces first. Words of one character or of nothing but letters are then their own tokens unless it has
    a rule for them, so it is not asked: thousands of names are cut when the pipeline is loaded.
    """
    words, rules = name.split(" "), getattr(nlp.tokenizer, "rules", None)
    if rules is None or not all(words):
        return [token.text for token in nlp.tokenizer(name)]
    tokens: list[str] = []
    for word in words:
        if (word.isalpha() or len(word) == 1) and word not in rules:
            tokens.append(word)
        else:
            tokens.extend(token.text for token in nlp.tokenizer(word))
    return tokens


class Linker:
    """Finds the companies of a text. Built once from the gazetteer; holds no state of any text."""

    def __init__(
        self, nlp: Language, gazetteer: Sequence[GazetteerCompany], places: Mapping[str, str]
    ) -> None:
        self._places = places
        self._trie: Trie[_Name] = Trie()
        for company in gazetteer:
            for name in (company.name, *company.aliases):
                self._add(nlp, name, company, name in company.context_aliases)
            for name in company.context_aliases:
                self._add(nlp, name, company, True)

    def _add(self, nlp: Language, name: str, company: GazetteerCompany, needs_context: bool) -> None:
        entry = _Name(company, needs_context, name[:1].islower())
        for form in {name, name.replace("'", "’")}:
            tokens = [fold(token) for token in tokens_of(form, nlp)]
            if tokens:
                self._trie.add(tokens, entry)

    def link(self, doc: Doc) -> list[Company]:
        """All companies of a text, in order of appearance."""
        companies: dict[str, Company] = {}
        taken: set[int] = set()
        organisations = organisation_spans(doc)
        known, namesakes = self._without_namesakes(self._known(doc, organisations))
        for span, entry in known:
            company = companies.setdefault(entry.id, _known_company(entry))
            company.spans.append(span)
            taken.update(range(span.start, span.end))
        _add_unknown(doc, companies, taken, self._places, organisations, namesakes)
        _describe(companies, self._places)
        found = [c for c in companies.values() if c.spans]
        for company in found:
            company.spans.sort(key=lambda s: s.start)
        return sorted(found, key=lambda c: c.spans[0].start)

    def _known(self, doc: Doc, organisations: Sequence[Span]) -> list[tuple[Span, GazetteerCompany]]:
        """Gazetteer mentions. A name that is a common word counts only if some mention shows a company."""
        title_case = {t.i for s in doc.sents if is_title_case(s) for t in s}
        sure: list[tuple[Span, GazetteerCompany]] = []
        doubtful: dict[str, list[tuple[Span, GazetteerCompany]]] = {}
        longer = {i: span for span in organisations for i in range(span.start, span.end)}
        for start, end, entries in self._trie.find([fold(t.text) for t in doc]):
            span = doc[start:end]
            entry = next((e for e in entries if not e.needs_context), entries[0])
            if not _looks_like_name(span, entry) or _is_part_of_person(span):
                continue
            span = _with_suffix(span)
            if _is_inside_other_name(span, title_case) or _ends_longer_name(span, longer.get(start)):
                continue
            if _begins_other_name(span, entry.company, longer.get(start), self._places):
                continue
            if entry.needs_context:
                doubtful.setdefault(entry.company.id, []).append((span, entry.company))
            else:
                sure.append((span, entry.company))
        sure_ids = {company.id for _, company in sure}
        for company_id, mentions in doubtful.items():
            if company_id in sure_ids or any(_shows_company(span, title_case) for span, _ in mentions):
                sure.extend(m for m in mentions if m[0].start in title_case or not _starts_common_word(m[0]))
        return sure

    def _without_namesakes(
        self, mentions: list[tuple[Span, GazetteerCompany]]
    ) -> tuple[list[tuple[Span, GazetteerCompany]], dict[Key, str]]:
        """Mentions without those of another company of the same name ("the Kenyan grocer Target"), and its country.

        The whole text must name the company by that one name and never describe it as the one that we know.
        """
        namesakes: dict[str, tuple[Key, str]] = {}
        agrees: set[str] = set()
        for span, company in mentions:
            for told in descriptions_of(span):
                is_word = fold(span.text) in map(fold, company.context_aliases)
                homes = homes_in(told.phrase, self._places)
                if contradicts(told, company.country, company.sector, self._places, is_word):
                    namesakes.setdefault(company.id, (key_of(span), homes[-1]))
                elif company.country in homes or sector_of(told) == company.sector:
                    agrees.add(company.id)
        for span, company in mentions if namesakes else ():
            if company.id in agrees or namesakes.get(company.id, (key_of(span),))[0] != key_of(span):
                namesakes.pop(company.id, None)
        kept = [m for m in mentions if m[1].id not in namesakes] if namesakes else mentions
        return kept, dict(namesakes.values())


def _describe(companies: Mapping[str, Company], places: Mapping[str, str]) -> None:
    """Set kind, country, sector and parent of companies that no gazetteer holds, from the words at their names."""
    unknown = [company for company in companies.values() if not company.is_known and company.spans]
    owner_at: dict[int, str] = {}
    if unknown:
        owner_at = {i: c.id for c in companies.values() for s in c.spans for i in range(s.start, s.end)}
    for company in unknown:
        told = [description for span in company.spans for description in descriptions_of(span)]
        homes = (_country_near(span, places) for span in company.spans)
        company.country = company.country or next(filter(None, homes), None)
        kinds = (*map(kind_of, told), kind_of_name(company.spans[0]))
        company.kind = next(filter(None, kinds), company.kind)
        company.sector = next(filter(None, map(sector_of, told)), None)
        owners = ((owner_of(description, owner_at, company.id), description) for description in told)
        owner, description = next((o for o in owners if o[0]), (None, None))
        if owner and description and not _belongs_to(owner, company.id, companies):
            company.parent = owner
            company.kind = unit_kind(description) or company.kind


def _belongs_to(id: str, owner: str, companies: Mapping[str, Company]) -> bool:
    """Whether a company is `owner` or belongs to it, over its parents."""
    seen: set[str] = set()
    parent: str | None = id
    while parent is not None and parent not in seen:
        seen.add(parent)
        parent = companies[parent].parent if parent in companies else None
    return owner in seen


def _known_company(entry: GazetteerCompany) -> Company:
    return Company(entry.id, entry.name, entry.kind, entry.country, entry.parent, entry.sector, True, 9.0)


def _looks_like_name(span: Span, entry: _Name) -> bool:
    first = span[0].text
    return first[:1].isupper() or first[:1].isdigit() or entry.is_lower or any(c.isupper() for c in span.text)


def _is_part_of_person(span: Span) -> bool:
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


def _with_suffix(span: Span) -> Span:
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


def _is_inside_other_name(span: Span, title_case: set[int]) -> bool:
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


def _ends_longer_name(span: Span, name: Span | None) -> bool:
    """Whether the encoder reads a longer name here that only ends in the match ("Proper Spud" for Spud)."""
    if name is None or name.start >= span.start or len(span.text.split()) > 2:
        return False
    before = span.doc[name.start : span.start]
    return all(is_capitalised(t) or not t.is_alpha for t in before) and not any(
        fold(t.text) in words("not_names") | words("person_titles") for t in before
    )


def _begins_other_name(
    span: Span, company: GazetteerCompany, name: Span | None, places: Mapping[str, str]
) -> bool:
    """Whether the encoder reads a longer name here that is another company's: "Airtel Money" is not Bharti Airtel.

    What begins with the company's own name is its unit ("Walmart Canada") and counts as a mention of it.
    """
    if name is None or name.start != span.start or name.end <= span.end:
        return False
    own = [fold(word) for word in company.name.split()]
    if own[: len(span)] == list(key_of(span)) and len(own) == len(span):
        return False
    rest = [fold(t.text) for t in name[len(span) :] if t.is_alpha]
    generic = words("organisation_endings") | words("legal_suffixes") | words("not_names")
    return bool(rest) and not any(word in places or word in cities() or word in generic for word in rest)


def _shows_company(span: Span, title_case: set[int]) -> bool:
    """Whether one occurrence of a common word is plainly a name: capitalised inside a sentence, or with a company's company."""
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
        return bool(span[0].ent_type_ == "ORG")
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


def _starts_common_word(span: Span) -> bool:
    """Whether a sentence merely begins with the word ("Target prices rose", "Next, ...")."""
    if span.start != span.sent.start:
        return False
    if span[0].ent_type_ in {"ORG", "PERSON", "PRODUCT", "GPE"} or span[0].tag_ in {"NNP", "NNPS"}:
        return False
    after = span.doc[span.end].text if span.end < len(span.doc) else ""
    return after not in {"'s", "’s"}


def _surnames(doc: Doc) -> frozenset[str]:
    """Last and first names of persons that the text names in full."""
    names: set[str] = set()
    for entity in doc.ents:
        if (
            entity.label_ == "PERSON"
            and len(entity) > 1
            and fold(entity[-1].text) not in words("organisation_endings")
        ):
            names.update(fold(t.text) for t in entity if t.is_alpha)
    return frozenset(names)


def _add_unknown(
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
    scores = {key: company_score(c, places, surnames, lower_words) for key, c in candidates.items()}
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
    body_start = doc._.body_start
    # Where each name first stands: of longer ones the headline counts too, which a short form in the body follows. A name
    # of one word that we know is no long form of anything.
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
                (known[k] for k in meant if not _are_two(candidate.spans, known_spans[k], body_start)), None
            )
        if company_id is None and len(key) == 1:
            spelt_out = (_spelt_out(span, named) for span in candidate.spans)
            company_id = next(filter(None, spelt_out), None) or _by_initials(candidate, named)
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
        if not (is_capitalised(span[0]) or (span[0].text.isdigit() and len(span) > 1)):
            continue
        if _is_part_of_person(span) and end - start == 1:
            continue
        companies[letters.get(key_of(span), found[0])].spans.append(span)
        taken.update(range(start, end))


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


def _by_initials(candidate: Candidate, names: Mapping[Key, str]) -> str | None:
    """The one company whose name's initials a name in capitals is ("ANA" and "All Nippon Airways")."""
    if not candidate.spans[0].text.isupper() or len(candidate.key[0]) < 3:
        return None
    found = {id for key, id in names.items() if initials(key) == candidate.key[0]}
    return found.pop() if len(found) == 1 else None


def _spelt_out(span: Span, names: Mapping[Key, str]) -> str | None:
    expansion = expansion_after(span)
    return names.get(key_of(expansion)) if expansion is not None else None


def _note_short_names(given: dict[ShortName, str | None], spans: Sequence[Span], company_id: str) -> None:
    for span in spans:
        for short in short_names_after(span):
            given[short] = company_id if given.get(short, company_id) == company_id else None


def _runs_on(key: Key, candidate: Candidate, others: Mapping[Key, Candidate]) -> bool:
    """Whether a name of a title-case headline only runs on beyond a name that the body has ("Lumo Signs Definitive")."""
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
        country = country or next(filter(None, (_country_near(s, places) for s in candidate.spans)), None)
        companies[company_id] = Company(company_id, name, "company", country, None, None, False, score)
    return company_id


def _country_near(span: Span, places: Mapping[str, str]) -> str | None:
    """The country that the words around a name give it: "the Danish grocer Brinkholt", "Brinkholt, based in Aarhus, Denmark"."""
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
