"""What single sentences say of a deal: how binding it is, how firm an area, and who was in an older one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import cast

import pytest
import spacy

from extract.commitment import stated_commitment
from extract.company import Company
from extract.encoder import EncoderReading
from extract.instruments import about_parties, instrument_words, named_instrument, possible_instruments
from extract.recalled import Pair, Telling, told_together, unworded_pairs
from extract.sentences import HEADLINE_KIND, Sentence

NLP = spacy.blank("en")


def company(id: str) -> Company:
    return Company(id, id.title(), "company", None, None, None, True, 1.0)


def sentence(text: str, *companies: str, kind: str = "body") -> Sentence:
    span = NLP(text)[:]
    return Sentence(span, text, kind, 0, 0, mentions=[(company(id), span[:1]) for id in companies])


@pytest.mark.parametrize(
    ("text", "instrument", "words"),
    [
        ("Brinkholt and Lumo signed a letter of intent.", "letter_of_intent", "letter of intent"),
        ("A memorandum of understanding was signed.", "mou", "memorandum of understanding"),
        ("They agreed heads of terms on Monday.", "term_sheet", "heads of terms"),
        ("Both put their names to a framework agreement.", "framework_agreement", "framework agreement"),
        ("It is a binding agreement.", "definitive_agreement", "binding agreement"),
    ],
)
def test_an_instrument_is_what_the_text_calls_it(text: str, instrument: str, words: str) -> None:
    found = named_instrument([sentence("The two are old friends."), sentence(text)])
    assert found is not None
    name, start, end = found
    assert (name, text[start:end]) == (instrument, words)


def test_an_instrument_that_no_sentence_names_is_none() -> None:
    assert named_instrument([sentence("Brinkholt will sell Lumo's lamps.")]) is None
    assert instrument_words("mou", [sentence("Talks with Lumo go on.")]) is None


def test_no_model_speaks_of_what_the_text_does_not_name() -> None:
    shares = {"letter_of_intent": 0.5, "definitive_agreement": 0.3, "agreement_unspecified": 0.2}
    assert set(possible_instruments(shares, [sentence("The two join forces.")])) == {"agreement_unspecified"}
    assert set(possible_instruments(shares, [sentence("A binding contract runs for three years.")])) == {
        "agreement_unspecified",
        "definitive_agreement",
    }


def test_another_pair_s_contract_says_nothing_of_this_deal() -> None:
    theirs = sentence("Kubik signed a binding agreement.", "kubik")
    ours, nobody = sentence("Lumo is glad.", "lumo", "kubik"), sentence("It is a framework agreement.")
    assert about_parties([theirs, ours, nobody], {"brinkholt", "lumo"}) == [ours, nobody]


@pytest.mark.parametrize(
    ("clause", "kind", "commitment"),
    [
        ("they will jointly explore drones", "body", "exploring"),
        ("the grocer will be able to use its lockers", "body", "option"),
        ("the grocer opens lockers", "body", None),
        ("Brinkholt opens lockers with Lumo", HEADLINE_KIND, "committed"),
        ("Brinkholt considers lockers with Lumo", HEADLINE_KIND, None),
    ],
)
def test_what_a_clause_states_of_an_area(clause: str, kind: str, commitment: str | None) -> None:
    assert stated_commitment(clause, sentence(clause, kind=kind)) == commitment


def pair(first: str, second: str, *, is_named: bool = True) -> Pair:
    told = Telling({}, (), frozenset())
    return Pair(sentence("In 2019 they did the same."), company(first), company(second), is_named, told)


def test_pairs_that_share_a_company_are_one_older_agreement() -> None:
    ((score, together),) = told_together([(0.6, pair("brinkholt", "lumo")), (0.8, pair("lumo", "kubik"))])
    assert (score, together) == (0.8, {"brinkholt", "kubik", "lumo"})


def test_pairs_that_share_none_are_two_older_agreements() -> None:
    groups = told_together([(0.6, pair("brinkholt", "lumo")), (0.7, pair("kubik", "sonaris"))])
    assert [set(ids) for _, ids in groups] == [{"kubik", "sonaris"}, {"brinkholt", "lumo"}]


def test_a_pronoun_means_nobody_where_the_partner_is_named() -> None:
    named, meant = pair("lumo", "kubik"), pair("kubik", "brinkholt", is_named=False)
    assert told_together([(0.9, meant), (0.6, named)]) == [(0.6, frozenset({"kubik", "lumo"}))]


def test_a_pronoun_means_the_likeliest_company() -> None:
    meant = [(0.6, pair("kubik", "lumo", is_named=False)), (0.9, pair("kubik", "brinkholt", is_named=False))]
    assert told_together(meant) == [(0.9, frozenset({"brinkholt", "kubik"}))]


class Opinion:
    """An encoder that says the same of each two companies."""

    def __init__(self, recalled: float) -> None:
        self._recalled = recalled

    def together(self, one: Sequence[object], two: Sequence[object]) -> Mapping[str, float]:
        return {"main": -3.0, "recalled": self._recalled}


@pytest.mark.parametrize(("recalled", "is_seen"), [(2.0, True), (-4.0, False)])
def test_an_older_deal_that_no_word_tells_is_one_where_the_encoder_sees_it(
    recalled: float, is_seen: bool
) -> None:
    news = sentence("Brinkholt and Lumo signed.", "brinkholt", "lumo")
    aside = sentence("Cheese comes by Kubik.", "kubik")
    companies = [company(id) for id in ("brinkholt", "lumo", "kubik")]
    worded = [pair("brinkholt", "lumo")]
    found = list(unworded_pairs([news, aside], companies, worded, cast("EncoderReading", Opinion(recalled))))
    assert [p.ids for p in found] == ([{"brinkholt", "kubik"}, {"lumo", "kubik"}] if is_seen else [])
    assert all(p.sentence is aside and not p.is_worded for p in found)
