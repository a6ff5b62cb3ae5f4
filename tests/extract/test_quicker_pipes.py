"""The components that do the work of two of the model's pipes give what the pipes give, word for word."""

from __future__ import annotations

import pytest
import spacy
from spacy.attrs import DEP, ENT_IOB, ENT_TYPE, LEMMA, MORPH, POS, TAG
from spacy.language import Language

from crawler.newsroom.articles import load_articles
from extract.pipeline import installed_model, load_pipeline

SHOWN = [TAG, POS, MORPH, LEMMA, DEP, ENT_IOB, ENT_TYPE]
TEXTS = [
    "In March 2019 the Bank of New York Mellon and J. Sainsbury plc, of London, paid Ms. Anna Lee-Smith $3.5 million.",
    "They ain't gonna sell it. Let's go, c'mon!",
    "There's no deal, there are talks: y'all gotta let 's be, and let's see; gon na there is.",
    "Apple",
    "   New  York \n\n Tesco plc\n",
    "",
    *(f"{article.headline}\n\n{article.body}" for article in load_articles()[::24]),
]


@pytest.fixture(scope="module")
def models() -> tuple[Language, Language]:
    """The model as it is installed, and its pipes as Tieup runs them."""
    quick = load_pipeline()
    own = [name for name in quick.pipe_names if name.startswith("tieup_")]
    for name in set(own) - {"tieup_tags", "tieup_entities"}:
        quick.remove_pipe(name)
    theirs = spacy.load(installed_model())
    theirs.tokenizer = quick.tokenizer
    return theirs, quick


@pytest.mark.parametrize("text", TEXTS, ids=range(len(TEXTS)))
def test_words_and_entities_are_those_of_the_model(models: tuple[Language, Language], text: str) -> None:
    theirs, quick = models
    assert quick(text).to_array(SHOWN).tolist() == theirs(text).to_array(SHOWN).tolist()


def test_a_word_is_told_from_itself_with_another_tag(models: tuple[Language, Language]) -> None:
    """What was learnt of a word in one text is not used where it stands as another part of speech."""
    _, quick = models
    quick("They will partner.")
    assert [token.pos_ for token in quick("A partner left.")][1] == "NOUN"
    assert [token.pos_ for token in quick("They will partner.")][2] == "VERB"


def test_entities_that_a_text_brings_along_are_kept(models: tuple[Language, Language]) -> None:
    theirs, quick = models
    found = []
    for nlp in (theirs, quick):
        doc = nlp.make_doc("Tesco and Alibaba agreed in Leeds.")
        doc.set_ents([doc.char_span(0, 5, label="PERSON")], default="missing")
        found.append([(e.text, e.label_) for e in nlp(doc).ents])
    assert found[0] == found[1]
    assert ("Tesco", "PERSON") in found[1]
