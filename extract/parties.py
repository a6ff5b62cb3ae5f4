"""Who is a party: what speaks for and against each company of an article, as named numbers.

A linear model over these features (weights.py) decides. The features look at where a company stands towards the words
that report an agreement, never at who it is; so unknown companies are judged like known ones.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from itertools import combinations

from extract.company import COMPANY_THRESHOLD, Company
from extract.cues import words
from extract.encoder import EncoderReading
from extract.person_names import follow_given_name, is_built_as_person
from extract.place_names import is_only_a_place
from extract.plain_words import cities, common_words, towns
from extract.sentences import HEADLINE_KIND, Sentence
from extract.text import fold
from extract.weights import logit

# Below this probability of the encoder at every mention a name is no organisation's.
LEAST_ORGANISATION = 0.3
# Log-odds of the encoder count within plus and minus this.
LIMIT = 6.0
# What the encoder says two companies are to each other: parties of one deal that is news, and of one that is recalled.
PAIR_LABELS = ("main", "recalled")
# The heads whose surety tells something of whether there is a deal.
FACTS = ("type", "status", "instrument")
STRONG = ("verb", "noun", "extend", "stake", "talk", "end")
_COMPETITOR_BEFORE = re.compile(
    r"(?:rivals?|competitors?|competes? (?:with|against)|competing with|competition (?:from|with)|unlike|against|compared (?:with|to)|ahead of|behind|threat (?:from|of)|pressure from|fend off|take on|"
    r"keep (?:up with|pace with)|catch up with|battle with|war with|challenge(?:s|r)?(?: to)?|alternative to|versus|vs\.?|overtake|outpac\w+|dominated by)(?: (?:such as|like|including|the|of|its|and|big|giants?|online|e-commerce)){0,4}[ ,:]*$",
    re.I,
)
_EXAMPLE_BEFORE = re.compile(
    r"(?:such as|including|include|includes|among them|for example|for instance|e\.g\.|like|similar to|as well as|brands?|clients?|customers?|names|labels|investors|backers|backed by|others?|used by|those of)(?: (?:the|are|of|from|also))?[ ,:]*$",
    re.I,
)
_EMPLOYER_BEFORE = re.compile(
    r"(?:analysts?|strategist|economist|consultant|researchers?|columnist|professor|partner|executive|ceo|chief executive|founder|director|president|head|manager|spokesm[ae]n|spokeswoman|spokesperson|officer|vice president|reporter|editor|lead|chair(?:man|woman)?)"
    r"(?: \w+){0,5} (?:at|of|for|with|from)(?: the)? ?$",
    re.I,
)
_SOURCE_BEFORE = re.compile(
    r"(?:according to|told|reported by|report(?:ed)? (?:in|by)|citing|cited by|by|source:|data (?:from|by)|research(?:ers)? (?:from|by|firm)|survey (?:by|from)|estimates? (?:by|from)|figures from|study (?:by|from)|wrote|interview with|published (?:by|in)|seen by|says|said by)(?: (?:the|a|analysts at|news|market research firm|research firm|data firm|newspaper))*[ ,:]*$",
    re.I,
)
_SOURCE_AFTER = re.compile(
    r"^(?:'s|’s)? ?(?:reported|reports|wrote|writes|data (?:show|suggest)|estimates?|found|figures|newspaper|said in a (?:note|report)|survey|analysts?|first reported|noted in)",
    re.I,
)
_WITH_BEFORE = re.compile(
    r"\b(?:with|between|alongside|joined by|together with)(?: (?:the|a|an|its|fellow|rival|local|new|\w+-based|[A-Z]\w+|\w+)){0,5} $"
)
_AND_BEFORE = re.compile(r"(?:\band|&|,|\+)(?: \w+){0,4} $")
_LOCATION_BEFORE = re.compile(
    r"\b(?:in|at|on|inside|via|through|from|within|across|by|to|for)(?: (?:the|all|its|\w+)){0,2} $", re.I
)
_TICKER_AFTER = re.compile(
    r"^(?:, Inc\.?|,? Inc\.?| Corp\.?| plc| Ltd\.?)? ?\((?:NYSE|NASDAQ|Nasdaq|LSE|LON|TSE|HK|NSE|BSE|TSX|ASX|[A-Z]{2,5}\b)"
)
_ADVISER = re.compile(
    r"\b(?:advis(?:ed|er|or|ers|ors|ing)|legal counsel|underwriter|acted (?:as|for))\b", re.I
)
_FINANCIAL_INVESTOR = re.compile(r"\b(?:ventures?|capital|partners|fund|equity|investors?|holdings)\b", re.I)


def encoder_features(
    company: Company, others: Sequence[Company], encoding: EncoderReading | None
) -> dict[str, float]:
    """The encoder's opinion of a company among the others of the text.

    Log-odds of being a party, an organisation, and in one deal with some other company; shares of the other roles.
    The encoder knows no map, so whether the name is used as a city's stands beside it.
    """
    if encoding is None:
        return {}
    roles = encoding.roles_of(spans_of(company))
    party = min(max(roles["party"], 0.003), 0.997)
    features = {
        "encoder_party": math.log(party / (1 - party)),
        "encoder_organisation": logit(_organisation_share(company, encoding)),
    }
    if not company.is_known and is_only_a_place(company.spans):
        features["only_a_place"] = 1.0
    features |= {
        f"encoder_{role}": share for role, share in roles.items() if role != "party" and share > 0.02
    }
    odds = [pair_odds(company, c, encoding) for c in others if c.id != company.id]
    known = [one for one in odds if one]
    if known:
        features |= {f"encoder_with_{label}": max(one[label] for one in known) for label in PAIR_LABELS}
    return features


def pair_odds(one: Company, two: Company, encoding: EncoderReading) -> dict[str, float]:
    """The encoder's log-odds, within plus and minus LIMIT, that two companies are parties of one deal (see PAIR_LABELS)."""
    odds = encoding.together(spans_of(one), spans_of(two))
    return {label: max(-LIMIT, min(LIMIT, number)) for label, number in odds.items()}


