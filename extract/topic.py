"""Whether a text may be about business in retail at all, told by its words alone: a model over them.

What is not (sports, politics, science) need not be read: the question costs a thousandth of reading. The model
(topic_words.json) was fitted to miss next to nothing (extract.training.topic): much of what it lets pass is no retail
news either.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from spacy.lang.en.stop_words import STOP_WORDS

from extract.weights import total

TOPIC_WORDS = Path(__file__).parent / "topic_words.json"
# Of fewer different words nothing is concluded: a short text costs little to read.
LEAST_WORDS = 60
# The beginning tells what a text is about.
_CHARACTERS = 6000
_WORD = re.compile(r"[a-z][a-z'’-]{2,}")


def is_off_topic(text: str) -> bool:
    """Whether a text is so surely about something else than business in retail that it need not be read."""
    features = topic_features(text)
    if len(features) <= LEAST_WORDS:
        return False
    model = _model()
    return bool(total(model["words"], features) < model["threshold"])


def topic_features(text: str) -> dict[str, float]:
    """The words of a text that tell of its subject, each once, as a vector of length 1; and a constant, `bias`."""
    words = {word.removesuffix("'s").removesuffix("’s") for word in _WORD.findall(text[:_CHARACTERS].lower())}
    found = sorted(w for w in words if w not in STOP_WORDS and "'" not in w and "’" not in w)
    return {"bias": 1.0, **dict.fromkeys(found, 1 / math.sqrt(max(1, len(found))))}


@cache
def _model() -> Mapping[str, Any]:
    model: Mapping[str, Any] = json.loads(TOPIC_WORDS.read_text(encoding="utf-8"))
    return model
