"""The parties of a deal with their roles, its units, and the sentences that name them."""

from __future__ import annotations

from collections.abc import Sequence

from extract.company import Company
from extract.draft_deal import DraftDeal, news_sentence
from extract.encoder import EncoderReading
from extract.model import Claim, DealArea, Party
from extract.party_roles import read_party_roles
from extract.quotes import Quoter, claim
from extract.sentences import HEADLINE_KIND, Sentence


def read_parties(
    draft: DraftDeal,
    deal_type: str,
    areas: Sequence[DealArea],
    quoter: Quoter,
    encoding: EncoderReading | None,
) -> tuple[list[Party], list[Claim]]:
    """Parties with roles, and their claims, in order of appearance."""
    parties, claims = [], []
    names = [a.area for a in areas]
    roles_of = read_party_roles(draft.parties, deal_type, names, draft.sentences, encoding)
    for company in draft.parties:
        roles, role_score = roles_of[company.id]
        score = round(draft.scores.get(company.id, 0.5), 3)
        parties.append(Party(company=company.id, name=company.name, roles=roles, confidence=score))
        sentence = _sentence_of(company, draft)
        # "It extends their deal of March": the parties are the news's own, which the sentence does not name again.
        quote = quoter.sentence(sentence or news_sentence(draft))
        rule = f"model:party {score:.2f}" if sentence else "default:parties_of_the_news"
        claims.append(claim("party", None, company.id, quote, rule, score))
        claims.extend(
            claim("role", company.id, role, quote, "model:party_role", role_score) for role in roles
        )
    for unit in draft.units:
        sentence = _sentence_of(unit, draft)
        if sentence is not None:
            claims.append(claim("unit", None, unit.id, quoter.sentence(sentence), "rule:unit_of_party", 0.9))
    return parties, claims


def _sentence_of(company: Company, draft: DraftDeal) -> Sentence | None:
    own = [s for s in draft.sentences if company.id in s.companies]
    if not own:
        return None
    return min(
        own, key=lambda s: (-(2 * bool(s.triggers) + (s.kind != HEADLINE_KIND) - 2 * s.is_recall), s.number)
    )
