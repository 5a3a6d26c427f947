"""Every command is there, helps with an example, and the version costs nothing."""

import subprocess
import sys

import pytest
from click import Context
from typer.main import get_command

from advisor import __version__
from advisor.cli import guard
from advisor.cli.app import application

COMMANDS = sorted(get_command(application()).commands)  # type: ignore[attr-defined]  # a group


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_helps_with_an_example(command, capsys):
    assert guard.run([command, "--help"]) == 0
    assert f"mlinfra {command}" in capsys.readouterr().out.split("Examples:")[1]


@pytest.mark.parametrize("arguments", [["--version"], ["--debug", "--version"]])
def test_version(arguments, capsys):
    assert guard.run(arguments) == 0
    assert capsys.readouterr().out == f"mlinfra {__version__}\n"


def test_the_version_imports_neither_typer_nor_rooms():
    code = (
        "import sys; sys.argv = ['mlinfra', '--version']; from advisor.cli import main; main();"
        "print(sorted({'typer', 'rich', 'yaml', 'msgspec', 'torch'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=30, check=True
    )
    assert done.stdout == f"mlinfra {__version__}\n[]\n"


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_is_read_alone_as_among_all(command):
    alone, among = (get_command(application(name)).commands for name in (command, ""))
    assert command in alone
    assert len(alone) <= 2 < len(among)
    assert alone[command].to_info_dict(Context(alone[command])) == among[command].to_info_dict(
        Context(among[command])
    )


def test_arguments_have_help(capsys):
    assert guard.run(["diff", "--help"]) == 0
    assert "A saved profile, or a capture." in capsys.readouterr().out


def test_every_command_has_a_line_that_fits(capsys):
    assert guard.run(["--help"]) == 0
    listed = capsys.readouterr().out.split("Commands:")[1].split("Exit codes:")[0]
    assert [line for line in listed.splitlines() if line.endswith("...")] == []


@pytest.mark.parametrize(
    ("command", "formats"),
    [
        (["probe"], "table, json, markdown."),
        (["check"], "table, json, markdown, junit, tap, sarif, nagios, prometheus, github."),
        (["rules", "test"], "table, json, markdown, junit."),
        (["facts"], "table, json, markdown, ansible, nfd, env."),
    ],
)
def test_help_names_the_formats_that_a_command_can_print(command, formats, capsys):
    assert guard.run([*command, "--help"]) == 0
    assert f"What stdout carries: {formats}" in " ".join(capsys.readouterr().out.split())
