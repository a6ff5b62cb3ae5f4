"""Finds known names in a tokenised text: a trie over folded tokens, longest match first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(slots=True)
class _Node(Generic[T]):
    children: dict[str, _Node[T]] = field(default_factory=dict)
    entries: tuple[T, ...] = ()


class Trie(Generic[T]):
    """Maps sequences of folded tokens to entries; several entries may share a sequence."""

    def __init__(self) -> None:
        self._root: _Node[T] = _Node()

    def add(self, tokens: Iterable[str], entry: T) -> None:
        """Add an entry under a sequence of folded tokens."""
        node = self._root
        for token in tokens:
            child = node.children.get(token)
            if child is None:
                child = node.children[token] = _Node()
            node = child
        node.entries = (*node.entries, entry)

    def find(self, tokens: Sequence[str]) -> Iterator[tuple[int, int, tuple[T, ...]]]:
        """Yield (start, end, entries) of the longest matches from left to right, without overlaps."""
        position = 0
        while position < len(tokens):
            node: _Node[T] | None = self._root
            best: tuple[int, tuple[T, ...]] | None = None
            end = position
            while node is not None and end < len(tokens):
                node = node.children.get(tokens[end])
                end += 1
                if node is not None and node.entries:
                    best = (end, node.entries)
            if best is None:
                position += 1
            else:
                yield position, best[0], best[1]
                position = best[0]
