"""Recipes under docs/ run, or are valid to the tool that reads them."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from shlex import quote

import pytest
import yaml

RECIPES = Path(__file__).parent.parent / "docs" / "recipes"


@pytest.fixture
def bin_folder(tmp_path) -> Path:
    """A folder for PATH with `mlinfra`, and a `scontrol` that tells what it was told."""
    folder = tmp_path / "bin"
    folder.mkdir()
    checkout = RECIPES.parent.parent
    scripts = {
        "mlinfra": f'cd {quote(str(checkout))} && exec {quote(sys.executable)} -m advisor "$@"',
        "scontrol": f'echo "$@" >> {quote(str(tmp_path / "told"))}',
    }
    for name, line in scripts.items():
        (folder / name).write_text(f"#!/bin/sh\n{line}\n")
        (folder / name).chmod(0o755)
    return folder


def run(command: list[str], folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command,
        env={"PATH": f"{folder}:{os.environ['PATH']}", "HOME": str(folder), **environment},
        capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip


RULE = "id: r\ntitle: T\nfor: machine\nwhen: {}\neffect: require\nseverity: error\n"


@pytest.mark.parametrize(
    ("when", "code", "out"),
    [
        ("memory.total >= 1 MiB", 0, "ran\n"),
        ("memory.total >= 1 PiB", 1, ""),
        ("memory.total >= gone", 2, ""),
    ],
)
def test_the_shell_gate_runs_its_command_only_where_all_passed(
    bin_folder, tmp_path, when, code, out
):
    (tmp_path / "r.yaml").write_text(RULE.format(when))
    command = ["sh", str(RECIPES / "gate.sh"), str(tmp_path / "r.yaml"), "echo", "ran"]
    done = run(command, bin_folder, MLINFRA_WAIT="1s")
    assert (done.returncode, done.stdout) == (code, out)


@pytest.mark.parametrize(
    ("when", "code", "told"),
    [
        ("memory.total >= 1 MiB", 0, ""),
        ("memory.total >= 1 PiB", 1, "nodename=n7 state=drain reason=MLINFRA CRITICAL - r: "),
        ("memory.total >= gone", 0, ""),
    ],
)
def test_the_prolog_drains_a_node_that_fails(bin_folder, tmp_path, when, code, told):
    (tmp_path / "r.yaml").write_text(RULE.format(when))
    done = run(
        ["sh", str(RECIPES / "slurm-prolog.sh")], bin_folder,
        MLINFRA_POLICY=str(tmp_path / "r.yaml"), SLURMD_NODENAME="n7",
    )  # fmt: skip
    assert done.returncode == code
    said = (tmp_path / "told").read_text() if (tmp_path / "told").exists() else ""
    assert (told in said) if told else (said == "")


ANSIBLE = shutil.which("ansible-playbook") or shutil.which(
    "ansible-playbook", path=os.environ.get("MLINFRA_ANSIBLE", str(Path(sys.executable).parent))
)


@pytest.mark.skipif(not ANSIBLE, reason="needs ansible-core, in the environment or on the path")
@pytest.mark.parametrize(("policy", "code"), [("ci-runner", 0), ("none", 2)])
def test_the_role_leaves_facts_and_judges(bin_folder, tmp_path, policy, code):
    play = [{
        "hosts": "localhost", "connection": "local", "gather_facts": False,
        "roles": [{"role": str(RECIPES / "ansible"), "mlinfra_policy": policy,
                   "mlinfra_facts_folder": str(tmp_path / "facts.d")}],
    }]  # fmt: skip
    (tmp_path / "play.json").write_text(json.dumps(play))
    assert ANSIBLE
    done = run([ANSIBLE, str(tmp_path / "play.json")], bin_folder, LC_ALL="C.UTF-8",
               ANSIBLE_HOME=str(tmp_path))  # fmt: skip
    assert done.returncode == code, done.stdout
    assert json.loads((tmp_path / "facts.d" / "mlinfra.fact").read_text())["memory"]["total"] > 0


@pytest.mark.parametrize(
    ("tool", "arguments"),
    [
        ("shellcheck", ["gate.sh", "slurm-prolog.sh"]),
        ("cloud-init", ["schema", "--config-file", "cloud-init.yaml"]),
        ("systemd-analyze", ["verify", "./mlinfra-check.service"]),
        (
            "check-jsonschema",
            ["--builtin-schema", "vendor.github-workflows", "github-actions.yaml"],
        ),
        ("kubernetes-validate", ["--strict", "kubernetes-init.yaml", "kubernetes-daemonset.yaml"]),
    ],
)
def test_the_tool_that_reads_it_finds_nothing_wrong(tool, arguments):
    path = shutil.which(tool) or shutil.which(tool, path=str(Path(sys.executable).parent))
    if not path:
        pytest.skip(f"needs {tool}")
    done = subprocess.run(
        [path, *arguments], cwd=RECIPES, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def commands(node: object) -> list[list[str]]:
    """Every argument list anywhere in a file that begins with our command."""
    if isinstance(node, dict):
        return [found for value in node.values() for found in commands(value)]
    if isinstance(node, list) and node and str(node[0]).endswith("mlinfra"):
        return [[str(word) for word in node[1:]]]
    return [found for each in node for found in commands(each)] if isinstance(node, list) else []


def test_the_flags_that_recipes_use_exist():
    from typer.main import get_command

    from advisor.cli.app import application

    group = get_command(application())
    used = [
        c for path in RECIPES.rglob("*.yaml") for c in commands(yaml.safe_load(path.read_text()))
    ]
    assert used
    for name, *words in used:
        known = {flag for p in group.commands[name].params for flag in p.opts}
        assert {word for word in words if word.startswith("--")} <= known
