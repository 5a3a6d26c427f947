"""`mlinfra parts` lists, shows and compares."""

import json

import pytest

from advisor.cli import guard


def test_compare(capsys):
    assert guard.run(["parts", "compare", "NVIDIA L4", "NVIDIA A10"]) == 0
    assert "600 GB/s" in capsys.readouterr().out


def test_show_with_sources(capsys):
    assert guard.run(["parts", "show", "NVIDIA L4", "--sources"]) == 0
    assert "nvidia-ada-gpu-architecture" in capsys.readouterr().out.replace("\n", "").replace(
        " ", ""
    )


def test_list_as_json(capsys):
    assert guard.run(["parts", "list", "L4", "--kind", "gpu", "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["schema"] == "mlinfra/parts/1"


@pytest.mark.parametrize(
    "arguments", [["parts", "compare", "NVIDIA L4"], ["parts", "show", "NVIDIA L5"]]
)
def test_wrong_usage(arguments, capsys):
    assert guard.run(arguments) == 2
    assert capsys.readouterr().err