def spans_of(company: Company) -> list[tuple[int, int]]:
    """The characters of a company's mentions."""
    return [(s.start_char, s.end_char) for s in company.spans]


def is_organisation(company: Company, encoding: EncoderReading | None) -> bool:
    """Whether some mention of a company is an organisation's name to the encoder; what it has not read may be one."""
    if encoding is None:
        return True
    best = _organisation_share(company, encoding)
    return best == 0.0 or best >= LEAST_ORGANISATION


def _organisation_share(company: Company, encoding: EncoderReading) -> float:
    """The encoder's highest probability of an organisation at a mention; 0 where it has read none of them."""
    return max(encoding.entity_of(s.start_char, s.end_char)["ORG"] for s in company.spans)


def encoder_deal_features(companies: Sequence[Company], encoding: EncoderReading | None) -> dict[str, float]:
    """The encoder's opinion whether the article reports a deal, and whether any two companies are parties of one: log-odds.

    With them how sure it is of the deal's facts: of what is no deal it hardly knows the type.
    """
    if encoding is None:
        return {}
    pairs = [pair_odds(one, two, encoding) for one, two in combinations(companies, 2)]
    best = max((odds["main"] for odds in pairs if odds), default=-LIMIT)
    return {
        "encoder_deal": float(max(-LIMIT, min(LIMIT, encoding.whole["deal"][0]))),
        "encoder_pair": best,
        **{f"sure_of_{head}": math.log(max(encoding.shares(head).values())) for head in FACTS},
    }


def party_features(
    company: Company, sentences: Sequence[Sentence], companies: Sequence[Company]
) -> dict[str, float]:
    """The features of one company in one article; absent means 0."""
    counted = [s for s in sentences if s.counts]
    own = [s for s in counted if company.id in s.companies]
    features: dict[str, float] = defaultdict(float)
    features["bias"] = 1.0
    if not own:
        return dict(features | {"never_in_body": 1.0})
    body = [s for s in counted if s.kind != HEADLINE_KIND]
    length = max(1, len(body))
    in_headline = any(s.kind == HEADLINE_KIND for s in own)
    headline_trigger = any(s.kind == HEADLINE_KIND and s.has(*STRONG, "use") for s in counted)
    has_headline = any(s.kind == HEADLINE_KIND and s.mentions for s in counted)
    features["headline"] = float(in_headline)
    features["headline_trigger"] = float(in_headline and headline_trigger)
    features["not_in_headline"] = float(has_headline and not in_headline)
    first = min((s.number for s in own if s.kind != HEADLINE_KIND), default=length)
    features["first_sentence"] = float(first == 0)
    features["lead"] = float(first <= 2)
    features["late"] = first / length if first > 2 else 0.0
    counts = Counter(c.id for s in counted for c, _ in s.mentions)
    ranked = sorted(companies, key=lambda c: -counts[c.id])
    count, top = counts[company.id], max(1, counts[ranked[0].id])
    features["count"] = math.log1p(count)
    features["share"] = count / top
    features["rank1"] = float(ranked[0].id == company.id)
    features["rank2"] = float(len(ranked) > 1 and ranked[1].id == company.id)
    features["rank3"] = float(len(ranked) > 2 and ranked[2].id == company.id)
    features["once"] = float(count == 1)
    features["few_companies"] = float(len(companies) == 2)
    features["many_companies"] = float(len(companies) > 6)
    features["in_subheading"] = float(any(s.kind == "subheading" for s in own))
    _trigger_features(features, own)
    _context_features(features, company, own)
    known = {c.id: c for c in companies}
    features["unit_of_named"] = float(_has_named_parent(company, known))
    features["has_named_unit"] = float(any(c.parent == company.id for c in companies))
    features["unit_kind"] = float(company.kind in ("brand", "platform", "business_unit"))
    features["known"] = float(company.is_known)
    features["city"] = float(not company.is_known and fold(company.name) in cities())
    features["town"] = float(not company.is_known and fold(company.name) in towns())
    features["built_as_person"] = float(not company.is_known and is_built_as_person(company.spans))
    features["behind_given_name"] = 0.0 if company.is_known else follow_given_name(company.spans)
    features["common_word"] = float(not company.is_known and fold(company.name) in common_words())
    features["media"] = float(company.sector == "media" or _is_media(company.name))
    features["regulator"] = float(_is_regulator(company.name))
    features["financial_name"] = float(
        bool(_FINANCIAL_INVESTOR.search(company.name)) and not company.is_known
    )
    features["evidence"] = min(company.score, 5.0) / 5.0 if not company.is_known else 1.0
    features["doubtful"] = float(company.score < COMPANY_THRESHOLD)
    return {name: number for name, number in features.items() if number}


