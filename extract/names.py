"""Names that stand in a text: candidates for companies that no gazetteer holds, and the evidence for each.

A candidate is a run of capitalised tokens or an entity of the statistical model. Whether it names a company is
decided over all its occurrences in the text, since news introduces a company once ("the delivery firm Lumo") and then
only names it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from spacy.tokens import Doc, Span, Token

from extract.cues import words
from extract.encoder import EncoderReading
from extract.plain_words import cities, common_words
from extract.text import fold

NAME_LABELS = frozenset(
    {"ORG", "PERSON", "GPE", "LOC", "FAC", "PRODUCT", "WORK_OF_ART", "NORP", "EVENT", "LAW"}
)
_CONNECTORS = frozenset(
    {"&", "+", "of", "de", "del", "della", "di", "da", "du", "des", "la", "le", "y", "e", "'n'", "-"}
)
_CAMEL = re.compile(r"[a-z][A-Z]|[A-Za-z]\d|\d[A-Za-z]|\.(?:com|co|io|ai|cn|net|in|uk)\b")
_AMOUNT = re.compile(r"(?:[A-Za-z]{0,3}[$€£¥]|[A-Z]{2,3}|Rs|Ksh)?\.?\d[\d.,]*(?:[a-zA-Z]{1,2})?$")
_EXCHANGES = frozenset(
    {
        "nyse",
        "nasdaq",
        "lse",
        "lon",
        "tse",
        "nse",
        "bse",
        "tsx",
        "asx",
        "sgx",
        "otc",
        "hkex",
        "hkse",
        "epa",
        "etr",
        "aim",
    }
)
# From which probability of the encoder a word belongs to an organisation's name, and the most words of one.
ORGANISATION = 0.5
SIDE_BY_SIDE = 0.9  # the same for a name that begins right after another name's word
POSSESSIVE_ENDS = 0.7  # and after its 's
BEGINS_BEFORE = 0.3  # below this the word only goes on with a name
SURELY_AN_ORGANISATION = 0.8
SOMETHING_OF_A_PERSON = 0.1  # from here on the encoder doubts that a name is not a person's
SURE_EVERYWHERE = 0.9  # the mean over all mentions
# What may well be an organisation's name is one where it stands for a party of the news.
MAY_BE_PARTY, SURE_PARTY, PARTY_BONUS = 0.3, 0.8, 1.5
LONGEST_NAME = 8
# What a name loses to which the encoder gives less than this.
LEAST_ORGANISATION, UNSEEN_BY_ENCODER = 0.25, -1.5
_NOT_IN_NAMES = frozenset('():[]{}<>"“”;|/') | {"--", "–", "—", ")--"}
_POSSESSIVE = frozenset({"'s", "’s", "'", "’"})
_VOTES = {
    "ORG": 1.2,
    "PRODUCT": 0.4,
    "PERSON": -1.2,
    "GPE": -1.0,
    "LOC": -1.2,
    "NORP": -2.0,
    "EVENT": -0.8,
    "WORK_OF_ART": -0.4,
    "FAC": -0.3,
    "LAW": -1.0,
}


_OPS = frozenset({"op", "ops", "operative", "operatives"})
_MOST_IN_BRACKETS = 4  # words: "(Hong Kong)", "(Trinidad & Tobago)"

# What a name gets for being the subject of a verb such as "opened", which persons do too.
WEAK_CONTEXT = 0.5


@dataclass(slots=True)
class Candidate:
    """A name as it occurs in one text: the folded key, its occurrences and the model's label of each."""

    key: tuple[str, ...]
    spans: list[Span] = field(default_factory=list)
    labels: list[str] = field(default_factory=list)


def is_capitalised(token: Token) -> bool:
    """Whether the token begins like a name: a capital or a digit; lower-case brands are left to the gazetteer."""
    text = token.text
    return (
        text[:1].isupper()
        or bool(_CAMEL.search(text))
        or (text[:1].isdigit() and any(c.isupper() for c in text))
    )


