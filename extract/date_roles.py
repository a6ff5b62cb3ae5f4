"""What a date expression is the date of: announced, launch planned, an older deal, a founding, an event ..."""

from __future__ import annotations

import re
from datetime import date, timedelta

from extract.dates.anchor import anchor_day
from extract.sentences import Sentence

# A day up to this far before the publication date, in a sentence that reports the agreement, is the day it was announced.
NEWS_WINDOW = timedelta(days=31)
# What cannot be said of a day that has not come yet.
PAST_ROLES = frozenset(
    {
        "announced",
        "signed",
        "launched",
        "prior_deal",
        "terminated",
        "expired",
        "expanded",
        "renewed",
        "founding",
    }
)

_FOUNDING = re.compile(
    r"\b(?:found(?:ed|ing)|established|operat\w+ since|since its (?:founding|start)|set up in|start(?:ed|ing) (?:life|out|business|trading)|born in|opened its first|dates? (?:back to|from)|incorporated|history|roots|launched as a|year of foundation|in business)\b",
    re.I,
)
_EVENT = re.compile(
    r"\b(?:singles['’]? day|black friday|cyber monday|prime day|christmas|easter|festival|diwali|ramadan|halloween|valentine\S* day|mother\S* day|thanksgiving|olympic\w*|world cup|back[- ]to[- ]school|11\.11|holiday season|golden quarter|trade fair|conference|summit|expo)\b",
    re.I,
)
_TERM_END = re.compile(
    r"\b(?:until|through|expir\w+|runs? (?:to|until|till)|ends? (?:in|on|at)|term|till|lasts?|valid|up to)\b",
    re.I,
)
_LAUNCH = re.compile(
    r"\b(?:launch\w*|start\w*|begin\w*|roll(?:ed|s|ing)?[ -]?out|rollout|go(?:es|ing)? live|live|open\w*|available|introduc\w*|debut\w*|arriv\w*|hit\w*|kick\w* off|deploy\w*|complet\w+|first (?:stores?|shops?)|sell|deliver\w*|in place|operational|accept\w*|pay|expand\w*|extend\w*|add\w*|will|from)\b",
    re.I,
)
_ANNOUNCE = re.compile(
    r"\b(?:announc\w*|said|says|unveil\w*|reveal\w*|disclos\w*|statement|press release|release|told|confirm\w*|report\w*|sign\w*|agreed?|agreement|partner\w*|deal|ink\w*|seal\w*|struck|team\w*|pact|declar\w*|made public|joint)\b",
    re.I,
)
_SIGNED = re.compile(r"\b(?:sign(?:ed|s|ing)?|ink(?:ed|s)?|put (?:their|its) names?)\b", re.I)
_ENDED = re.compile(
    r"\b(?:end(?:ed|s|ing)?|terminat\w+|expired?|scrapp\w*|ceas\w+|stopp\w*|dissol\w+|wound (?:up|down)|collaps\w+|cancel\w*|lapsed?)\b",
    re.I,
)
_EFFECTIVE = re.compile(
    r"\b(?:takes? effect|took effect|effective|complet\w+|clos(?:e|ed|es|ing) (?:of|in|on)|closing|came into force|comes? into force)\b",
    re.I,
)
_LAUNCHED = re.compile(
    r"\b(?:launched|went live|opened|started|began|has been|have been|introduced|debuted|rolled out|available since|now|since)\b",
    re.I,
)
_NOT_OURS = re.compile(
    r"\b(?:results|quarter ended|revenue|turnover|sales (?:of|rose|fell|grew)|profit|shares|census|survey|study|forecast|report(?:ed)? (?:sales|revenue|profit)|fiscal|market|grew|growth|population|data (?:from|show))\b",
    re.I,
)


# What each pattern speaks for, as features of the role model.
PATTERNS = {
    "founding": _FOUNDING,
    "event": _EVENT,
    "term_end": _TERM_END,
    "launch": _LAUNCH,
    "announce": _ANNOUNCE,
    "signed": _SIGNED,
    "ended": _ENDED,
    "effective": _EFFECTIVE,
    "launched": _LAUNCHED,
    "not_ours": _NOT_OURS,
}


def role_of(
    surface: str,
    earliest: str | None,
    latest: str | None,
    precision: str | None,
    position: int,
    sentence: Sentence,
    anchor: str | None,
    is_deal_sentence: bool,
) -> str:
    """The role of one expression; `position` is its offset in the sentence, dates are ISO days or None."""
    text = sentence.text
    before = text[max(0, position - 60) : position]
    around = text[max(0, position - 60) : position + len(surface) + 45]
    if sentence.kind == "byline" or (
        sentence.number <= 0
        and re.match(r"^[\W]*(?:[A-Z][\w.]*[ ,/()]*){0,6}$", text[:position])
        and re.match(r"\s*(?:\([^)]*\)\s*)?[-–—]", text[position + len(surface) :])
    ):
        return "published"
    if _EVENT.search(surface) or (_EVENT.search(around) and precision in ("day", None)):
        return "campaign_or_event"
    if precision == "day" and not sentence.triggers and _EVENT.search(text) and not _ANNOUNCE.search(around):
        return "campaign_or_event"
    if _FOUNDING.search(around) and precision in ("year", None):
        return "founding"
    if anchor is None or earliest is None or latest is None:
        return (
            "announced" if is_deal_sentence and precision == "day" and _ANNOUNCE.search(around) else "other"
        )
    day, start, end = anchor_day(anchor), date.fromisoformat(earliest), date.fromisoformat(latest)
    if start > day:
        if _TERM_END.search(before[-30:]):
            return "term_end_expected"
        if _EFFECTIVE.search(around):
            return "effective" if is_deal_sentence else "other"
        return "launch_planned" if _LAUNCH.search(text) or is_deal_sentence else "other"
    if end >= day and precision in ("quarter", "season", "year", "month"):
        if re.search(
            r"\b(?:later|end of|second half|by|this (?:summer|autumn|fall|winter|spring))\b",
            f"{before[-20:]} {surface}",
            re.I,
        ) and (_LAUNCH.search(text) or is_deal_sentence):
            return "launch_planned"
        if precision == "year" and re.search(r"earlier", surface, re.I):
            return "prior_deal" if sentence.triggers else "other"
        if precision != "month":
            return "other"
    is_fresh = day - end <= NEWS_WINDOW
    if is_fresh and precision == "day":
        if _ENDED.search(before) and is_deal_sentence and sentence.has("end"):
            return "terminated"
        if _NOT_OURS.search(around) and not is_deal_sentence:
            return "other"
        if (
            is_deal_sentence
            and _SIGNED.search(around)
            and not re.search(r"\b(?:said|announc\w+|statement)\b", around, re.I)
        ):
            return "signed"
        if is_deal_sentence and _LAUNCHED.search(before[-25:]) and not _ANNOUNCE.search(around):
            return "launched"
        return "announced" if _ANNOUNCE.search(text) or is_deal_sentence else "other"
    if (
        is_fresh
        and precision == "month"
        and is_deal_sentence
        and re.search(r"this month|earlier this month", surface, re.I)
    ):
        return "announced" if _ANNOUNCE.search(text) else "other"
    if sentence.triggers and (sentence.is_recall or not is_fresh) and not _NOT_OURS.search(around):
        if sentence.has("end") and _ENDED.search(around):
            return "terminated"
        return "prior_deal"
    return "other"
