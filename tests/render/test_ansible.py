"""Ansible reads facts from a file or an executable in facts.d."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given

from advisor.render import Style
from advisor.render.ansible import render
from tests.small_facts import FEW, hostile_facts

ANSIBLE = shutil.which("ansible") or shutil.which(
    "ansible", path=os.environ.get("MLINFRA_ANSIBLE", str(Path(sys.executable).parent))
)


def test_facts_are_nested_once_and_devices_listed():
    assert json.loads(render(FEW, Style())) == {
        "cpu": {
            "cores": 4, "model": "Intel's Xeon @ 2.6 GHz", "isa_avx2": True, "governor": None,
        },
        "software": {"torch": None},
        "gpus": [
            {"id": "gpu:0", "memory": 10_000_000_000, "utilization": 0.25},
            {"id": "gpu:1", "memory": None},
        ],
        "unknown": {
            "cpu.governor": "no cpufreq\ndirectory",
            "gpu:1 gpu.memory": "no cpufreq\ndirectory",
        },
    }  # fmt: skip


@given(told=hostile_facts())
def test_whatever_the_texts_hold(told):
    assert "unknown" in json.loads(render(told, Style()))


@pytest.mark.skipif(not ANSIBLE, reason="needs ansible-core, in the environment or on the path")
@pytest.mark.parametrize("executable", [False, True])
def test_ansible_reads_them(tmp_path, executable):
    text = render(FEW, Style())
    path = tmp_path / "mlinfra.fact"
    path.write_text(f"#!/bin/sh\ncat <<'END'\n{text}\nEND\n" if executable else text)
    path.chmod(0o755 if executable else 0o644)
    done = subprocess.run(
        [ANSIBLE, "localhost", "-c", "local", "-m", "ansible.builtin.setup",
         "-a", f"fact_path={tmp_path} filter=ansible_local gather_subset=!all,!min,local"],
        env={**os.environ, "ANSIBLE_HOME": str(tmp_path), "ANSIBLE_NOCOLOR": "1",
             "ANSIBLE_PYTHON_INTERPRETER": sys.executable, "LC_ALL": "C.UTF-8"},
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    told = json.loads(done.stdout.partition("=>")[2])["ansible_facts"]["ansible_local"]
    assert told["mlinfra"] == json.loads(text)
