"""The dates of an article in their roles, and the day on which a deal was announced."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from extract.date_features import date_features
from extract.date_roles import NEWS_WINDOW, PAST_ROLES, role_of
from extract.dates.anchor import anchor_day
from extract.dates.find import DateExpression
from extract.draft_deal import DraftDeal, news_sentence
from extract.encoder import EncoderReading
from extract.model import Claim
from extract.quotes import Quoter, claim
from extract.sentences import OLDER_THAN, Sentence
from extract.weights import best_of, mixed_shares

# Statuses of an agreement that is older than the article which reports the status.
PAST_STATUSES = frozenset({"cancelled", "effective", "expired", "superseded", "suspended", "terminated"})
# Roles of the day from which such an agreement is, and the least that they must make together.
ORIGIN_ROLES = ("prior_deal", "announced", "signed")
ORIGIN_THRESHOLD = 0.4
# Roles of the day on which a main deal was announced, best first; for an extension the extension's own date counts.
OWN_ROLES = ("announced", "signed", "expanded", "renewed")


@dataclass(frozen=True, slots=True)
class PlacedDate:
    """A date expression with its place in the text of the Doc (headline and body as one) and its sentence."""

    start: int
    end: int
    read: DateExpression
    sentence: Sentence | None


@dataclass(frozen=True, slots=True)
class Dated:
    """A date expression with its role, the deal (index) that it belongs to, and the probability of each role."""

    place: PlacedDate
    role: str
    deal: int | None
    shares: Mapping[str, float]


def date_roles(
    expressions: Sequence[PlacedDate],
    drafts: Sequence[DraftDeal],
    anchor: str | None,
    encoding: EncoderReading | None,
) -> list[Dated]:
    """The role of each date and the deal (index) that it belongs to."""
    main = [i for i, d in enumerate(drafts) if d.is_main]
    recalled = {id(s): i for i, d in enumerate(drafts) if not d.is_main for s in d.sentences}
    result: list[Dated] = []
    for expression in expressions:
        sentence = expression.sentence
        if sentence is None:
            result.append(Dated(expression, "other", None, {}))
            continue
        owner = _owner(sentence, drafts, main)
        shares = role_shares(expression, anchor, bool(main), encoding)
        role = best_of(shares)[0]
        if role in ("announced", "signed") and id(sentence) in recalled and not is_recent(expression, anchor):
            role = "prior_deal"
        deal: int | None = owner
        if role == "prior_deal":
            deal = recalled.get(id(sentence))
            if deal is None and not sentence.has("noun", "verb", "extend", "stake"):
                role = "other"
        elif role in ("campaign_or_event", "founding", "other", "published"):
            deal = None
        result.append(Dated(expression, role, deal, shares))
    return result


def is_recent(expression: PlacedDate, anchor: str | None) -> bool:
    """Whether an expression names a day so near to publication that no older deal is from it."""
    read = expression.read
    if anchor is None or read.precision != "day" or not read.latest:
        return False
    return anchor_day(anchor) - date.fromisoformat(read.latest) <= NEWS_WINDOW


def _owner(sentence: Sentence, drafts: Sequence[DraftDeal], main: Sequence[int]) -> int | None:
    """The main deal that a sentence speaks of: the one whose parties it names, else whose it is, else the first."""
    holders = [i for i in main if any(s is sentence for s in drafts[i].sentences)]
    named = [i for i in holders if {c.id for c in drafts[i].parties} & set(sentence.companies)]
    return next(iter((*named, *holders, *main)), None)


def role_shares(
    expression: PlacedDate, anchor: str | None, is_deal_news: bool, encoding: EncoderReading | None
) -> dict[str, float]:
    """The probability of each role of a date that stands in a sentence; what has not come yet cannot have happened."""
    read = expression.read
    features = role_features(expression, anchor, is_deal_news)
    shares = mixed_shares("date_role", features, encoder_opinion(expression, encoding))
    if anchor and read.earliest and date.fromisoformat(read.earliest) > anchor_day(anchor):
        shares = {role: share for role, share in shares.items() if role not in PAST_ROLES}
    if is_recent(expression, anchor):
        shares = {role: share for role, share in shares.items() if role != "prior_deal"}
    return shares


def encoder_opinion(expression: PlacedDate, encoding: EncoderReading | None) -> Mapping[str, float]:
    """The encoder's probabilities of the roles of a date; empty without one."""
    return encoding.date_shares(expression.start, expression.end) if encoding else {}


