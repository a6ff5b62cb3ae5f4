"""Component: reads the text with the trained encoder."""

from __future__ import annotations

from pathlib import Path

from spacy.language import Language
from spacy.tokens import Doc

from extract.encoder import Encoder, load_encoder
from extract.extensions import register

register()


@Language.factory("tieup_encoder", default_config={"folder": None})
def make_encoder(nlp: Language, name: str, folder: str | None) -> EncoderComponent:
    """Build the component; `folder` holds another encoder than the shipped one (for cross-validation)."""
    return EncoderComponent(Encoder(Path(folder)) if folder else load_encoder())


class EncoderComponent:
    """Sets `doc._.encoding`."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder

    def __call__(self, doc: Doc) -> Doc:
        body_start = doc._.body_start
        doc._.encoding = self._encoder.read(doc.text, body_start, max(0, body_start - 2))
        return doc
