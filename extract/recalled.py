"""Which two companies a sentence tells an older agreement of: a model over pairs (weights.json, `recalled`).

An older agreement is mostly told in one sentence, often by half ("In 2019 it signed a similar deal with Lumo"). So a
pair is two companies of the sentence, or one of them and a company that the text is about, which a pronoun may mean.
Where no words of a sentence suggest it ("Your first courier was Lumo"), the encoder alone may see such a pair.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from extract.company import Company
from extract.encoder import EncoderReading
from extract.indicators import load_patterns
from extract.parties import LIMIT, STRONG, pair_odds, spans_of
from extract.sentences import HEADLINE_KIND, Sentence
from extract.weights import load_weights, logit, mixed, probability

# At most so many words stand between two names for those words to count.
_NEAR = 12
# The encoder's log-odds from which on two companies are looked at that no sentence's words suggest.
_LEAST_ODDS = -1.5


@dataclass(frozen=True, slots=True)
class Telling:
    """What all pairs of one sentence share: the kinds of words it has, its verbs, and which tokens are names."""

    words: Mapping[str, bool]
    verbs: tuple[str, ...]
    named: frozenset[int]


@dataclass(frozen=True, slots=True)
class Pair:
    """Two companies between which a sentence may tell of an older agreement; `second` may be meant, not named."""

    sentence: Sentence
    first: Company
    second: Company
    is_named: bool  # both stand in the sentence
    telling: Telling
    is_worded: bool = True  # the sentence has words in which older agreements are told

    @property
    def ids(self) -> frozenset[str]:
        """The ids of the two."""
        return frozenset((self.first.id, self.second.id))


def candidate_pairs(
    sentences: Sequence[Sentence], companies: Sequence[Company], main: Sequence[str]
) -> Iterator[Pair]:
    """Every pair that a sentence of the body may tell an older agreement of; `main` are the parties of the news."""
    by_id = {c.id: c for c in companies}
    topics = _topics(sentences, by_id, main)
    previous: list[str] = []
    for sentence in sentences:
        if not sentence.counts or sentence.kind == HEADLINE_KIND:
            continue
        named = [i for i in sentence.companies if i in by_id]
        if named and _may_tell(sentence):
            telling = _telling(sentence)
            for a, b in combinations(named, 2):
                yield Pair(sentence, by_id[a], by_id[b], True, telling)
            if 1 <= len(named) <= 3 and _finds("topic", sentence.text):
                meant = [i for i in dict.fromkeys((*topics, *previous[:1])) if i not in named]
                for a in named:
                    for b in meant:
                        yield Pair(sentence, by_id[a], by_id[b], False, telling)
        previous = named or previous


def unworded_pairs(
    sentences: Sequence[Sentence],
    companies: Sequence[Company],
    worded: Sequence[Pair],
    encoding: EncoderReading | None,
) -> Iterator[Pair]:
    """Pairs besides the `worded` that the encoder may take for parties of an older deal, where it likeliest is told."""
    if encoding is None:
        return
    known = {pair.ids for pair in worded}
    body = [s for s in sentences if s.counts and s.kind != HEADLINE_KIND and s.companies]
    naming = {c.id: [s for s in body if c.id in s.companies] for c in companies}
    first = {c.id: next((i for i, s in enumerate(body) if c.id in s.companies), 0) for c in companies}
    for a, b in combinations(companies, 2):
        ids = frozenset((a.id, b.id))
        if ids in known or pair_odds(a, b, encoding).get("recalled", -LIMIT) < _LEAST_ODDS:
            continue
        together = [s for s in naming[a.id] if b.id in s.companies]
        # Whom the text names less, or later, is what is new in the sentence; the other may be meant.
        rarer, other = sorted((a, b), key=lambda c: (len(naming[c.id]), -first[c.id]))
        options = together or naming[rarer.id]
        if options:
            odds = {id(s): _odds_here(rarer, other, s, encoding).get("recalled", -LIMIT) for s in options}
            best = max(options, key=lambda s: odds[id(s)])
            yield Pair(best, rarer, other, bool(together), _telling(best), is_worded=False)


def _may_tell(sentence: Sentence) -> bool:
    return (
        sentence.is_recall
        or sentence.has(*STRONG, "use")
        or any(_finds(words, sentence.text) for words in ("older", "year", "month"))
    )


def _telling(sentence: Sentence) -> Telling:
    named = frozenset(token.i for _, span in sentence.mentions for token in span)
    verbs = {
        f"verb={t.lemma_.lower()}" for t in sentence.span if t.pos_ in ("VERB", "AUX") and t.i not in named
    }
    kinds = ("older", "year", "month", "ended", "rival")
    return Telling({kind: _finds(kind, sentence.text) for kind in kinds}, tuple(sorted(verbs)), named)


def _finds(words: str, text: str) -> bool:
    return bool(load_patterns("recalled")[words].search(text))


def _topics(sentences: Sequence[Sentence], by_id: Mapping[str, Company], main: Sequence[str]) -> list[str]:
    """What a pronoun may mean: the parties of the news, else the company that the text names most."""
    if main:
        return [i for i in main if i in by_id][:4]
    counts = Counter(c.id for s in sentences if s.counts for c, _ in s.mentions if c.id in by_id)
    return [i for i, _ in counts.most_common(1)]


def pair_features(pair: Pair, main: Sequence[frozenset[str]]) -> dict[str, float]:
    """What the model reads of a pair; `main` are the party sets of the article's own deals."""
    sentence = pair.sentence
    parties = frozenset[str]().union(*main)
    in_main = len(pair.ids & parties)
    is_same_deal = any(pair.ids <= ids for ids in main)
    names = [
        "bias",
        f"main={'none' if not main else in_main}",
        f"named={pair.is_named}",
        f"named={pair.is_named}&main={'none' if not main else in_main}",
        f"companies={min(len(sentence.companies), 5)}",
        f"number={min(sentence.number, 4)}",
        *{f"has={t.rule.kind}" for t in sentence.triggers},
        *{f"trigger={t.rule.id}" for t in sentence.triggers},
    ]
    flags = {
        "same_deal": is_same_deal,
        "recall": sentence.is_recall,
        "news": sentence.is_news,
        "hedged": sentence.is_hedged,
        "quote": sentence.is_quote,
        "trigger_none": not sentence.triggers,
        **pair.telling.words,
        "unit": pair.first.parent == pair.second.id or pair.second.parent == pair.first.id,
        "doubtful": min(pair.first.score, pair.second.score) < 1.0,
    }
    names += [name for name, holds in flags.items() if holds]
    names += [f"recall&main={in_main}", f"recall&named={pair.is_named}"] if sentence.is_recall else []
    names += [f"older&main={in_main}"] if flags["older"] or flags["year"] or flags["month"] else []
    names += [f"same_deal&recall={sentence.is_recall}"] if is_same_deal else []
    names += _words(pair)
    return dict.fromkeys(names, 1.0)


