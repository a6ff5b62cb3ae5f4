"""What the encoder learns to say: label lists shared by training, export and run time, written beside the weights."""

from __future__ import annotations

from extract.parties import PAIR_LABELS as PAIR_LABELS
from extract.vocabularies import load_vocabularies

ENTITY_LABELS = ("O", "B-ORG", "I-ORG", "B-PERSON", "I-PERSON", "B-LOC", "I-LOC")
ORG_LABELS = [ENTITY_LABELS.index("B-ORG"), ENTITY_LABELS.index("I-ORG")]
PARTY = "party"
ROLE_LABELS = (
    PARTY,
    "unit_of_party",
    "prior_partner",
    "competitor",
    "comparator",
    "related_link",
    "publisher",
    "quoted_employer",
    "adviser",
    "regulator",
    "mentioned",
)
# What a party is in its deal.
PARTY_ROLE_LABELS = tuple(role.id for role in load_vocabularies().party_roles if role.is_party)
ROLE_ALIASES = {"boilerplate": "related_link", "jv_entity": "unit_of_party"}
DATE_LABELS = (
    "announced",
    "signed",
    "launch_planned",
    "launched",
    "effective",
    "expanded",
    "renewed",
    "term_end_expected",
    "expired",
    "terminated",
    "prior_deal",
    "campaign_or_event",
    "founding",
    "published",
    "other",
)
TENSE_LABELS = ("past", "future")  # of the day of publication
# Of two companies in a sentence whose part is known only so far: they make or made an agreement together, or they did not.
TOGETHER, APART = "together", "apart"
TOGETHER_LABELS = (PARTY, "prior_partner")
SHAPES = ("special", "lower", "title", "upper", "mixed", "digit", "punct")
IGNORED = -100
