"""Lines become answers; what is not an answer is passed over."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor.probe.nvml.told import Answers, decode, encode, gather

LINES = [
    ["got", "-", "nvmlDeviceGetCount", 2],
    ["ask", "0", "nvmlDeviceGetName"],
    ["got", "0", "nvmlDeviceGetName", "NVIDIA\x1b L4"],
    ["got", "0", "nvmlDeviceGetMemoryInfo", {"total": 7}],
    ["err", "0", "nvmlDeviceGetTemperature(0)", 15],
    ["got", "0/10", "nvmlDeviceGetUUID", "MIG-b"],
    ["got", "0/2", "nvmlDeviceGetUUID", "MIG-a"],
    ["ask", "1", "nvmlDeviceGetHandleByIndex"],
    ["got"], [], ["got", 3, 4, 5], ["err", "0", "x", "y"],
]  # fmt: skip


@pytest.mark.parametrize(
    ("ask", "answer"),
    [
        (lambda a: a.text("0", "nvmlDeviceGetName"), "NVIDIA L4"),
        (lambda a: a.text("0", "nvmlDeviceGetMemoryInfo"), None),
        (lambda a: a.part("0", "nvmlDeviceGetMemoryInfo", "total"), 7),
        (lambda a: a.part("0", "nvmlDeviceGetMemoryInfo", "free"), None),
        (lambda a: a.number("0", "none", "nvmlDeviceGetName"), None),
        (lambda a: a.items("0", "nvmlDeviceGetName"), None),
        (lambda a: a.error("0", "nvmlDeviceGetTemperature(0)"), 15),
        (lambda a: a.devices(), ["0", "1"]),
        (lambda a: a.slices("0"), ["0/2", "0/10"]),
        (lambda a: a.waiting, {"1": "nvmlDeviceGetHandleByIndex"}),
    ],
)
def test_gather(ask, answer):
    assert ask(gather(LINES, "silent")) == answer


def test_answers_survive_being_recorded():
    answers = gather(LINES, "silent")
    assert decode(encode(answers)) == answers


@pytest.mark.parametrize("text", [None, 3, "", "[]", '{"ended": 1}', '{"values": {}}'])
def test_what_was_not_recorded_so_is_no_answer(text):
    assert decode(text) is None


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=8,
)


@given(st.lists(st.lists(JSON, max_size=5), max_size=10))
def test_no_line_breaks_it(lines):
    answers = gather(lines, "died")
    assert isinstance(answers, Answers)
    assert all(text.isdigit() for text in answers.devices())
