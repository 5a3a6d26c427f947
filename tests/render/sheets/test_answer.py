"""A phase's answer names the plan, what it takes and serves, what lost and why, in users' words."""

import msgspec
import pytest
from msgspec.structs import replace

from advisor.estimate import Interval
from advisor.render.sheets.answer import answer_lines
from advisor.report import OpenLine
from tests.render.sheets.test_recommendation import ANSWER, BASIS, plan

TITLES = {"keep-fp32": "Lower precisions must pay", "rule-1": "It needs too much"}


def told(answer=ANSWER, *, verbose=False):
    return [f"{label}: {text}" for label, text in answer_lines(answer, TITLES, verbose=verbose)]


def edited(**parts):
    return "\n".join(told(replace(ANSWER, **parts)))


@pytest.mark.parametrize(
    "line",
    [
        "Because: lower precisions must pay",
        (
            "Ruled out: 3 plans on gpu:1, gpu:2, such as gpu:1 in fp32, batch 32: too big for "
            "gpu:1 [rule-0]"
        ),
        ": 2 as it needs too much [rule-1] (-v shows each)",
    ],
)
def test_rules_are_told_in_words(line):
    assert line in told()


def test_verbose_names_each_rule_and_each_plan():
    lines = told(verbose=True)
    assert "Because: lower precisions must pay [keep-fp32]" in lines
    assert sum(line.startswith("Ruled out: ") for line in lines) == len(ANSWER.rejected)


def test_a_title_that_begins_with_a_name_keeps_it():
    answer = replace(ANSWER, preferred=("x",))
    lines = answer_lines(answer, {"x": "GPUs wait"}, verbose=False)
    assert ("Because", "GPUs wait") in lines


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        ({"chosen": None, "why_none": "nothing fits"}, "No plan: nothing fits"),
        (
            {"chosen": None, "why_none": "not timed", "settles": "mlinfra bench"},
            "No plan: not timed; to settle: mlinfra bench",
        ),
        ({"runner_up": None, "faster": None}, "nothing else can run it here"),
        (
            {
                "chosen": replace(
                    plan(),
                    throughput=Interval(0.08, 0.1, 0.12, "jobs/s"),
                    seconds_range=Interval(8, 10, 12, "s"),
                )
            },
            "Speed: 10 s (8 – 12 s) for the whole job; limited by compute",
        ),
        (
            {"tied": True, "settles": "mlinfra bench matmul"},
            "Tied with: gpu:0 in fp16, batch 32; mlinfra bench matmul decides",
        ),
        (
            {"chosen": replace(plan(), throughput=None, unpredicted="not timed")},
            "Speed: unknown: not timed",
        ),
        (
            {"runner_up": replace(plan(), batch=8)},
            "cpu in fp32, batch 8: 2× (1.5 – 2.5) slower, without the doubt below",
        ),
        ({"runner_up": replace(plan(), batch=8), "doubts": ()}, "batch 8: 2× (1.5 – 2.5) slower\n"),
    ],
)
def test_variants(parts, said):
    assert said in edited(**parts)


@pytest.mark.parametrize(
    ("unit", "each", "said"),
    [
        ("tokens/s", 5.0, "Keeps up: with 20 (18 – 24) readers at 5 tokens/s each"),
        ("samples/s", 25.0, "Keeps up: with 4 (3 – 4) streams at 25 samples/s each"),
        ("tokens/s", 500.0, "Keeps up: not even with one of the readers at 500 tokens/s each"),
    ],
)
def test_streams_are_told_with_what_one_of_them_is(unit, each, said):
    rate = Interval(90.0, 100.0, 120.0, unit)
    streams = Interval(90 / each, 100 / each, 120 / each, "1")
    chosen = replace(plan(), throughput=rate, streams=streams)
    assert said in told(replace(ANSWER, chosen=chosen))


def test_streams_of_one_a_second_say_no_more_than_the_speed():
    chosen = replace(plan(), streams=replace(plan().throughput, unit="1"))
    assert "Keeps up" not in edited(chosen=chosen)


def test_fewer_gpus_are_told_with_what_is_lost():
    chosen, half, one = plan("gpu:0+1+2+3", rate=40.0), plan("gpu:0+1", rate=20.0), plan("gpu:0")
    half, one = (replace(p, job=None, job_seconds=None) for p in (half, one))
    answer = replace(ANSWER, chosen=chosen, places=(chosen, half, one, plan()))
    line = "Fewer GPUs: 20 samples/s on 2 (2× slower); 10 samples/s on 1 (4× slower)"
    assert line in told(answer)
    assert "Fewer GPUs" not in edited(chosen=one, places=(one, plan()))


def test_what_rests_on_published_figures_alone_says_so():
    published = msgspec.structs.replace(BASIS, origin="catalogue")
    assert "from published figures, not timed here" in edited(
        chosen=replace(plan(), basis=(published,))
    )
    assert "published" not in "\n".join(told())
    one = msgspec.structs.replace(BASIS, fact="calibration", origin="predicted")
    several = replace(plan(), basis=(published, one))
    assert "from what one of them does" in edited(chosen=several)


def test_a_worker_that_was_not_timed_is_said_where_it_binds():
    usual = replace(BASIS, fact="cpu.input_rate", origin="catalogue")
    for bound, said in (("input", True), ("compute", False)):
        waits = replace(plan(), bound=bound, basis=(BASIS, usual))
        assert ("a data-loader worker's usual rate" in edited(chosen=waits)) is said


@pytest.mark.parametrize(
    ("preferred", "said"),
    [(("keep-fp32",), "faster, which is not surely enough"), ((), "faster, if it runs")],
)
def test_a_faster_plan_that_was_not_taken_says_why(preferred, said):
    assert said in edited(faster=Interval(0.6, 0.7, 0.9, "1"), preferred=preferred)


def test_a_doubt_is_no_statement():
    doubt = OpenLine("may-not-fit", "cpu", "It needs more", ())
    assert "Doubt: perhaps: It needs more [may-not-fit]" in told(replace(ANSWER, doubts=(doubt,)))


def test_a_place_beyond_that_computes_in_int8_says_so_with_its_range():
    chip = replace(plan(), device="Hailo-8", dtype="int8", place="asic", job_seconds=None)
    said = edited(places=(ANSWER.chosen, chip))
    assert "Elsewhere: asic (Hailo-8) in int8: 10 samples/s (" in said


def test_of_places_beyond_a_chip_is_shown_though_others_are_faster():
    sorts = ("server", "cloud", "edge", "vehicle", "asic")
    beyond = [replace(plan(sort), device=f"a {sort}") for sort in sorts]
    shown = [line for line in told(replace(ANSWER, places=(ANSWER.chosen, *beyond)))
             if line.startswith("Elsewhere")]  # fmt: skip
    assert [line.split()[1] for line in shown] == ["server", "cloud", "asic"]
