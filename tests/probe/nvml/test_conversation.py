"""A conversation ends when all is told, when a call falls silent, or when time is over."""

import sys

import pytest

from advisor.probe.nvml import conversation
from advisor.probe.nvml.conversation import Patience, talk

QUICK = Patience(call=0.2, wake=0.6, start=5.0, word=0.1, total=5.0)
WAKE_CALL = "nvmlDeviceGetHandleByIndex"
WAKE, OTHER = (f'["ask", "{n}", "{WAKE_CALL}"]' for n in "01")
WAKING = {"0": WAKE_CALL}


def script(*lines: str) -> tuple[str, ...]:
    """Return the command of a process that prints lines; a number is a pause in seconds."""
    steps = [
        f"time.sleep({line})" if line[0].isdigit() else f"print({line!r}, flush=True)"
        for line in lines
    ]
    return (sys.executable, "-c", "\n".join(["import time", *steps]))


WOKEN = '["got", "0", "nvmlDeviceGetHandleByIndex", null]'
HUNG = '["ask", "0", "nvmlDeviceGetName"]'
NAME = '["got", "0", "nvmlDeviceGetName", "L4"]'
TICK = '["got", "1", "nvmlDeviceGetName", "L4"]'
WAITING_NAME = {"0": "nvmlDeviceGetName"}


@pytest.mark.parametrize(
    ("lines", "patience", "ended", "waiting"),
    [
        ([HUNG, NAME, '["done"]', "60"], QUICK, "done", {}),
        ([HUNG, "60"], QUICK, "silent", WAITING_NAME),
        ([WAKE, *["0.02"] * 20, WOKEN, '["done"]'], QUICK, "done", {}),
        ([WAKE, "60"], QUICK, "silent", WAKING),
        ([WAKE, OTHER, "0.4", WOKEN, '["done"]'], QUICK, "done", {"1": WAKE_CALL}),
        ([WAKE, OTHER, "60"], QUICK, "silent", WAKING | {"1": WAKE_CALL}),
        ([HUNG, NAME], QUICK, "died", {}),
        (["not json", "[1, 2", HUNG], QUICK, "died", WAITING_NAME),
        ([HUNG, *["0.05", TICK] * 100], Patience(total=1.8), "time", WAITING_NAME),
    ],
)  # fmt: skip
def test_talk(lines, patience, ended, waiting):
    answers = talk(patience, script(*lines), lambda _: None)
    assert (answers.ended, answers.waiting) == (ended, waiting)


def test_a_silent_start_has_its_own_patience():
    impatient = Patience(start=0.1, total=5.0)
    assert talk(impatient, script("60"), lambda _: None).ended == "silent"


@pytest.mark.parametrize(
    ("lines", "seconds"),
    [([WAKE, "60"], 0.2), ([WAKE, WOKEN, OTHER, "60"], 0.2), ([WAKE, OTHER, "60"], 0.6)],
)
def test_what_a_silence_costs(lines, seconds, monkeypatch):
    """Counted in waits of a slice each, as a loaded machine stretches the clock's seconds."""
    waits = []

    def next_line(heard):
        raw, _ = original(heard)
        waits.append(raw == b"")
        return raw, conversation.SLICE if raw == b"" else 0.0

    original = conversation._next
    monkeypatch.setattr(conversation, "_next", next_line)
    assert talk(QUICK, script(*lines), lambda _: None).ended == "silent"
    last = len(waits) - 1 - waits[::-1].index(False)
    silent = sum(waits[last:])
    assert silent * conversation.SLICE == pytest.approx(seconds, abs=0.001)


def test_one_word_is_said_when_nothing_happens():
    said = []
    talk(QUICK, script(HUNG, "60"), said.append)
    assert said == ["waiting for the NVIDIA driver to answer nvmlDeviceGetName"]


def test_nothing_is_said_of_a_quick_answer():
    said = []
    talk(Patience(), script(HUNG, NAME, '["done"]'), said.append)
    assert said == []


def test_no_process_no_answers():
    assert talk(QUICK, ("/no/such/program",)).ended == "none"


def test_endless_text_without_a_line_ends():
    command = (sys.executable, "-c", "while True: print('x' * 4096, end='')")
    assert talk(QUICK, command, lambda _: None).ended == "died"
