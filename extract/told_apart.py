"""Which sentences tell of which of an article's several deals."""

from __future__ import annotations

from collections.abc import Sequence, Set
from itertools import groupby

from extract.sentences import HEADLINE_KIND, Sentence


def sentences_of(deals: Sequence[Set[str]], counted: Sequence[Sentence]) -> list[list[Sentence]]:
    """The sentences of each deal, given its companies (ids), in the order of the text.

    A sentence is about the deals of those that it names and that are in no other deal. One that names no such company
    goes on with what the one before is about, unless a paragraph turns to companies of no deal at all.
    """
    alone = [ids - set[str]().union(*deals[:i], *deals[i + 1 :]) for i, ids in enumerate(deals)]
    everybody = set[str]().union(*deals)
    told: list[list[Sentence]] = [[] for _ in deals]
    all_of_them = list(range(len(deals)))
    current: list[int] = []
    paragraph = None
    for sentence in counted:
        named = set(sentence.companies)
        here = [i for i in all_of_them if alone[i] & named]
        if sentence.kind == HEADLINE_KIND:
            about = here or all_of_them
        elif here:
            about = current = here
        elif paragraph != sentence.paragraph and named and not named & everybody:
            about = current = []
        else:
            about = current or [i for i in all_of_them if deals[i] & named]
        paragraph = sentence.paragraph
        for i in about:
            told[i].append(sentence)
    return [
        own or [s for s in counted if ids & set(s.companies)] for own, ids in zip(told, deals, strict=True)
    ]


def stretch_of(own: Sequence[Sentence], companies: Set[str], others: Set[str]) -> tuple[int, int] | None:
    """The characters of the longest run of sentences that are of one deal out of several and name two of its companies.

    `others` are the companies (ids) of the other deals alone.
    """
    apart = [s for s in own if s.kind != HEADLINE_KIND and not others & set(s.companies)]
    runs = [
        [sentence for _, sentence in run]
        for _, run in groupby(enumerate(apart), key=lambda one: one[1].number - one[0])
    ]
    telling = [run for run in runs if len({i for s in run for i in s.companies} & companies) > 1]
    if not telling:
        return None
    longest = max(telling, key=len)
    return longest[0].span.start_char, longest[-1].span.end_char