def _trigger_features(features: dict[str, float], own: Sequence[Sentence]) -> None:
    news = [s for s in own if s.has(*STRONG) and not s.is_recall]
    recall = [s for s in own if s.has(*STRONG) and s.is_recall]
    usage = [s for s in own if s.has("use") and not s.is_recall]
    features["trigger"] = float(bool(news))
    features["triggers"] = math.log1p(len(news))
    features["recalled"] = float(bool(recall))
    features["recalled_only"] = float(bool(recall) and not news)
    features["usage"] = float(bool(usage))
    features["no_trigger"] = float(not news and not usage)
    features["trigger_lead"] = float(any(s.number <= 2 for s in news))
    features["trigger_news"] = float(any(s.is_news for s in news))
    features["usage_lead"] = float(any(s.number <= 2 for s in usage))
    features["pair_trigger"] = float(any(len(s.companies) == 2 for s in news))
    features["pair_usage"] = float(any(len(s.companies) == 2 for s in usage))
    features["crowd"] = float(all(len(s.companies) > 3 for s in own))
    features["alone"] = float(all(len(s.companies) == 1 for s in own))
    features["only_quotes"] = float(all(s.is_quote for s in own))


def _context_features(features: dict[str, float], company: Company, own: Sequence[Sentence]) -> None:
    total = 0
    for sentence in own:
        text, start = sentence.text, sentence.span.start_char
        triggers = [t for t in sentence.triggers if t.rule.kind in STRONG]
        for other, span in sentence.mentions:
            if other.id != company.id:
                continue
            total += 1
            before = text[max(0, span.start_char - start - 70) : span.start_char - start]
            after = text[span.end_char - start : span.end_char - start + 50]
            features["is_competitor"] += bool(_COMPETITOR_BEFORE.search(before))
            features["is_example"] += bool(_EXAMPLE_BEFORE.search(before))
            features["is_employer"] += bool(_EMPLOYER_BEFORE.search(before))
            features["is_source"] += bool(_SOURCE_BEFORE.search(before)) or bool(_SOURCE_AFTER.search(after))
            features["is_adviser"] += bool(_ADVISER.search(before[-40:]))
            features["is_location"] += bool(_LOCATION_BEFORE.search(before))
            features["has_ticker"] += bool(_TICKER_AFTER.search(after))
            features["possessive"] += after[:2] in ("'s", "’s")
            root = span.root
            is_subject = root.dep_ in ("nsubj", "nsubjpass") or (
                root.dep_ == "conj" and root.head.dep_ in ("nsubj", "nsubjpass")
            )
            features["subject"] += is_subject
            near = [t for t in triggers if t.end <= span.start_char + 1 and span.start_char - t.end < 60]
            if (
                near
                and (_WITH_BEFORE.search(before) or _AND_BEFORE.search(before))
                and not sentence.is_recall
            ):
                features["with_object"] = 1.0
            if is_subject and any(t.start >= span.end_char for t in triggers) and not sentence.is_recall:
                features["trigger_subject"] = 1.0
            if sentence.kind == HEADLINE_KIND and _COMPETITOR_BEFORE.search(before):
                features["headline_competitor"] = 1.0
    for name in (
        "is_competitor",
        "is_example",
        "is_employer",
        "is_source",
        "is_adviser",
        "is_location",
        "possessive",
        "subject",
    ):
        share = features[name] / max(1, total)
        features[name] = share
        features[f"all_{name}"] = float(share == 1.0)
    features["has_ticker"] = float(features["has_ticker"] > 0)


