"""`mlinfra recommend` answers about a saved machine, and says what it cannot read in one line."""

import json
import re

import msgspec
import pytest

from advisor.cli import guard
from tests.elsewhere import in_another_process, turned
from tests.fakes import GPU, PROFILE, machine, profile
from tests.tools.write_golden import FOLDER


@pytest.fixture
def saved(tmp_path):
    path = tmp_path / "p.json"
    path.write_bytes(msgspec.json.encode(PROFILE))
    return str(path)


def test_a_table_of_80_columns(saved, capsys):
    assert guard.run(["recommend", "-w", "cnn", "--profile", saved, "--explain"]) == 0
    out, err = capsys.readouterr()
    assert err == ""
    assert max(len(line) for line in out.splitlines()) <= 80
    for word in ("Training", "Inference", "Run on", "Speed", "Memory", "Why"):
        assert word in out


def test_one_phase(saved, capsys):
    arguments = ["recommend", "-w", "cnn", "--profile", saved, "--phase", "infer", "-f", "json"]
    assert guard.run(arguments) == 0
    assert list(json.loads(capsys.readouterr().out)["plans"]) == ["inference"]


def test_no_plan_is_exit_3(tmp_path, capsys):
    path = tmp_path / "p.json"
    stranger = machine(devices=(msgspec.structs.replace(GPU, name="a GPU of no known name"),))
    path.write_bytes(msgspec.json.encode(profile(machine=stranger, measurements=())))
    assert guard.run(["recommend", "-w", "cnn", "--profile", str(path)]) == 3
    assert "mlinfra bench" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["recommend"], "--workload"),
        (["recommend", "-w", "cnnn"], "cnn"),
        (["recommend", "-w", "../../etc/passwd"], "passwd"),
        (["recommend", "-w", "cnn", "--phase", "sleep"], "there is no such phase"),
        (["recommend", "-w", "cnn", "--profile", "/nowhere.json"], "/nowhere.json"),
        (["recommend", "-w", "cnn", "--rules", "/nowhere"], "/nowhere"),
        (["recommend", "-w", "cnn", "--set", "memory.totl=1GiB"], "memory.total"),
        (["recommend", "-w", "cnn", "--set", "memory.total=1GHz"], "is in bytes"),
        (["recommend", "-w", "cnn", "--latency", "soon"], "--latency soon"),
        (["recommend", "-w", "cnn", "-w", "cnn"], "named twice"),
    ],
)
def test_wrong_input_is_one_line(arguments, said, capsys):
    assert guard.run(arguments) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert said in err
    assert "Traceback" not in err


def test_a_gpu_may_be_pretended_and_places_beyond_be_asked_for(saved, capsys):
    arguments = ["recommend", "-w", "cnn", "--profile", saved, "--phase", "train"]
    assert guard.run([*arguments, "--gpu", "NVIDIA L40S", "--beyond"]) == 0
    out = capsys.readouterr().out
    for word in ("Pretended", "NVIDIA L40S", "Elsewhere", "cloud"):
        assert word in out
    assert guard.run([*arguments, "--gpu", "2x NVIDIA L4O"]) == 2
    assert "NVIDIA L40" in capsys.readouterr().err


def test_what_a_plan_costs_is_told_with_its_width_or_why_it_is_not_known(saved, capsys):
    arguments = ["recommend", "-w", "cnn", "--profile", saved, "--phase", "infer", "--goal", "cost"]
    assert guard.run([*arguments, "--kwh-price", "0.30EUR"]) == 0
    out = " ".join(capsys.readouterr().out.split())
    assert re.search(r"Cost [0-9.e-]+ EUR \([0-9.e-]+ – [0-9.e-]+\) for 1,000(,000)? samples", out)
    assert "0.3 EUR a kWh (--kwh-price)" in out
    assert "dearer" in out
    assert "slower" not in out.split("What to change")[0]
    assert guard.run(arguments) == 0
    assert "Cost unknown: no price is stated" in " ".join(capsys.readouterr().out.split())
    assert guard.run(["recommend", "-w", "cnn", "--profile", saved]) == 0
    assert "Cost" not in capsys.readouterr().out


@pytest.mark.parametrize("price", ["0", "-1", "cheap", "0.3EURO", "1e400"])
def test_a_price_that_is_none_is_refused(saved, capsys, price):
    arguments = ["recommend", "-w", "cnn", "--profile", saved, "--kwh-price", price]
    assert guard.run(arguments) == 2
    assert capsys.readouterr().err.count("\n") == 1


def test_what_must_be_uploaded_first_is_told(saved, capsys):
    arguments = ["recommend", "-w", "cnn", "--profile", saved, "--phase", "train", "--beyond"]
    assert guard.run([*arguments, "--link", "20Mbps,40ms"]) == 0
    assert re.search(r"for the job after [0-9.]+ (h|d) of upload", _flat(capsys))
    assert guard.run(arguments) == 0
    assert "of upload" not in _flat(capsys)


def _flat(capsys):
    return " ".join(capsys.readouterr().out.split())


def test_currencies_do_not_convert(saved, capsys, tmp_path):
    shop = tmp_path / "shop.yaml"
    shop.write_text(
        "currency: EUR\ntaken: 2026-11-25\nsource: a shop\nkwh: 0.25\n"
        "rents: [{part: NVIDIA L4, hourly: 0.8}]\n"
    )
    arguments = ["recommend", "-w", "cnn", "--profile", saved, "--goal", "cost"]
    assert guard.run([*arguments, "--prices", str(shop)]) == 0
    assert "rented for 0.8 EUR an hour (a shop)" in " ".join(capsys.readouterr().out.split())
    assert guard.run([*arguments, "--prices", str(shop), "--kwh-price", "0.3USD"]) == 2
    assert "currencies do not convert" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("name", "workload"), [("desktop", "cnn"), ("node", "llm-7b"), ("server", "trees")]
)
def test_another_process_says_the_same_bytes(name, workload, tmp_path):
    path = FOLDER / f"{name}.json"
    other = tmp_path / "turned.json"
    other.write_text(json.dumps(turned(json.loads(path.read_bytes())), indent=1))
    assert list(json.loads(other.read_bytes())) != list(json.loads(path.read_bytes()))
    asked = ["recommend", "-w", workload, "--format", "json", "--profile"]
    first = in_another_process([*asked, str(path)], tmp_path, seed=1)
    second = in_another_process([*asked, str(other)], tmp_path / "fresh", seed=77)
    assert first == second
    assert json.loads(first)["plans"]
