"""`mlinfra check` answers by its exit code."""

import json
import os
import shlex
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from advisor.cli import guard
from advisor.machine import Memory
from tests.fakes import BROKEN, GIB, PROFILE, machine, profile

SMALL = profile(machine=machine(memory=Memory(total_bytes=4 * GIB, available_bytes=2 * GIB)))
LOST = profile(machine=machine(devices=(BROKEN,)))


@pytest.mark.parametrize(("looked_at", "code"), [(PROFILE, 0), (SMALL, 1), (LOST, 1)])
def test_exit_codes(tmp_path, capsys, looked_at, code):
    path = tmp_path / "p.json"
    path.write_bytes(msgspec.json.encode(looked_at))
    assert guard.run(["check", "workstation", "--profile", str(path), "--format", "json"]) == code
    told = json.loads(capsys.readouterr().out)
    assert (told["schema"], told["exit"]) == ("mlinfra/check/1", code)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["check", "nonsense"], "nonsense"),
        (["check", "workstaton"], "workstation"),
        (["check", "workstation", "--fail-on", "never"], "no such severity"),
        (["check", "workstation", "--treat-unknown-as", "maybe"], "no such answer"),
        (["check", "workstation", "--format", "yaml"], "there is no such format"),
        (["check", "workstation", "--output", "junit"], "it is not of the form FORMAT=PATH"),
        (["check", "workstation", "--profile", "p.json", "--wait", "1s"], "does not change"),
        (["check"], "Missing argument"),
    ],
)
def test_wrong_usage(capsys, arguments, said):
    assert guard.run(arguments) == 2
    assert said in capsys.readouterr().err


@pytest.mark.parametrize(
    ("demand", "code"),
    [
        ("memory.total >= 4 GiB", 0),
        ("memory.total >= 8 GiB", 1),
        ("machine.gpus == 8", 1),
        ("cpu.matmul_peak.fp64 >= 1 GFLOP/s", 3),
        ("memory.totl >= 1 GiB", 2),
    ],
)
def test_a_condition_of_the_command_line(small, capsys, demand, code):
    assert guard.run(["check", "--require", demand, "--profile", small, "-f", "sarif"]) == code
    assert ('"uri": "--require"' in capsys.readouterr().out) == (code != 2)


@pytest.fixture
def small(tmp_path):
    path = tmp_path / "p.json"
    path.write_bytes(msgspec.json.encode(SMALL))
    return str(path)


def test_several_dialects_and_policies_at_once(tmp_path, capsys, small):
    files = {name: tmp_path / "out" / name for name in ("junit", "tap", "sarif", "prometheus")}
    outputs = [f"--output={name}={path}" for name, path in files.items()]
    rule = Path("rules/health/device-is-broken.yaml").resolve()
    arguments = ["check", "workstation", str(rule), "--profile", small, "-f", "github", *outputs]
    assert guard.run(arguments) == 1
    assert "::error file=rules/policy/workstation.yaml,line=7,title=" in capsys.readouterr().out
    starts = {name: path.read_text()[:5] for name, path in files.items()}
    assert starts == {"junit": "<?xml", "tap": "TAP v", "sarif": '{\n "$', "prometheus": "# HEL"}
    assert 'policy="device-is-broken"' in files["prometheus"].read_text()


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["workstation"], 2, "MLINFRA CRITICAL - workstation: "),
        (["nonsense"], 3, "MLINFRA UNKNOWN - mlinfra: find policy 'nonsense'"),
        (["workstation", "--bad-option"], 3, "MLINFRA UNKNOWN - mlinfra: run `mlinfra check`"),
    ],
)
def test_nagios_reads_stdout_and_its_own_codes(capsys, small, arguments, code, said):
    assert guard.run(["check", *arguments, "--nagios", "--profile", small]) == code
    assert capsys.readouterr().out.startswith(said)


def shell(script: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the program as a script would, in an environment of its own."""
    command = f"{shlex.quote(sys.executable)} -m advisor"
    return subprocess.run(
        ["bash", "-c", script.replace("mlinfra", command)],
        env={"PATH": os.environ["PATH"], "HOME": "/nonexistent", **environment},
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@pytest.mark.parametrize(
    ("script", "code", "said"),
    [
        ("mlinfra check workstation --profile $P <&-", 1, "Policy workstation"),
        ("mlinfra check workstation --profile $P >&-", 1, ""),
        ("mlinfra check workstation --profile $P >&- 2>&- <&-", 1, ""),
        ("mlinfra check workstation --profile $P -v | true; echo ${PIPESTATUS[0]}", 0, "1"),
        ("mlinfra check workstation --profile $P >/dev/full", 4, ""),
        ("LC_ALL=C mlinfra check workstation --profile $P -f markdown", 1, "fail"),
        ("TERM= COLUMNS=1 mlinfra check workstation --profile $P", 1, "fail"),
        ("env -u HOME mlinfra check device-is-there-not", 2, ""),
        ("MLINFRA_STATE=/proc/nowhere mlinfra check ci-runner --limit 1m; test $? -ne 4", 0, ""),
        ("mlinfra check workstation --profile $P -o json=/proc/nowhere/x", 4, ""),
        ("mlinfra check ci-runner --limit 1ms", 3, ""),
    ],
)
def test_whatever_the_surroundings(small, script, code, said):
    done = shell(script, P=small)
    assert (done.returncode, said in done.stdout) == (code, True)
    assert "Traceback" not in done.stderr
    assert done.stderr.count("\n") <= 1


def test_two_at_once_and_the_same_bytes(small):
    line = "mlinfra check workstation --profile $P --format json"
    both = f"{line} > $D/a & {line} > $D/b; wait; cmp $D/a $D/b"
    done = shell(both, P=small, D=str(Path(small).parent))
    assert (done.returncode, done.stdout) == (0, "")


def as_nobody(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    """Run the program as a user who owns nothing, or as who we are where we are not root."""
    nobody = {"user": 65534, "group": 65534, "extra_groups": []} if os.geteuid() == 0 else {}
    python = next((path for path in PYTHONS if reachable(path, nobody)), None)
    if python is None:
        pytest.skip("no Python of this version that an ordinary user may start")
    return subprocess.run(
        [python, "-m", "advisor", *arguments],
        env={"PATH": os.environ["PATH"], "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        cwd=cwd, capture_output=True, text=True, timeout=120, check=False, **nobody,
    )  # fmt: skip


# The interpreter of a virtual environment may lie in a home that others cannot enter.
PYTHONS = (sys.executable, f"/usr/bin/python3.{sys.version_info.minor}")


def reachable(python: str, user: dict[str, object]) -> bool:
    try:
        seen = subprocess.run([python, "-c", "0"], cwd="/", timeout=30, check=False, **user)
    except OSError:
        return False
    return seen.returncode == 0


@pytest.mark.parametrize("policy", ["workstation", "gpu-node", "ci-runner"])
def test_it_needs_no_root(tmp_path, policy):
    tmp_path.chmod(0o755)
    done = as_nobody("check", policy, "--format", "json", cwd=tmp_path)
    assert done.returncode in {0, 1, 3}, done.stderr
    assert json.loads(done.stdout)["exit"] == done.returncode


def test_too_few_runs_are_refused_before_anything_is_timed(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr("advisor.cli.timing.timed", lambda *_, **__: pytest.fail("timed"))
    assert guard.run(["check", "--record", str(tmp_path / "p.yaml"), "--runs", "1"]) == 2
    assert "1 runs tell too little" in capsys.readouterr().err
