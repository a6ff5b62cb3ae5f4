"""Personal names in bylines, without "By", roles, addresses and desks."""

from __future__ import annotations

import re
from collections.abc import Iterator

from rapidfuzz import fuzz

from crawler.parse.bylines import byline_words
from crawler.parse.text import compact, squeeze

_SPLIT = re.compile(
    r"\s*[,;|/•·⋅+\n]\s*|\s+[-–—]+\s+|\s*(?:\band\b|&|\bwith\b|\bund\b|\bet\b|\bas told to\b)\s*"
    r"|(?<=[^\W\d_]{3})\.\s+",
    re.I,
)
_NOISE = re.compile(
    r"\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?\s+\d.*$|\b(?:mon|tues|wednes|thurs|fri|satur|sun)day\b.*$"
    r"|\S+@\S+|https?://\S+|@\w+|\([^)]*\)|\[[^\]]*\]|\d.*$|\b(?:on|in|at|for|of|from)\s+(?:(?-i:[A-Z])|\d).*$",
    re.I,
)
_NAME = re.compile(r"[^\W\d_][\w.'’`-]*(?:\s+[^\W\d_][\w.'’`-]*){1,5}")
_FAMILY_FIRST = re.compile(r"([^\W\d_][\w'’-]+), ([^\W\d_][\w'’-]+)")
_AGENCY = re.compile(
    r"(?i)(?:the )?(?:associated press|canadian press|press association|reuters|bloomberg|agence france-presse"
    r"|xinhua|australian associated press)(?: news)?"
)
_OWNED = re.compile(r"(.{3,40})['’]s? ([^'’]+)")
_SHOUTED = re.compile(r"(?:Mc|Mac|O['’]|[DdLl]['’])[A-Z]{3,}")
_CREDENTIAL = re.compile(r"(?:Ph\.?D|M\.?D|MBA|CFA|CPA|RD|RN|MS|MSc|BSc|MA|BA|Esq|JD)\.?")


def clean_authors(raw: str, sites: tuple[str, ...] = ()) -> Iterator[str]:
    """The personal names in a byline such as "By Ann Lee, Senior Editor and Bo Li (bo@example.org)"."""
    text = raw.strip()[:300]
    text = "\n".join(squeeze(line) for line in text.split("\n"))
    if ";" in text and all(_FAMILY_FIRST.fullmatch(part.strip()) for part in text.split(";")):
        text = "; ".join(_FAMILY_FIRST.sub(r"\2 \1", part.strip()) for part in text.split(";"))
    elif match := _FAMILY_FIRST.fullmatch(text):
        text = f"{match[2]} {match[1]}"  # a catalogue's form: family name first
    unsigned = byline_words().by.sub("", text)
    after_post = False
    start = 0
    for end, following in [*((m.start(), m) for m in _SPLIT.finditer(text)), (len(text), None)]:
        piece = text[start:end]
        # What follows a post after a comma is the company: "Ann Lee, Chief Executive, The Shop".
        name = None if after_post else _name_in(piece, sites)
        in_prose = name is not None and name.islower() and not unsigned.islower()
        if name and not in_prose and _is_name(name) and not is_organisation(name, sites):
            yield _cased(name)
        is_post = bool(byline_words().posts.search(piece))
        comma = following is not None and following[0].strip() == ","
        after_post = comma and (is_post or (after_post and not name))
        start = following.end() if following is not None else end


def _name_in(piece: str, sites: tuple[str, ...]) -> str:
    """What is left of a piece of a byline without the words before and behind a name."""
    words = byline_words()
    piece = squeeze(piece)
    signed = words.by.sub("", piece)
    name = squeeze(_NOISE.sub(" ", words.stops.sub("", words.by.sub("", signed))))
    if (owner := _OWNED.fullmatch(name)) and is_organisation(owner[1], sites):
        name = owner[2]
    name = _without_site(name.strip(" .,-–—:*"), sites)
    if (match := words.roles.search(name)) and signed != piece and len(name[: match.start()].split()) > 1:
        name = name[: match.start()].strip(" .,-–—:")
        if len(name.split()) > 2 and is_organisation(name, sites):
            name = " ".join(name.split()[:-1])  # "Ann Lee Business" of "Ann Lee Business reporter"
    return name


def _is_name(name: str) -> bool:
    words = name.split()
    particles = byline_words().particles
    lower = name.islower()
    return (
        3 < len(name) <= 60
        and bool(_NAME.fullmatch(name))
        and not byline_words().roles.search(name)
        and any(len(word.strip(".")) > 1 for word in words[1:])
        and (lower or all(word[0].isupper() or word in particles or not word[0].islower() for word in words))
        and (not lower or len(words) in (2, 3))
        and not _CREDENTIAL.fullmatch(name)
    )


def is_organisation(name: str, sites: tuple[str, ...]) -> bool:
    """Whether a name is a publisher's or an agency's, not a person's."""
    letters = compact(name)
    if name.lower() in byline_words().no_person or byline_words().organisations.search(name):
        return True
    if name.startswith("The "):
        return True
    return any(fuzz.ratio(letters, own) > 85 or (len(letters) > 8 and letters in own) for own in sites)


def _without_site(name: str, sites: tuple[str, ...]) -> str:
    """ "Ann Lee The Paper" is "Ann Lee", and "ANN LEE Associated Press", as a wire sets it, "ANN LEE"."""
    words = name.split()
    for cut in range(2, len(words)):
        rest = " ".join(words[cut:])
        shouted = all(word.isupper() for word in words[:cut])
        if compact(rest) in sites or byline_words().agencies.fullmatch(words[cut]) or _AGENCY.fullmatch(rest):
            return " ".join(words[:cut])
        if shouted and is_organisation(rest, ()):
            return " ".join(words[:cut])
    return name


def _cased(name: str) -> str:
    """Capitals as in a name where a byline is all in capitals, has them in the family name, or has none."""
    shouted = name.isupper() and len(name) > 5
    words = [
        _mixed(word) if shouted or name.islower() or _SHOUTED.fullmatch(word) else word
        for word in name.split()
    ]
    return " ".join(words)


def _mixed(word: str) -> str:
    return re.sub(r"^(Mc|[OD]['’])(\w)", lambda m: m[1] + m[2].upper(), word.title().replace("’S", "’s"))