def role_features(expression: PlacedDate, anchor: str | None, is_deal_news: bool) -> dict[str, float]:
    """What the role model reads of a date that stands in a sentence."""
    assert expression.sentence is not None
    rule = _rule_of(expression, anchor, is_deal_news)
    return date_features(
        expression.read, expression.start, expression.end, expression.sentence, anchor, rule, is_deal_news
    )


def _rule_of(expression: PlacedDate, anchor: str | None, is_deal_news: bool) -> str:
    """The role that the rules give to a date that stands in a sentence."""
    read, sentence = expression.read, expression.sentence
    assert sentence is not None
    return role_of(
        read.text,
        read.earliest,
        read.latest,
        read.precision,
        expression.start - sentence.span.start_char,
        sentence,
        anchor,
        is_deal_news
        and (bool(sentence.triggers) or sentence.number <= 1)
        and not (sentence.is_recall and not sentence.is_news),
    )


def choose_announced(
    dates: Sequence[Dated],
    index: int,
    draft: DraftDeal,
    anchor: str | None,
    status: str,
    quoter: Quoter,
) -> tuple[str | None, list[Claim]]:
    """The day a deal was announced: as the text says it, else for main deals that of the date line or of publication.

    What has ended, or has long been in force, is not announced by the article that says so: it has the day of which the
    text tells as that of the agreement, or none.
    """
    if draft.is_main and status in PAST_STATUSES:
        own = _origins(dates, draft, anchor)
        return _stated(own[0], own[0].shares["prior_deal"], quoter) if own else (None, [])
    roles = OWN_ROLES if draft.is_main else ("prior_deal",)
    own = [d for d in dates if d.deal == index and d.role in roles and d.place.read.edtf]
    if own:
        best = min(
            own,
            key=lambda d: (d.place.read.precision != "day", roles.index(d.role), -d.shares.get(d.role, 0.0)),
        )
        return _stated(best, best.shares.get(best.role, 0.0), quoter)
    if not draft.is_main:
        return None, []
    line = _date_line(dates, anchor)
    if line is not None:
        return _stated(line, line.shares.get("published", 0.0), quoter)
    if anchor is None:
        return None, []
    day = anchor[:10]
    return day, [
        claim("announced", None, day, quoter.sentence(news_sentence(draft)), "default:publication", 0.7)
    ]


def _date_line(dates: Sequence[Dated], anchor: str | None) -> Dated | None:
    """The date by which the text says when it was published, unless the page is known to be much younger or older."""
    for dated in dates:
        read = dated.place.read
        if dated.role == "published" and read.edtf and read.precision == "day":
            is_near = anchor is None or (
                is_recent(dated.place, anchor) and (read.latest or "") <= anchor_day(anchor).isoformat()
            )
            return dated if is_near else None
    return None


def _origins(dates: Sequence[Dated], draft: DraftDeal, anchor: str | None) -> list[Dated]:
    """The dates, likeliest first, that the agreement of an ended deal may be from: well before publication."""
    ids = {c.id for c in draft.parties}
    latest = (anchor_day(anchor) - OLDER_THAN).isoformat() if anchor else None
    found = [
        d
        for d in dates
        if d.place.read.edtf
        and d.place.sentence
        and (ids & set(d.place.sentence.companies) or d.place.sentence.has("noun"))
        and (latest is None or (d.place.read.latest or latest) < latest)
        and sum(d.shares.get(role, 0.0) for role in ORIGIN_ROLES) >= ORIGIN_THRESHOLD
    ]
    return sorted(found, key=lambda d: -sum(d.shares.get(role, 0.0) for role in ORIGIN_ROLES))


def _stated(dated: Dated, confidence: float, quoter: Quoter) -> tuple[str, list[Claim]]:
    place = dated.place
    edtf = place.read.edtf or ""
    quote = quoter.at(place.start, place.end)
    return edtf, [claim("announced", None, edtf, quote, "model:date_role", confidence)]