_TICKER = re.compile(r"[A-Z]{1,5}[.:][A-Z]{1,3}")


def _is_noise(span: Span) -> bool:
    """Whether a run of capitals is a sum of money, a ticker or a legal form, and no name."""
    if all(_AMOUNT.match(t.text) or t.is_punct or t.text in _CONNECTORS for t in span):
        return True
    if all(fold(t.text) in words("legal_suffixes") or t.text in _CONNECTORS for t in span):
        return True
    if fold(span[0].text) in _EXCHANGES and len(span) <= 2:
        return True
    if span.text.rstrip(".") == "S" and span.start > 1 and span.doc[span.start - 2 : span.start].text == "A/":
        return True
    if (
        len(span) == 1
        and _TICKER.fullmatch(span.text)
        and span.start
        and span.doc[span.start - 1].text == "("
    ):
        return True
    before = {fold(span.doc[i].text) for i in range(max(0, span.start - 3), span.start)}
    inside_brackets = "(" in before and span.end < len(span.doc) and span.doc[span.end].text in {")", ","}
    return (inside_brackets and bool(before & _EXCHANGES)) or (
        len(span) == 1 and span.text.isupper() and len(span.text) <= 5 and bool(before & _EXCHANGES)
    )


def key_of(span: Span) -> tuple[str, ...]:
    """The folded tokens of a span."""
    return tuple(fold(token.text) for token in span)


def is_title_case(sentence: Span) -> bool:
    """Whether a sentence capitalises nearly every word, as headlines do; its capitals tell nothing then."""
    letters = [t for t in sentence if t.is_alpha and len(t) > 3]
    return len(letters) >= 3 and sum(t.text[0].isupper() for t in letters) / len(letters) > 0.75


