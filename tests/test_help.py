"""`tieup --help` is the manual."""

from __future__ import annotations

import re
import shlex

import click
import pytest
from click.testing import CliRunner

from tieup import cli


def commands(group: click.Group, prefix: str = "") -> dict[str, click.Command]:
    """All commands by their words after `tieup`, those of groups included."""
    found: dict[str, click.Command] = {}
    for name, command in group.commands.items():
        found[prefix + name] = command
        if isinstance(command, click.Group):
            found |= commands(command, f"{prefix}{name} ")
    return found


COMMANDS = commands(cli)


def help_of(*args: str) -> str:
    done = CliRunner().invoke(cli, [*args, "--help"])
    assert done.exit_code == 0
    return done.output


def test_help_lists_each_command() -> None:
    listed = re.findall(r"^  (\w+)  +\S", help_of().partition("Commands:")[2], re.MULTILINE)
    assert sorted(listed) == sorted(cli.commands)
    assert {"run", "crawl", "extract", "load", "add", "parse", "serve", "eval", "sources", "digest"} < {
        *listed
    }


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_each_example_is_a_command_that_there_is(name: str) -> None:
    examples = re.findall(rf"^ +(.*\btieup {name}\b.*)$", help_of(*name.split()), re.MULTILINE)
    examples = [line for line in examples if not line.startswith("Usage")]
    assert examples
    command = COMMANDS[name]
    for line in examples:
        args = shlex.split(line.partition(f"tieup {name}")[2])
        with command.make_context(name, args, resilient_parsing=True) as context:
            known = {option for parameter in command.params for option in parameter.opts}
            assert {arg for arg in args if arg.startswith("--")} <= known, line
            assert isinstance(context, click.Context)


def test_every_option_is_explained() -> None:
    options = [
        parameter
        for command in COMMANDS.values()
        for parameter in command.params
        if isinstance(parameter, click.Option)
    ]
    assert [option.name for option in options if not option.help] == []
