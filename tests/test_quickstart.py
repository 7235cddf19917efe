"""The commands that people are told to run, held to the programs that they name."""

from __future__ import annotations

import re
import shlex
from importlib.metadata import entry_points
from pathlib import Path

import click
import pytest

from hivemind_chatroom.cli import main
from hivemind_chatroom.hub.reasons import Reason, command_for

ROOT = Path(__file__).resolve().parent.parent
OURS = "hivemind-flask-chatroom"
COMMAND = re.compile(rf"(?:hivemind-core|hivemind-client|{OURS}) .+")
CONTINUED = re.compile(r"\\\n\s*")
QUOTED = re.compile(r"`([^`\n]+)`")
PLACEHOLDER = re.compile(r"<[\w-]+>")


def commands_in(document: str) -> set[str]:
    text = CONTINUED.sub("", (ROOT / document).read_text("utf-8"))
    lines = {line.strip() for line in text.splitlines()} | set(QUOTED.findall(text))
    return {line for line in lines if COMMAND.fullmatch(line)}


def commands_of_the_page() -> set[str]:
    return {command_for(reason, "recognizer_loop:utterance", "") for reason in Reason} - {""}


def words_of(command: str) -> list[str]:
    return shlex.split(PLACEHOLDER.sub("1", command))


@pytest.mark.parametrize(
    "command",
    sorted(commands_in("README.md") | commands_in("docs/quickstart.md") | commands_of_the_page()),
)
def test_a_command_is_one_that_its_program_takes(
    command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    program, *arguments = words_of(command)
    if program == OURS:
        with pytest.raises(SystemExit):
            main(["--help"])
        assert {word for word in arguments if word[:2] == "--"} <= set(
            re.findall(r"--[\w-]+", capsys.readouterr().out)
        )
        return
    (entry,) = entry_points(group="console_scripts", name=program)
    group = entry.load()
    assert isinstance(group, click.Group)
    context = group.make_context(program, arguments)
    name, subcommand, rest = group.resolve_command(context, arguments)
    assert subcommand is not None
    subcommand.make_context(name, rest, parent=context)


@pytest.mark.parametrize("document", ["README.md", "docs/quickstart.md"])
def test_the_commands_of_both_computers_are_found(document: str) -> None:
    programs = {command.split()[0] for command in commands_in(document)}
    assert programs == {"hivemind-core", "hivemind-client", OURS}
