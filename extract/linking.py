"""From names to companies: gazetteer entries found in a text, and new companies where the text shows one."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from spacy.language import Language
from spacy.tokens import Doc, Span

from extract.company import Company
from extract.descriptions import (
    contradicts,
    descriptions_of,
    homes_in,
    kind_of,
    kind_of_name,
    owner_of,
    sector_of,
    unit_kind,
)
from extract.known_names import (
    begins_other_name,
    ends_longer_name,
    is_inside_other_name,
    is_part_of_person,
    shows_company,
    starts_common_word,
    with_suffix,
)
from extract.model import GazetteerCompany
from extract.names import is_title_case, key_of
from extract.new_companies import add_new_companies, country_near
from extract.organisation_spans import organisation_spans
from extract.plain_words import common_words
from extract.redefined import without_redefined
from extract.short_forms import Key
from extract.text import fold
from extract.trie import Trie

# From which probability of the encoder a known name in small letters ("bp") is one.
_IN_SMALL_LETTERS = 0.7


@dataclass(frozen=True, slots=True)
class _Name:
    company: GazetteerCompany
    needs_context: bool
    is_lower: bool  # the name itself begins in lower case (eBay, adidas)
    is_own: bool  # it is the company's name or an alias, and not one that others are called by as well


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
            own = dict.fromkeys((company.name, *company.aliases))
            for name in dict.fromkeys((*own, *company.context_aliases)):
                entry = _Name(company, name in company.context_aliases, name[:1].islower(), name in own)
                self._add(nlp, name, entry)

    def _add(self, nlp: Language, name: str, entry: _Name) -> None:
        for form in {name, name.replace("'", "’")}:
            tokens = [fold(token) for token in tokens_of(form, nlp)]
            if tokens:
                self._trie.add(tokens, entry)

    def link(self, doc: Doc) -> list[Company]:
        """All companies of a text, in order of appearance."""
        companies: dict[str, Company] = {}
        taken: set[int] = set()
        organisations = organisation_spans(doc)
        known, namesakes = self._without_namesakes(
            without_redefined(self._known(doc, organisations), organisations)
        )
        for span, entry in known:
            company = companies.setdefault(entry.id, _known_company(entry))
            company.spans.append(span)
            taken.update(range(span.start, span.end))
        add_new_companies(doc, companies, taken, self._places, organisations, namesakes)
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
        folded = [fold(t.text) for t in doc]
        countries = cache(lambda: self._countries_of(folded))  # few texts have a name of several companies
        for start, end, entries in self._trie.find(folded):
            span = doc[start:end]
            entry = _meant(entries, countries)
            if entry is None:
                continue
            lacks_capitals = _is_without_capitals(span)
            if not (lacks_capitals or _looks_like_name(span, entry)) or is_part_of_person(span):
                continue
            span = with_suffix(span)
            if is_inside_other_name(span, title_case) or ends_longer_name(span, longer.get(start)):
                continue
            if begins_other_name(span, entry.company, longer.get(start), self._places):
                continue
            if entry.needs_context and not lacks_capitals:
                doubtful.setdefault(entry.company.id, []).append((span, entry.company))
            else:
                sure.append((span, entry.company))
        sure_ids = {company.id for _, company in sure}
        for company_id, mentions in doubtful.items():
            if company_id in sure_ids or any(shows_company(span, title_case) for span, _ in mentions):
                sure.extend(m for m in mentions if m[0].start in title_case or not starts_common_word(m[0]))
        return sure

    def _countries_of(self, folded: Sequence[str]) -> frozenset[str]:
        """The countries that a text names."""
        names = (*folded, *map(" ".join, pairwise(folded)))
        return frozenset(self._places[name] for name in names if name in self._places)

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


def _meant(entries: Sequence[_Name], countries: Callable[[], Collection[str]]) -> _Name | None:
    """Of several companies of one name that whose country alone the text names; else that which owns the name.

    None, if nobody owns it: the text's "Coop" is no known one then.
    """
    usual = next((e for e in entries if not e.needs_context), entries[0])
    if all(e.company is usual.company for e in entries):
        return usual
    owner = usual if not usual.needs_context else next((e for e in entries if e.is_own), None)
    at_home = [e for e in entries if e.company.country in countries()]
    return owner if owner in at_home or len(at_home) != 1 else at_home[0]


def _describe(companies: Mapping[str, Company], places: Mapping[str, str]) -> None:
    """Set kind, country, sector and parent of companies that no gazetteer holds, from the words at their names."""
    unknown = [company for company in companies.values() if not company.is_known and company.spans]
    owner_at: dict[int, str] = {}
    if unknown:
        owner_at = {i: c.id for c in companies.values() for s in c.spans for i in range(s.start, s.end)}
    for company in unknown:
        told = [description for span in company.spans for description in descriptions_of(span)]
        homes = (country_near(span, places) for span in company.spans)
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


def _is_without_capitals(span: Span) -> bool:
    """Whether a name is written without its capitals ("bp", "dm"): no common word, and the encoder sees a name."""
    encoding = span.doc._.encoding
    if encoding is None or not span.text.islower() or any(fold(t.text) in common_words() for t in span):
        return False
    starts = [t.idx for t in span]
    shares = encoding.organisations(starts, [t.idx + len(t) for t in span])
    return bool(min(shares) >= _IN_SMALL_LETTERS)
