import subprocess
import textwrap
from types import SimpleNamespace

import pytest

from advisor.bench.hands import Hands
from advisor.bench.messages import Start
from advisor.bench.micro import trees
from advisor.bench.task import Site, TaskError

LIGHTGBM = """
    __version__ = "9.9"
    class Dataset:
        def __init__(self, table, target):
            assert table.shape == (100_000, 28) and 0.3 < target.mean() < 0.7
    class Booster:
        def __init__(self, options, data):
            print("noise of the library")
            assert options["num_threads"] == 3
        def update(self):
            pass
"""


def planned():
    return next(iter(trees.headline(Site(places=(), threads=2, folder="."), ())))


def test_work_is_counted_in_rows_a_round():
    assert (planned().work, planned().unit) == (trees.ROWS, "rows/s")


def test_without_lightgbm_the_gap_names_the_remedy(monkeypatch):
    monkeypatch.setattr(trees, "find_spec", lambda name: None)
    with pytest.raises(TaskError, match="LightGBM is not installed") as caught:
        trees.prepare(planned(), Hands(None, Start(1, ".")))
    assert caught.value.remedy == "pip install lightgbm"


@pytest.fixture
def ready(tmp_path, monkeypatch, source):
    pytest.importorskip("numpy", reason="numpy is not installed")
    (tmp_path / "lightgbm.py").write_text(textwrap.dedent(source))
    monkeypatch.setenv("PYTHONPATH", f"{tmp_path}:.")
    monkeypatch.setattr(trees, "find_spec", lambda name: object())
    started = []

    def start(*args, **options):
        started.append(subprocess.Popen(*args, stderr=subprocess.DEVNULL, **options))
        return started[0]

    fake = SimpleNamespace(Popen=start, PIPE=subprocess.PIPE)
    monkeypatch.setattr(trees, "subprocess", fake)
    try:
        yield lambda: trees.prepare(planned(), Hands(None, Start(3, ".")))
    finally:
        with started[0] as process:
            process.kill()


@pytest.mark.parametrize("source", [LIGHTGBM])
def test_rounds_are_asked_of_a_process_of_their_own(ready):
    made = ready()
    assert made.conditions == {"library": "LightGBM 9.9"}
    assert made.helper_seconds() == 0
    made.call()
    assert made.helper_seconds() > 0


@pytest.mark.parametrize("source", ["raise ImportError('no libgomp')"])
def test_a_library_that_does_not_load_is_a_failure(ready):
    with pytest.raises(TaskError, match="process ended"):
        ready()
