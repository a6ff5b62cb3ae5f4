"""Titles of deals: `Alibaba – El Corte Inglés: letter of intent, digital payments and 9 more areas`."""

from __future__ import annotations

from collections.abc import Sequence

from db.merging.vocabulary import Vocabulary

NOT_TELLING = frozenset({"agreement_unspecified", "none_reported"})
"""Instruments that say nothing of a document; the title then has the type."""


def title(
    parties: Sequence[str], instrument: str, type: str, areas: Sequence[str], vocabulary: Vocabulary
) -> str:
    """A title of the names of the parties in their order, and of ids of instrument, type and areas (firmest
    first)."""
    who = " – ".join(parties[:3]) + (f" +{len(parties) - 3}" if len(parties) > 3 else "")
    if instrument in NOT_TELLING:
        what = vocabulary.names["deal_types"][type]
    else:
        what = vocabulary.names["instruments"][instrument]
    words = [in_sentence(what)]
    if areas:
        first = in_sentence(vocabulary.names["areas"][areas[0]])
        rest = len(areas) - 1
        words.append(first if not rest else f"{first} and {rest} more area{'s' if rest > 1 else ''}")
    return f"{who}: {', '.join(words)}"


def in_sentence(name: str) -> str:
    """A name as it stands inside a sentence: small first letter, unless its first word is an abbreviation."""
    first = name.split(" ")[0].rstrip(",")
    return name if first[1:] != first[1:].lower() else name[:1].lower() + name[1:]