def trim(span: Span, *, has_numbers: bool = False) -> Span | None:
    """Cut articles, possessives, titles and lower-case edges off an entity; None if nothing is left.

    With `has_numbers` a bare number may be the first or last word of a name ("99 Entrega", "Atelier 404").
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
        or fold(doc[start].text) in not_names
    ):
        start += 1
    while (
        end > start
        and (
            doc[end - 1].is_punct
            or doc[end - 1].is_space
            or doc[end - 1].text in _POSSESSIVE
            or not (may_stand(doc[end - 1]) or fold(doc[end - 1].text) in suffixes)
        )
        and not _ends_in_co_op(doc, end)
    ):
        end -= 1
    if end - start > 1 and doc[end - 1].text == "A" and doc[end : end + 2].text.rstrip(".") == "/S":
        end -= 1  # the legal form "A/S", which the tokeniser cuts in three
    return doc[start:end] if start < end else None


def _ends_in_co_op(doc: Doc, end: int) -> bool:
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
                    or bool(_CAMEL.search(token.text))
                    or (token.text.isupper() and len(token) > 2)
                )
            )
            if inside and start is None:
                start = token.i
            elif not inside and start is not None:
                joins = (
                    token.text in _CONNECTORS
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


def organisation_spans(doc: Doc) -> list[Span]:
    """What the encoder takes for the names of organisations, edges trimmed."""
    encoding = doc._.encoding
    if encoding is None:
        return []
    starts = [t.idx for t in doc]
    shares = encoding.organisations(starts, [start + len(t) for start, t in zip(starts, doc, strict=True)])
    runs: list[list[int]] = []
    before = False
    for token in doc:
        if token.is_space and "\n" not in token.text:
            continue  # a no-break space does not end a name
        inside = (
            not token.is_space
            and token.text not in _NOT_IN_NAMES
            and shares[token.i] > ORGANISATION
            and not _ends_legal_form(token)
        )
        if not inside and before and _is_possessive_inside(token, shares, encoding):
            continue
        if inside and (not before or encoding.begins[token.idx] > _least_to_begin(token, shares)):
            goes_back = not before and encoding.begins[token.idx] < BEGINS_BEFORE
            start = token.i - 1 if goes_back and _may_begin(token, shares) else token.i
            runs.append([start, token.i])
        elif inside:
            runs[-1][1] = token.i
        before = inside
    trimmed = (trim(doc[start : _with_hyphen(doc, end, shares) + 1], has_numbers=True) for start, end in runs)
    names: list[Span] = []
    for span in trimmed:
        if span is None or len(span) > LONGEST_NAME or (names and span.start < names[-1].end):
            continue
        names.append(_with_brackets(span))
    return names


def _ends_legal_form(token: Token) -> bool:
    """Whether a letter only ends a legal form with a stroke ("A/S", which begins no name where a sentence ends with it)."""
    is_letter = len(token.text.rstrip(".")) == 1
    return is_letter and token.i > 1 and token.nbor(-1).text == "/" and not token.nbor(-1).whitespace_


def _with_brackets(span: Span) -> Span:
    """The name with a place in brackets and the legal form behind it: "Lumo (Hong Kong) Limited"."""
    doc, start = span.doc, span.end
    if start + 2 >= len(doc) or doc[start].text != "(":
        return span
    close = next(
        (i for i in range(start + 2, min(start + 2 + _MOST_IN_BRACKETS, len(doc))) if doc[i].text == ")"),
        None,
    )
    if close is None or not all(is_capitalised(t) or t.text == "&" for t in doc[start + 1 : close]):
        return span
    end = close + 1
    while end < len(doc) and fold(doc[end].text) in words("legal_suffixes") and is_capitalised(doc[end]):
        end += 1
    return doc[span.start : end] if end > close + 1 else span


def _with_hyphen(doc: Doc, last: int, shares: Sequence[float]) -> int:
    """The last word of a name that goes on behind a hyphen ("Oakhurst Co-op", but not "Lumo-owned")."""
    tight = last + 2 < len(doc) and doc[last + 1].text == "-" and not doc[last].whitespace_
    if not tight:
        return last
    return last + 2 if shares[last + 2] > ORGANISATION or _ends_in_co_op(doc, last + 3) else last


def _may_begin(token: Token, shares: Sequence[float]) -> bool:
    """Whether the word before one that only goes on with a name is that name's first ("Nanyang Polytechnic")."""
    if token.i == 0:
        return False
    before = token.nbor(-1)
    return shares[before.i] > BEGINS_BEFORE / 2 and before.tag_ == "NNP" and not before.is_sent_start


def _is_possessive_inside(token: Token, shares: Sequence[float], encoding: EncoderReading) -> bool:
    """Whether an 's stands inside a name ("Ludlow's Fresh Markets") and does not end one ("Walmart's Flipkart")."""
    if token.text not in _POSSESSIVE or token.i + 1 >= len(token.doc):
        return False
    after = token.nbor(1)
    goes_on = shares[after.i] > ORGANISATION and is_capitalised(after)
    return goes_on and float(encoding.begins[after.idx]) < POSSESSIVE_ENDS


def _least_to_begin(token: Token, shares: Sequence[float]) -> float:
    """From which probability an organisation's name begins at a word that follows another name's word.

    Two names hardly ever stand side by side with nothing between, but a sentence may begin with "Rival".
    """
    before = token.nbor(-1)
    if before.text in _POSSESSIVE:
        return POSSESSIVE_ENDS
    is_name = shares[before.i] > SIDE_BY_SIDE or (
        before.tag_ in {"NNP", "NNPS", "CD"} and fold(before.text) not in words("company_nouns")
    )
    goes_on = is_capitalised(before) and (not before.is_sent_start or is_name)
    return SIDE_BY_SIDE if goes_on and is_capitalised(token) else ORGANISATION


def _add(found: dict[tuple[str, ...], Candidate], span: Span, *labels: str) -> None:
    if _is_noise(span):
        return
    key = key_of(span)
    candidate = found.setdefault(key, Candidate(key))
    candidate.spans.append(span)
    candidate.labels.extend(labels)


