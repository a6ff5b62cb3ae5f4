"""The extension attributes that Tieup's components set on a Doc, registered in one place.

`doc._.body_start`: offset at which the body begins (0 where there is no headline; else the headline ends two before).
`doc._.anchor`: publication date that relative dates are resolved against (ISO) or None.
`doc._.layout`: the body's lines with their kinds (offsets of the whole text).
`doc._.encoding`: what the encoder says of the text.
`doc._.candidates`: names that may be companies' that no gazetteer holds, each with its score (extract.company_score);
`doc._.companies`: the companies of the text; `doc._.dates`: its date expressions with roles;
`doc._.area_cues`: cues of deal areas; `doc._.deals`: the deals, ready for the contract.
"""

from __future__ import annotations

from spacy.tokens import Doc

_ATTRIBUTES: dict[str, object] = {
    "body_start": 0,
    "anchor": None,
    "layout": (),
    "encoding": None,
    "candidates": (),
    "companies": (),
    "dates": (),
    "deals": (),
    "relevance": 0.0,
}


def register() -> None:
    """Register the attributes once; calling again changes nothing."""
    for name, default in _ATTRIBUTES.items():
        if not Doc.has_extension(name):
            Doc.set_extension(name, default=default)