def _words(pair: Pair) -> list[str]:
    """The words between two names, or before the one that is named, and the verbs of the sentence."""
    spans = {c.id: s for c, s in reversed(pair.sentence.mentions)}
    verbs, named = pair.telling.verbs, pair.telling.named
    first, second = spans[pair.first.id], spans.get(pair.second.id)
    doc = first.doc
    if second is None:
        before = [doc[i] for i in range(max(pair.sentence.span.start, first.start - 3), first.start)]
        return [*verbs, *(f"before={t.lemma_.lower()}" for t in before)]
    left, right = sorted((first, second), key=lambda s: s.start)
    between = [doc[i] for i in range(left.end, right.start)]
    if len(between) > _NEAR:
        return [*verbs, "between=far"]
    words = [f"between={'ORG' if t.i in named else t.lemma_.lower()}" for t in between if not t.is_space]
    last = f"last={between[-1].lemma_.lower()}" if between else "last="
    return [*verbs, *words, last, f"gap={min(len(between) // 3, 3)}"]


def encoder_pair_features(pair: Pair, encoding: EncoderReading | None) -> dict[str, float]:
    """The encoder's opinion: how surely each of the two is a partner in some agreement, and in an older one."""
    if encoding is None:
        return {}
    here = [_roles(c, pair.sentence, encoding) for c in (pair.first, pair.second)]
    together = [roles["party"] + roles["prior_partner"] for roles in here]
    prior = [roles["prior_partner"] for roles in here]
    whole = pair_odds(pair.first, pair.second, encoding)
    local = _odds_here(pair.first, pair.second, pair.sentence, encoding)
    return {
        **{f"encoder_pair_{label}": number for label, number in whole.items()},
        **{f"encoder_here_{label}": max(-LIMIT, min(LIMIT, number)) for label, number in local.items()},
        "encoder_together": logit(min(together)),
        "encoder_prior": logit(max(prior)),
        "encoder_both_prior": logit(min(prior)),
        "encoder_party": logit(max(roles["party"] for roles in here)),
        "encoder_rival": max(roles["competitor"] for roles in here),
        "encoder_mentioned": max(roles["mentioned"] for roles in here),
    }


def _odds_here(
    one: Company, two: Company, sentence: Sentence, encoding: EncoderReading
) -> Mapping[str, float]:
    return encoding.together(*(_places(c, sentence) for c in (one, two)))


def _roles(company: Company, sentence: Sentence, encoding: EncoderReading) -> Mapping[str, float]:
    """A company's roles where the sentence names it, else all over the text."""
    return encoding.roles_of(_places(company, sentence))


def _places(company: Company, sentence: Sentence) -> list[tuple[int, int]]:
    """Where a sentence names a company, or else where the text does."""
    here = [(span.start_char, span.end_char) for other, span in sentence.mentions if other.id == company.id]
    return here or spans_of(company)


def pair_score(pair: Pair, main: Sequence[frozenset[str]], encoding: EncoderReading | None) -> float:
    """The probability that the sentence tells an older agreement of the two."""
    opinion = encoder_pair_features(pair, encoding)
    if pair.is_worded:
        return mixed("recalled", probability("recalled", pair_features(pair, main)), opinion)
    if "recalled_mix" not in load_weights():
        return 0.0
    return probability("recalled_mix", {"bias": 1.0, **unworded_features(pair, main), **opinion})


def unworded_features(pair: Pair, main: Sequence[frozenset[str]]) -> dict[str, float]:
    """What stands in place of the model's log-odds for a pair that no words suggest."""
    is_same_deal = any(pair.ids <= ids for ids in main)
    names = {"unworded": True, "unworded_named": pair.is_named, "unworded_same_deal": is_same_deal}
    return {name: 1.0 for name, holds in names.items() if holds}


def told_together(scored: Sequence[tuple[float, Pair]]) -> list[tuple[float, frozenset[str]]]:
    """The sets of companies that the likely pairs of one sentence make, each with its best score.

    A company that the sentence pairs with another that it names needs none that a pronoun may mean; others get the
    likeliest one.
    """
    ranked = sorted(scored, key=lambda one: (not one[1].is_named, -one[0]))
    groups: list[tuple[float, frozenset[str]]] = []
    for score, pair in ranked:
        here = [g for g in groups if g[1] & pair.ids]
        if here and not pair.is_named:
            continue
        together = pair.ids.union(*(ids for _, ids in here))
        groups = [g for g in groups if g not in here]
        groups.append((max(score, *(s for s, _ in here)) if here else score, together))
    return groups