def company_score(
    candidate: Candidate, places: Mapping[str, str], surnames: frozenset[str], lower_words: frozenset[str]
) -> float:
    """How much speaks for a company: about 1 is enough. The addends were chosen by reading news, not fitted."""
    key = candidate.key
    score = sum(_VOTES.get(label, 0.0) for label in candidate.labels) / len(candidate.labels)
    if len(key) > 1 and key[-1] in words("organisation_endings"):
        score += 2.0
    text = candidate.spans[0].text
    if _CAMEL.search(text):
        score += 1.2
    if any(mark in key for mark in ("&", "+")):
        score += 0.7
    if text.isupper() and 2 < len(text) < 8:
        score += 0.4
    if len(key) == 1 and key[0] in surnames and not _is_surely_an_organisation(candidate):
        score -= 3.0
    if " ".join(key) in places:
        score -= 3.0
    if len(key) == 1 and key[0] in lower_words:
        score -= 1.5
    if " ".join(key) in cities():
        score -= 1.5
    if only_opens_sentences(candidate):
        score -= 2.5
    score += _encoder_opinion(candidate) + _party_opinion(candidate)
    if is_name_in_s(candidate):
        score += 2.5  # "Hartnell's said" is a shop, whoever founded it
    context = [_context(span) for span in candidate.spans]
    score += max(context) + (0.2 * min(len(context) - 1, 3) if min(context) >= 0 else 0.0)
    score += min(0.0, min(context))
    is_person = set(candidate.labels) == {"PERSON"} or (
        "PERSON" in candidate.labels and _is_doubted(candidate)
    )
    if is_person and max(context) <= WEAK_CONTEXT:
        # Two models differ and no word beside the name says "company": not listed, though it may still be a party.
        score = min(score, 0.9)
    return score


def without_persons(candidate: Candidate) -> Candidate:
    """The candidate without the occurrences that the encoder takes for a person, where another surely is a company."""
    shares = _entity_shares(candidate)
    if max((s["ORG"] for s in shares), default=0.0) < SURELY_AN_ORGANISATION:
        return candidate
    pairs = zip(candidate.spans, shares, strict=True)
    return replace(candidate, spans=[span for span, s in pairs if s["PERSON"] <= s["ORG"]])


def _entity_shares(candidate: Candidate) -> list[Mapping[str, float]]:
    """What the encoder takes each occurrence of a name for; nothing without an encoder."""
    encoding = candidate.spans[0].doc._.encoding
    if encoding is None:
        return []
    return [encoding.entity_of(span.start_char, span.end_char) for span in candidate.spans]


def only_opens_sentences(candidate: Candidate) -> bool:
    """Whether a common word has a capital only where every word would have one ("Hardware chain Ruddock ...")."""
    if len(candidate.key) > 1:
        return False
    is_name = any(s[0].tag_ in {"NNP", "NNPS"} for s in candidate.spans)
    if candidate.key[0] not in common_words() and is_name:
        return False
    return all(s[0].is_sent_start or is_title_case(s.sent) for s in candidate.spans)


def _is_doubted(candidate: Candidate) -> bool:
    """Whether the encoder, too, sees something of a person in a name of two words or more."""
    shares = [s["PERSON"] for s in _entity_shares(candidate)]
    return len(candidate.key) > 1 and bool(shares) and sum(shares) / len(shares) > SOMETHING_OF_A_PERSON


def _is_surely_an_organisation(candidate: Candidate) -> bool:
    """Whether the encoder takes the name for an organisation's nearly everywhere, and is sure of it."""
    shares = [s["ORG"] for s in _entity_shares(candidate)]
    return bool(shares) and sum(shares) / len(shares) >= SURE_EVERYWHERE


def _party_opinion(candidate: Candidate) -> float:
    """What a name gets that may be an organisation's if the encoder takes its bearer for a party of the news."""
    encoding = candidate.spans[0].doc._.encoding
    if encoding is None:
        return 0.0
    shares = [s["ORG"] for s in _entity_shares(candidate)]
    party = encoding.roles_of([(s.start_char, s.end_char) for s in candidate.spans])["party"]
    return PARTY_BONUS if party >= SURE_PARTY and max(shares) >= MAY_BE_PARTY else 0.0


