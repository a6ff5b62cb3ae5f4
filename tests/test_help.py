"""`tieup --help` is the manual."""

from __future__ import annotations

import re
import shlex

import click
import pytest
from click.testing import CliRunner

from tieup import cli

COMMANDS = sorted(cli.commands)


def help_of(*args: str) -> str:
    done = CliRunner().invoke(cli, [*args, "--help"])
    assert done.exit_code == 0
    return done.output


def test_help_lists_each_command() -> None:
    listed = re.findall(r"^  (\w+)  +\S", help_of().partition("Commands:")[2], re.MULTILINE)
    assert sorted(listed) == COMMANDS
    assert {"run", "crawl", "extract", "load", "add", "parse", "serve", "eval", "sources", "digest"} < {
        *listed
    }


@pytest.mark.parametrize("name", COMMANDS)
def test_each_example_is_a_command_that_there_is(name: str) -> None:
    examples = re.findall(rf"^ +(.*\btieup {name}\b.*)$", help_of(name), re.MULTILINE)
    examples = [line for line in examples if not line.startswith("Usage")]
    assert examples
    command = cli.commands[name]
    for line in examples:
        args = shlex.split(line.partition(f"tieup {name}")[2])
        with command.make_context(name, args, resilient_parsing=True) as context:
            known = {option for parameter in command.params for option in parameter.opts}
            assert {arg for arg in args if arg.startswith("--")} <= known, line
            assert isinstance(context, click.Context)


def test_every_option_is_explained() -> None:
    options = [
        parameter
        for command in cli.commands.values()
        for parameter in command.params
        if isinstance(parameter, click.Option)
    ]
    assert [option.name for option in options if not option.help] == []
