"""Which words of a text the encoder takes for the names of organisations."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from spacy.tokens import Doc, Span, Token

from extract.cues import words
from extract.encoder import EncoderReading
from extract.names import POSSESSIVE, ends_in_co_op, is_capitalised, key_of, trim
from extract.plain_words import common_words
from extract.text import fold
from extract.vocabularies import load_places

# From which probability of the encoder a word belongs to an organisation's name, and the most words of one.
ORGANISATION = 0.5
SIDE_BY_SIDE = 0.9  # the same for a name that begins right after another name's word
SURELY_FIRST = 0.7  # the same, and for the name to begin there, for a word that seldom is a name's
POSSESSIVE_ENDS = 0.7  # and after its 's
BEGINS_BEFORE = 0.3  # below this the word only goes on with a name
LONGEST_NAME = 8
IN_SMALL_LETTERS = 0.85  # the same for each word of a name without capitals
_ARTICLES = frozenset({"the", "a", "an"})
_NOT_IN_NAMES = frozenset('():[]{}<>"“”;|/') | {"--", "–", "—", ")--"}
_OF_A_COUNTRY = ("an", "ish", "ese", "ch", "eek")  # "Croatian", "Danish", "Chinese", "French"
_LONGEST_PLACE = 3  # words: "Hong Kong", "Costa Rica", "Trinidad and Tobago"
_MOST_IN_BRACKETS = 4  # words: "(Hong Kong)", "(Trinidad & Tobago)"


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
    names: list[Span] = []
    for start, end in runs:
        whole = doc[start : _with_hyphen(doc, end, shares) + 1]
        sure = len(whole) > 1 and _surely_begins(whole[0], shares, encoding)
        span = (
            whole if _is_in_small_letters(whole, shares) else trim(whole, has_numbers=True, keeps_first=sure)
        )
        if span is None or len(span) > LONGEST_NAME or (names and span.start < names[-1].end):
            continue
        names.append(_with_place(_with_brackets(span), names[-1].end if names else 0))
    return _without_descriptions(_cut_apart(names))


def _cut_apart(names: Sequence[Span]) -> list[Span]:
    """Names cut where two stand together that the text also has alone.

    They are joined by a hyphen ("the Lumo-Brinkholt pilot"), or the dot of a legal form has hidden a sentence's end
    ("according to Lumo Corp. Brinkholt also sells").
    """
    alone = {key_of(name) for name in names}
    cut: list[Span] = []
    for name in names:
        for i in range(1, len(name)):
            is_joined = name[i].text == "-" and not name[i - 1].whitespace_ and not name[i].whitespace_
            left, right = name[:i], name[i + is_joined :]
            ends = name[i - 1].text.endswith(".") and fold(name[i - 1].text) in words("company_forms")
            both = is_joined and {key_of(left), key_of(right)} <= alone
            if len(right) and (both or (ends and i > 1 and key_of(right) in alone)):
                cut += [left, right]
                break
        else:
            cut.append(name)
    return cut


def _with_place(name: Span, least: int) -> Span:
    """The name with the first words of a place that it begins in: "Hong" before "Kong International Airport"."""
    for longer in range(1, _LONGEST_PLACE):
        start = name.start - longer
        if start < least:
            break
        if name.doc[start : name.start + 1].text in load_places():
            return name.doc[start : name.end]
    return name


def _surely_begins(token: Token, shares: Sequence[float], encoding: EncoderReading) -> bool:
    """Whether a word is surely the first of a name, though it seldom is ("Central England Co-op"); no article is."""
    if token.lower_ in _ARTICLES or (token.is_sent_start and token.tag_ not in {"NNP", "NNPS"}):
        return False
    return min(shares[token.i], float(encoding.begins[token.idx])) >= SURELY_FIRST


def _is_in_small_letters(span: Span, shares: Sequence[float]) -> bool:
    """Whether a name is written so ("textil & trå"): the encoder is sure of each word, and none is a common one."""
    letters = [t for t in span if t.is_alpha]
    return bool(letters) and all(
        t.is_lower and len(t) > 2 and shares[t.i] >= IN_SMALL_LETTERS and fold(t.text) not in common_words()
        for t in letters
    )


def _without_descriptions(names: Sequence[Span]) -> list[Span]:
    """Names without a word that only stands before them here: "Grocer Lumo said" where the text has Lumo alone, too."""
    times = Counter(key_of(name) for name in names)
    return [
        name[1:]
        if len(name) > 1 and key_of(name)[1:] in times and _describes(name[0], times[key_of(name)])
        else name
        for name in names
    ]


def _describes(token: Token, times: int) -> bool:
    """Whether a word may only stand before a name: a common word that opens a sentence, "the Croatian".

    So may figures that stand there once ("500 Lumo lockers"); the company "3 Acres" is called so more often. `times`
    says how often the text has the name with the word.
    """
    if token.is_sent_start and (fold(token.text) in common_words() or token.like_num):
        return True
    if token.text.isdigit() and times == 1:
        return True
    opens = token.is_sent_start or token.nbor(-1).lower_ == "the"
    return opens and token.text in load_places() and token.text.endswith(_OF_A_COUNTRY)


def _ends_legal_form(token: Token) -> bool:
    """Whether a letter only ends a legal form with a stroke: "A/S" at a sentence's end begins no name."""
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
    return last + 2 if shares[last + 2] > ORGANISATION or ends_in_co_op(doc, last + 3) else last


def _may_begin(token: Token, shares: Sequence[float]) -> bool:
    """Whether the word before one that only goes on with a name is that name's first ("Nanyang Polytechnic")."""
    if token.i == 0:
        return False
    before = token.nbor(-1)
    return shares[before.i] > BEGINS_BEFORE / 2 and before.tag_ == "NNP" and not before.is_sent_start


def _is_possessive_inside(token: Token, shares: Sequence[float], encoding: EncoderReading) -> bool:
    """Whether an 's stands inside a name ("Ludlow's Fresh Markets") and does not end one ("Walmart's Flipkart")."""
    if token.text not in POSSESSIVE or token.i + 1 >= len(token.doc):
        return False
    after = token.nbor(1)
    goes_on = shares[after.i] > ORGANISATION and is_capitalised(after)
    return goes_on and float(encoding.begins[after.idx]) < POSSESSIVE_ENDS


def _least_to_begin(token: Token, shares: Sequence[float]) -> float:
    """From which probability an organisation's name begins at a word that follows another name's word.

    Two names hardly ever stand side by side with nothing between, but a sentence may begin with "Rival".
    """
    before = token.nbor(-1)
    if before.text in POSSESSIVE:
        return POSSESSIVE_ENDS
    is_name = shares[before.i] > SIDE_BY_SIDE or (
        before.tag_ in {"NNP", "NNPS", "CD"} and fold(before.text) not in words("company_nouns")
    )
    goes_on = is_capitalised(before) and (not before.is_sent_start or is_name)
    return SIDE_BY_SIDE if goes_on and is_capitalised(token) else ORGANISATION
