"""What a person can mend before an evaluation."""

from __future__ import annotations


class EvaluationError(ValueError):
    """Floors, sentences or a spaCy pipeline that cannot be used; the message is one line that says which and why."""