def _has_named_parent(company: Company, known: Mapping[str, Company]) -> bool:
    return company.parent in known if company.parent else False


def _is_media(name: str) -> bool:
    return any(word in words("media_words") for word in fold(name).split())


def _is_regulator(name: str) -> bool:
    return any(word in words("regulator_words") for word in fold(name).split())


def deal_features(
    sentences: Sequence[Sentence], companies: Sequence[Company], anchor_words: str
) -> dict[str, float]:
    """The features by which an article is deal news or not; `anchor_words` is its headline and first lines, lower-cased."""
    counted = [s for s in sentences if s.counts]
    body = [s for s in counted if s.kind != HEADLINE_KIND]
    lead = body[:3]
    headline = [s for s in counted if s.kind == HEADLINE_KIND]
    features: dict[str, float] = {"bias": 1.0}
    for kind in (*STRONG, "use"):
        features[f"headline_{kind}"] = float(any(s.has(kind) for s in headline))
        features[f"lead_{kind}"] = float(any(s.has(kind) and not s.is_recall and s.mentions for s in lead))
        features[f"lead_pair_{kind}"] = float(
            any(s.has(kind) and not s.is_recall and len(s.companies) >= 2 for s in lead)
        )
        news = sum(s.has(kind) and not s.is_recall and bool(s.mentions) for s in body)
        features[f"body_{kind}"] = math.log1p(news)
        pairs = sum(s.has(kind) and not s.is_recall and len(s.companies) >= 2 for s in body)
        features[f"pairs_{kind}"] = math.log1p(pairs)
    features["headline_pair"] = float(any(len(s.companies) >= 2 for s in headline))
    features["headline_pair_strong"] = float(any(len(s.companies) >= 2 and s.has(*STRONG) for s in headline))
    features["pair_any"] = float(any(len(s.companies) == 2 for s in body))
    strong = sum(s.has(*STRONG) and bool(s.mentions) for s in body)
    recall = sum(s.has(*STRONG) and bool(s.mentions) and s.is_recall for s in body)
    features["recall_share"] = recall / strong if strong else 0.0
    features["strong_density"] = strong / max(1, len(body))
    features["companies"] = math.log1p(len(companies))
    features["one_company"] = float(len(companies) < 2)
    features["question"] = float("?" in anchor_words[:200])
    for name, pattern in _NOT_DEAL.items():
        features[f"topic_{name}"] = float(bool(pattern.search(anchor_words)))
    mentions = Counter(c.id for s in counted for c, _ in s.mentions)
    top = mentions.most_common(2)
    features["second_share"] = top[1][1] / top[0][1] if len(top) > 1 else 0.0
    return {name: number for name, number in features.items() if number}


_NOT_DEAL = {
    "results": re.compile(
        r"\b(?:quarter(?:ly)?|profit|earnings|revenue|sales (?:rose|fell|grew|dropped|growth|were)|like-for-like|same-store|forecast|guidance|full-year|half-year|results|shares (?:fell|rose|were))\b"
    ),
    "jobs": re.compile(
        r"\b(?:strike|union|walkout|picket\w*|lay-?offs?|job cuts?|redundanc\w+|jobs|workers)\b"
    ),
    "court": re.compile(
        r"\b(?:court|lawsuit|sued?|suing|judge|appeal|jury|infringement|fine[ds]?|antitrust|recall(?:s|ed|ing)?)\b"
    ),
    "people": re.compile(
        r"\b(?:appoint(?:s|ed|ment)|named|names|hires?|hired|joins as|steps down|successor|promoted|chairman|new (?:ceo|chief))\b"
    ),
    "opening": re.compile(
        r"\b(?:opens|opened|opening|reopen\w*|new (?:store|branch|shop|supermarket|warehouse)|store count|refurbish\w*|closing|closures?|closes|closed|rebrand\w*)\b"
    ),
    "market": re.compile(
        r"\b(?:market (?:size|report|research|outlook|overview|share)|forecast period|cagr|survey|study|poll|consumers? (?:say|spend|are)|cheapest|price comparison|basket|prices?|outlook)\b"
    ),
    "opinion": re.compile(
        r"\b(?:opinion|column|why|how to|lessons?|the case for|essay|profile|history|trends?|predictions?|guide|interview)\b"
    ),
    "funding": re.compile(
        r"\b(?:series [a-e]|funding round|raises|raised|valuation|ipo|listing|investors)\b"
    ),
}
