"""What each party is in its deal: a model over features (weights.json, `party_role`) beside the encoder's opinion."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

from spacy.tokens import Span

from extract.company import Company
from extract.encoder import EncoderReading
from extract.parties import spans_of
from extract.roles import TECH_AREAS, base_role, described_as, usual_role
from extract.sentences import Sentence
from extract.text import fold
from extract.weights import best_of, mixed_shares

# So many mentions of a company are looked at: the first tell most.
_MENTIONS = 6
_CUSTOMER = "customer"
_OF_PLATFORMS = {
    "technology_provider": TECH_AREAS,
    "platform_operator": frozenset({"ecommerce_marketplace"}),
}
_OF_VERBS = frozenset({"nsubj", "nsubjpass", "dobj", "poss"})


def read_party_roles(
    parties: Sequence[Company],
    deal_type: str,
    areas: Collection[str],
    sentences: Sequence[Sentence],
    encoding: EncoderReading | None,
) -> dict[str, tuple[tuple[str, ...], float]]:
    """By party (id) of a deal that `sentences` tell of: its roles, the main one first, and how sure that one is."""
    bases = {party.id: base_role(party, sentences) for party in parties}
    shares = {
        party.id: mixed_shares(
            "party_role",
            party_role_features(party, deal_type, areas, bases, sentences),
            party_role_opinion(party, sentences, encoding),
        )
        for party in parties
    }
    if all(best_of(own)[0] == _CUSTOMER for own in shares.values()):
        # Somebody has to provide what is bought.
        shares = {id: {r: s for r, s in own.items() if r != _CUSTOMER} for id, own in shares.items()}
    found = {}
    for party in parties:
        role, share = best_of(shares[party.id])
        roles: tuple[str, ...] = (role,)
        if role in _OF_PLATFORMS and bases[party.id] == "platform_operator":
            # Who runs a marketplace and sells technology too is both where the deal is about both.
            roles = tuple(r for r, own in _OF_PLATFORMS.items() if own & set(areas)) or roles
        found[party.id] = roles, share
    return found


def party_role_opinion(
    company: Company, sentences: Sequence[Sentence], encoding: EncoderReading | None
) -> Mapping[str, float]:
    """What the encoder takes a party for where these sentences name it, else wherever it is named.

    Empty for a company whose trade the gazetteer knows: the encoder reads the text alone, which may not tell it.
    """
    if encoding is None or (company.is_known and company.sector):
        return {}
    own = [(m.start_char, m.end_char) for s in sentences for c, m in s.mentions if c.id == company.id]
    return encoding.party_roles_of(own or spans_of(company))


def party_role_features(
    company: Company,
    deal_type: str,
    areas: Collection[str],
    bases: Mapping[str, str],
    sentences: Sequence[Sentence],
) -> dict[str, float]:
    """What tells the role of a party: its trade, the deal's type and areas, and the words around its name.

    `bases` are the base_role of all parties by id, in order of first mention.
    """
    place, base = list(bases).index(company.id), bases[company.id]
    others = {other for id, other in bases.items() if id != company.id}
    names = {
        "bias",
        f"type={deal_type}",
        f"base={base}",
        f"type={deal_type}&base={base}",
        f"usual={usual_role(base, deal_type, areas, place)}",
        f"sector={company.sector}",
        f"kind={company.kind}",
        f"place={min(place, 2)}",
        f"type={deal_type}&place={min(place, 2)}",
        f"parties={min(len(bases), 4)}",
        *(f"other={other}" for other in others),
        *(f"base={base}&other={other}" for other in others),
        *(f"area={area}" for area in areas),
        *(f"area={area}&base={base}" for area in areas),
        *(f"near={word}" for word in described_as(company, sentences).split() if word.isalpha()),
        *(f"name={fold(word)}" for word in company.name.split() if len(word) > 2),
    }
    own = [(s, m) for s in sentences for c, m in s.mentions if c.id == company.id]
    for sentence, mention in own[:_MENTIONS]:
        names.update(_around(mention, bool(sentence.triggers)))
    return dict.fromkeys(sorted(names), 1.0)


def _around(mention: Span, is_told: bool) -> Iterator[str]:
    """How the sentence speaks of a company; `is_told` where it has words of an agreement."""
    doc, root = mention.doc, mention.root
    at = "told" if is_told else "else"
    before = doc[mention.start - 1].lower_ if mention.start > mention.sent.start else ""
    after = doc[mention.end].lower_ if mention.end < mention.sent.end else ""
    yield f"before={before}"
    yield f"after={after}"
    yield f"{root.dep_}@{at}"
    head = root.head
    if root.dep_ in _OF_VERBS:
        yield f"{root.dep_}:{head.lemma_.lower()}"
    elif root.dep_ == "pobj":
        yield f"{head.lower_}@{at}"
        yield f"{head.lower_}:{head.head.lemma_.lower()}"