def _encoder_opinion(candidate: Candidate) -> float:
    """From -3.5 to 2: what the encoder takes the name for, over its occurrences."""
    shares = _entity_shares(candidate)
    if not shares:
        return 0.0
    mean = {label: sum(s[label] for s in shares) / len(shares) for label in ("ORG", "PERSON", "LOC")}
    unseen = UNSEEN_BY_ENCODER if mean["ORG"] < LEAST_ORGANISATION else 0.0
    return float(2.0 * mean["ORG"] - 2.0 * max(mean["PERSON"], mean["LOC"]) + unseen)


def _context(span: Span) -> float:
    """What the words around one occurrence say; positive for a company, negative for a person or a place."""
    doc, sentence = span.doc, span.sent
    before = [doc[i] for i in range(max(sentence.start, span.start - 3), span.start)]
    after = [doc[i] for i in range(span.end, min(sentence.end, span.end + 10))]
    titles, nouns, prefixes = words("person_titles"), words("company_nouns"), words("person_prefixes")
    score = 0.0
    if before:
        last = fold(before[-1].text)
        if last in prefixes:
            return -3.0
        if last in nouns and before[-1].text.islower():
            score += 2.0
        if last in {"of", "at", "for", "from"} and len(before) > 1 and fold(before[-2].text) in titles:
            score += 2.0
        if (
            last in titles
            and before[-1].text.islower()
            and last not in {"partner", "owner", "leader", "lead"}
        ):
            score -= 1.5
        if (
            last == "with"
            and len(before) > 1
            and (
                before[-2].lemma_.lower() in words("partner_heads")
                or before[-1].head.lemma_.lower() in words("partner_heads")
            )
        ):
            score += 1.0
        if last == "in" and span.label_ != "ORG":
            score -= 0.5
    if after:
        first = fold(after[0].text)
        rest = after
        if first in {"'s", "’s"} and len(after) > 1:
            score += 0.3
            rest = after[1:]
            first = fold(rest[0].text)
            if first in titles:
                score += 1.5
        if first in {
            "ceo",
            "cfo",
            "coo",
            "cto",
            "chief",
            "president",
            "spokesman",
            "spokeswoman",
            "spokesperson",
            "chairman",
            "executives",
            "executive",
        }:
            score += 1.5
        if rest[0].lemma_.lower() in words("customer_nouns") and rest[0].text.islower():
            score += 0.8
        if (
            first == "("
            and len(rest) > 2
            and re.match(r"NYSE|NASDAQ|Nasdaq|LSE|LON|TSE|HKG|NSE|BSE|TSX|ASX|SGX|OTC", rest[1].text)
        ):
            score += 3.0
        if first == "," and len(rest) > 2:
            appositive = [fold(t.text) for t in rest[1:9]]
            if (
                appositive[0] in {"a", "an", "the", "one", "which", "part", "whose", "another"}
                or rest[1].ent_type_ == "NORP"
            ):
                if any(word in nouns for word in appositive):
                    score += 1.5
            elif any(word in titles for word in appositive[:4]):
                score -= 2.0
    root = span.root
    if root.dep_ in {"nsubj", "nsubjpass"} and root.head.lemma_.lower() in words("company_verbs"):
        score += 0.5
    return score


def is_name_in_s(candidate: Candidate) -> bool:
    """Whether the name itself ends in 's ("Hartnell's said"): it never stands without, and not only before what it owns."""
    uses = []
    for span in candidate.spans:
        doc, end = span.doc, span.end
        if end >= len(doc) or doc[end].text not in {"'s", "’s"}:
            return False
        uses.append(
            end + 1 >= len(doc)
            or doc[end + 1].is_punct
            or doc[end + 1].pos_ in {"VERB", "AUX", "CCONJ"}
            or doc[end + 1].tag_ in {"IN", "TO"}
        )
    return any(uses)
