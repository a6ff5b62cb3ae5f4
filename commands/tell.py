"""What commands print."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Mapping
from typing import Any

import click

from crawler.items import Problem


def tell(problems: Iterable[Problem]) -> None:
    for problem in problems:
        place = problem.url or problem.source
        click.echo(f"{problem.level}: {f'{place}: ' if place else ''}{problem.message}", err=True)


def counted(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def print_line(record: Mapping[str, Any]) -> None:
    sys.stdout.buffer.write(json.dumps(record, ensure_ascii=False).encode("utf-8", "replace") + b"\n")
    sys.stdout.buffer.flush()
