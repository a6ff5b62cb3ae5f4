"""What each party is in its deal, as the words of the text make it."""

from __future__ import annotations

import pytest
from conftest import Read

from extract.vocabularies import load_vocabularies

TEXTS = [
    (
        (
            "The Danish supermarket chain Brinkholt will accept the wallet of nuvaPay, a payments company, at the "
            "tills of all its stores from May. The two companies signed the agreement on Monday."
        ),
        {"Brinkholt": "retailer", "nuvaPay": "payment_provider"},
    ),
    (
        (
            "Brinkholt and Ostmarkt, two grocery chains, will buy fresh fruit and private-label goods together. The "
            "buying alliance of the two retailers starts in January."
        ),
        {"Brinkholt": "purchasing_partner", "Ostmarkt": "purchasing_partner"},
    ),
    (
        (
            "Brinkholt, the supermarket operator, and the conglomerate Saryarqa have set up a joint venture for "
            "discount shops, of which each owns half."
        ),
        {"Brinkholt": "jv_partner", "Saryarqa": "jv_partner"},
    ),
    (
        (
            "The courier company Velodrop will deliver groceries of the supermarket chain Brinkholt in an hour, the "
            "two announced on Tuesday."
        ),
        {"Brinkholt": "retailer", "Velodrop": "delivery_provider"},
    ),
    (
        (
            "The department store Harlings has given the coffee-house chain Perkatory a corner in each of its stores. "
            "Under the agreement, Perkatory opens its first counter at Harlings in June."
        ),
        {"Harlings": "host_retailer", "Perkatory": "guest_brand"},
    ),
]


@pytest.mark.parametrize(("text", "roles"), TEXTS, ids=[" and ".join(r.values()) for _, r in TEXTS])
def test_a_party_is_what_the_text_makes_it(text: str, roles: dict[str, str], read: Read) -> None:
    (deal,) = [d for d in read(text, date="2023-03-07").deals if d.main]
    assert {party.name: party.roles for party in deal.parties} == {
        name: (role,) for name, role in roles.items()
    }


def test_each_role_is_claimed_on_a_sentence_with_how_sure_it_is(read: Read) -> None:
    text, roles = TEXTS[0]
    (deal,) = [d for d in read(text, date="2023-03-07").deals if d.main]
    claims = {c.subject: c for c in deal.claims if c.field == "role"}
    assert {c.stated for c in claims.values()} == set(roles.values())
    assert all(
        c.rule == "model:party_role" and 0 < c.confidence <= 1 and c.quote in text for c in claims.values()
    )
    assert set(roles.values()) <= {r.id for r in load_vocabularies().party_roles if r.is_party}
