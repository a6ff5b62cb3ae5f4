"""How much speaks for a name being a company's: its own words, the words around it, and what the models take it for.

Addends chosen by reading news give a score; a model over that score and what the encoder says (weights.json, `company`)
then judges whether the name is a company's, may be one, or is none.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import replace

from spacy.tokens import Span

from extract.company import COMPANY_THRESHOLD, POSSIBLE_THRESHOLD
from extract.cues import words
from extract.names import Candidate, is_camel, is_title_case
from extract.person_names import follow_given_name, is_built_as_person
from extract.place_names import is_only_a_place
from extract.plain_words import cities, common_words, given_names, towns
from extract.text import fold
from extract.weights import load_weights, logit, probability

SURELY_AN_ORGANISATION = 0.8
SOMETHING_OF_A_PERSON = 0.05  # from here on the encoder doubts that a name is not a person's
SURE_EVERYWHERE = 0.9  # the mean over all mentions
# What may well be an organisation's name is one where it stands for a party of the news.
MAY_BE_PARTY, SURE_PARTY, PARTY_BONUS = 0.3, 0.8, 1.5
# What a name loses to which the encoder gives less than this.
LEAST_ORGANISATION, UNSEEN_BY_ENCODER = 0.25, -1.5
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
# From which probability a name is a company's whose score says so, or says otherwise; and from which it may be one.
KEPT_COMPANY, LIFTED_COMPANY, LEAST_POSSIBLE = 0.25, 0.5, 0.15
MARGIN = 0.1
# What the rules plainly reject, the model alone does not make a company.
LEAST_LIFTED = -1.0
# What a name gets for being the subject of a verb such as "opened", which persons do too.
WEAK_CONTEXT = 0.5


def company_score(
    candidate: Candidate, places: Mapping[str, str], surnames: Mapping[str, int], lower_words: frozenset[str]
) -> float:
    """How much speaks for a company: about 1 is enough. The addends were chosen by reading news, not fitted.

    `surnames` are the last names of persons with the token at which the text first names one in full.
    """
    key = candidate.key
    score = sum(_VOTES.get(label, 0.0) for label in candidate.labels) / len(candidate.labels)
    if len(key) > 1 and key[-1] in words("organisation_endings"):
        score += 2.0
    text = candidate.spans[0].text
    if is_camel(text):
        score += 1.2
    if any(mark in key for mark in ("&", "+")):
        score += 0.7
    if text.isupper() and 2 < len(text) < 8:
        score += 0.4
    context = [_context(span) for span in candidate.spans]
    if len(key) == 1 and key[0] in surnames:
        follows = min(span.start for span in candidate.spans) > surnames[key[0]]
        if follows and max(context) <= WEAK_CONTEXT:
            score -= 4.5  # "Erich Harsch ... Harsch said": the encoder does not remember the full name
        elif not _is_surely_an_organisation(candidate):
            score -= 3.0
    if " ".join(key) in places:
        score -= 3.0
    if len(key) == 1 and key[0] in lower_words:
        score -= 1.5
    if " ".join(key) in cities():
        score -= 4.5 if is_only_a_place(candidate.spans) else 1.5
    if only_opens_sentences(candidate):
        score -= 2.5
    score += _encoder_opinion(candidate) + _party_opinion(candidate)
    if is_name_in_s(candidate):
        score += 2.5  # "Hartnell's said" is a shop, whoever founded it
    score += max(context) + (0.2 * min(len(context) - 1, 3) if min(context) >= 0 else 0.0)
    score += min(0.0, min(context))
    is_person = set(candidate.labels) == {"PERSON"} or _is_doubted(candidate)
    if is_person and max(context) <= WEAK_CONTEXT:
        # Two models differ and no word beside the name says "company": not listed, though it may still be a party.
        score = min(score, 0.9)
    return score


def judged_score(candidate: Candidate, score: float) -> float:
    """The score, moved to where the model puts the name: above or below the thresholds of extract.company."""
    features = company_features(candidate, score)
    if not features or "company" not in load_weights():
        return score
    share = probability("company", features)
    if score >= COMPANY_THRESHOLD and share >= KEPT_COMPANY:
        return score
    if score >= LEAST_LIFTED and share >= LIFTED_COMPANY and not _may_be_none(candidate):
        return max(score, COMPANY_THRESHOLD)
    if share >= LEAST_POSSIBLE:
        return min(max(score, POSSIBLE_THRESHOLD), COMPANY_THRESHOLD - MARGIN)
    return min(score, POSSIBLE_THRESHOLD - MARGIN)


def _may_be_none(candidate: Candidate) -> bool:
    """Whether a name may be a person's, or is a word such as in "Next, it will cut prices"."""
    return _is_doubted(candidate) or all(
        len(span) == 1
        and span[0].is_sent_start
        and span.end < len(span.doc)
        and span.doc[span.end].text == ","
        and fold(span.text) in common_words()
        for span in candidate.spans
    )


