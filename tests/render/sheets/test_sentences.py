"""Each phase is answered in a sentence: where, how long, and what the CPU or one GPU would take."""

import pytest
from msgspec.structs import replace

from advisor.estimate import Interval
from advisor.render.sheets.sentences import place, predicted, sentences
from advisor.report import RejectedLine
from tests.render.sheets.test_recommendation import ANSWER, REPORT, plan

DAY = 86400.0


def takes(where, days):
    return replace(plan(where), job_seconds=Interval(days * DAY, days * DAY, days * DAY, "s"))


CPU, ONE, TWO = takes("cpu", 35.0), takes("gpu:0", 1.5), takes("gpu:0+1", 1.0)


@pytest.mark.parametrize(
    ("chosen", "places", "said"),
    [
        (CPU, (CPU,), "Train on cpu in fp32, batch 32: 90 epochs take 35 d."),
        (ONE, (ONE, CPU),
         "Train on gpu:0 in fp32, batch 32: 90 epochs take 1.5 d here, 35 d on the CPU."),
        (TWO, (TWO, ONE, CPU),
         ("Train on gpu:0+1 in fp32, batch 32: 90 epochs take 1 d here, 35 d on the CPU; the "
          "second GPU saves 12 h a run.")),
        (replace(CPU, job=None), (CPU,), "Train on cpu in fp32, batch 32: 10 samples/s."),
        (None, (), None),
    ],
)  # fmt: skip
def test_a_sentence(chosen, places, said):
    answer = replace(ANSWER, chosen=chosen, places=places)
    found = sentences(replace(REPORT, plans={"training": answer}))
    assert found == ([said] if said else [])


def test_places_of_which_nothing_is_known_are_named_once():
    silent = replace(plan("gpu:0"), throughput=None, unpredicted="no peak was measured",
                     settles="mlinfra bench matmul")  # fmt: skip
    answer = replace(ANSWER, chosen=None, unpredicted=(silent,))
    found = sentences(replace(REPORT, plans={"training": answer, "inference": answer}))
    assert found == [
        (
            "gpu:0 could not be predicted, and is not compared: no peak was measured; run "
            "`mlinfra bench matmul`."
        )
    ]


@pytest.mark.parametrize(
    ("days", "gain", "said"),
    [(1.5, 1.9, "; a second GPU would save 17 h a run."), (1.5, 1.02, "35 d on the CPU."),
     (0.05, 1.9, "35 d on the CPU.")],
)  # fmt: skip
def test_a_second_gpu_is_told_of_where_it_saves_an_hour(days, gain, said):
    one = takes("gpu:0", days)
    answer = replace(
        ANSWER, chosen=one, places=(one, CPU), one_more=Interval(gain, gain, gain, "1")
    )
    (told,) = sentences(replace(REPORT, plans={"training": answer}))
    assert told.endswith(said)


@pytest.mark.parametrize(
    ("lost", "said"),
    [
        (ONE, "Once mended [torch]: 1.5 d on gpu:0 in fp32, batch 32."),
        (
            replace(ONE, job_seconds=None, basis=()),
            (
                "Once mended [torch]: 10 samples/s on gpu:0 in fp32, batch 32 (from published "
                "figures)."
            ),
        ),
    ],
)
def test_what_a_free_fix_would_bring_is_told(lost, said):
    mended = RejectedLine(lost, "torch", "torch is wrong", fix=True)
    answer = replace(ANSWER, chosen=CPU, places=(CPU,), mended=mended)
    assert sentences(replace(REPORT, plans={"training": answer}))[1] == said


@pytest.mark.parametrize(
    ("gains", "said"),
    [
        ({}, ""),
        (
            {"training": Interval(1.0, 1.2, 1.4, "1"), "inference": Interval(1.0, 1.0, 1.0, "1")},
            "Predicted once mended: training 1.2× (1 – 1.4) as fast, inference no faster.",
        ),
        ({"fit": None}, "What it gains for fit is not known: it was not timed here."),
    ],
)
def test_what_a_repair_gains(gains, said):
    assert predicted(gains) == said


def test_settings_are_named_behind_precision_and_batch():
    set_ = replace(plan(), settings=("int4 weights", "compiled"))
    assert place(set_) == "cpu in fp32, batch 32, int4 weights, compiled"


def test_a_place_beyond_is_named_by_its_part():
    assert place(replace(plan("cloud"), device="A B")) == "cloud (A B) in fp32, batch 32"
