"""Every command is there, helps with an example, and the version costs nothing."""

import subprocess
import sys

import pytest
from typer.main import get_command

from advisor import __version__
from advisor.cli import guard
from advisor.cli.app import app

COMMANDS = sorted(get_command(app).commands)  # type: ignore[attr-defined]  # a group


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


def test_arguments_have_help(capsys):
    assert guard.run(["diff", "--help"]) == 0
    assert "A saved profile, or a capture." in capsys.readouterr().out