def company_features(candidate: Candidate, score: float) -> dict[str, float]:
    """What the model reads of a name with its score; empty without an encoder."""
    shares = _entity_shares(candidate)
    if not shares:
        return {}
    means = {label: sum(s[label] for s in shares) / len(shares) for label in ("ORG", "PERSON", "LOC")}
    organisation = logit(means["ORG"])
    is_single = len(candidate.key) == 1
    flags = {
        "bias": True,
        "single": is_single,
        "city": " ".join(candidate.key) in cities(),
        "town": " ".join(candidate.key) in towns(),
        "built_as_person": is_built_as_person(candidate.spans),
        "given_name": is_single and candidate.key[0] in given_names(),
        "only_a_place": is_only_a_place(candidate.spans),
        "common": is_single and candidate.key[0] in common_words(),
        "opens_sentences": only_opens_sentences(candidate),
        "title_case": all(is_title_case(span.sent) for span in candidate.spans),
    }
    return {
        "score": max(-4.0, min(5.0, score)),
        "mentions": math.log(len(shares)),
        "organisation_best": logit(max(s["ORG"] for s in shares)),
        "organisation_single": organisation if is_single else 0.0,
        "behind_given_name": follow_given_name(candidate.spans),
        **{f"encoder_{label}": logit(share) for label, share in means.items()},
        **{
            f"label={label}": candidate.labels.count(label) / len(candidate.labels)
            for label in sorted(set(candidate.labels))
        },
        **{name: 1.0 for name, holds in flags.items() if holds},
    }


def without_persons(candidate: Candidate) -> Candidate:
    """The candidate without the occurrences that the encoder takes for a person, where another surely is a company."""
    shares = _entity_shares(candidate)
    if max((s["ORG"] for s in shares), default=0.0) < SURELY_AN_ORGANISATION:
        return candidate
    pairs = zip(candidate.spans, shares, strict=True)
    return replace(candidate, spans=[span for span, s in pairs if s["PERSON"] <= s["ORG"]])


def is_surely_an_organisation(span: Span) -> bool:
    """Whether the encoder takes one occurrence of a name for an organisation's."""
    encoding = span.doc._.encoding
    return (
        encoding is not None
        and encoding.entity_of(span.start_char, span.end_char)["ORG"] >= SURELY_AN_ORGANISATION
    )


def only_opens_sentences(candidate: Candidate) -> bool:
    """Whether a common word has a capital only where every word would have one ("Hardware chain Ruddock ...")."""
    if len(candidate.key) > 1:
        return False
    is_name = any(s[0].tag_ in {"NNP", "NNPS"} for s in candidate.spans)
    if candidate.key[0] not in common_words() and is_name:
        return False
    return all(s[0].is_sent_start or is_title_case(s.sent) for s in candidate.spans)


def is_name_in_s(candidate: Candidate) -> bool:
    """Whether the name itself ends in 's ("Hartnell's said").

    It never stands without, and not only before what it owns.
    """
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


def _entity_shares(candidate: Candidate) -> list[Mapping[str, float]]:
    """What the encoder takes each occurrence of a name for; nothing without an encoder."""
    encoding = candidate.spans[0].doc._.encoding
    if encoding is None:
        return []
    return [encoding.entity_of(span.start_char, span.end_char) for span in candidate.spans]


def _is_doubted(candidate: Candidate) -> bool:
    """Whether both models see something of a person in a name of two words or more."""
    if "PERSON" not in candidate.labels:
        return False
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
