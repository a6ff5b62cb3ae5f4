"""Articles of a crawl as a JSON lines file that later crawls add to."""

from __future__ import annotations

import json
import uuid
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

from crawler.items import NewsArticle


class ArticleFile:
    """The file at `path`, open for adding; a context manager. Raises OSError where it cannot be written.

    `state_dir` and `state_key` are for `crawl`: the key lives as long as the file, so that a file that was
    removed is crawled afresh.
    """

    def __init__(self, path: Path) -> None:
        self.state_dir = path.with_name(path.stem + ".state")
        self.state_key = ""
        self._path = path
        self._file: BinaryIO | None = None

    def __enter__(self) -> Self:
        self._file = self._path.open("a+b")
        _cut_torn_line(self._file)
        self.state_key = self._key(is_new=self._file.tell() == 0)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None

    def add(self, article: NewsArticle) -> None:
        """Write an article; when this returns, a kill of the process no longer loses it."""
        if self._file is None:
            raise RuntimeError("the file is open only inside its with block")
        self._file.write(json.dumps(article.to_json(), ensure_ascii=False).encode() + b"\n")
        self._file.flush()

    def _key(self, *, is_new: bool) -> str:
        note = self.state_dir / "output-key"
        if not is_new and note.exists():
            return note.read_text(encoding="utf-8")
        self.state_dir.mkdir(exist_ok=True)
        key = uuid.uuid4().hex
        note.write_text(key, encoding="utf-8")
        return key


def _cut_torn_line(file: BinaryIO) -> None:
    """Remove what a killed crawl left of its last line; the article comes again, for no one remembers it."""
    size = end = file.seek(0, 2)
    while end:
        start = max(0, end - 65536)
        file.seek(start)
        newline = file.read(end - start).rfind(b"\n")
        if newline >= 0:
            end = start + newline + 1
            break
        end = start
    if end < size:
        file.truncate(end)
    file.seek(0, 2)
