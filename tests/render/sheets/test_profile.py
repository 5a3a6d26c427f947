"""The sheet of a profile says what is there, what limits, what was timed, what is unknown."""

import msgspec
import pytest

from advisor.machine import Gap, Limit, State
from advisor.render import Style
from advisor.render.sheets.profile import machine_line
from advisor.render.table import render
from tests.fakes import BROKEN, GIB, GPU, PROFILE, machine, measured, profile

SHEET = render(PROFILE, Style())


@pytest.mark.parametrize(
    "line",
    [
        "  CPU       Intel Xeon Gold 6240, x86_64, 1 socket, 4 cores, 8 threads, L3 32",
        "  Memory    64 GiB, 48 GiB available",
        "  GPU 0     NVIDIA L4, 22.5 GiB, 21.5 GiB free",
        "  Disk      /data, ext4, nvme, 100 GiB free",
        "  cpu        physical       8  /sys",
        "          *  cgroup         2  /cpu.max",
        "  cpu    matmul.peak fp32  300 GFLOP/s  (285 – 315 GFLOP/s)",
        "  cpu.governor: no cpufreq directory",
    ],
)
def test_lines(line):
    assert line in SHEET.splitlines()


@pytest.mark.parametrize(
    ("edited", "said"),
    [
        (machine(devices=()), "GPU       none"),
        (machine(devices=(), devices_unseen="no /sys"), "GPU       unknown: no /sys"),
        (machine(devices=(GPU, BROKEN)), "GPU 1     name unknown: broken, GPU is lost, reboot"),
    ],
)
def test_no_gpu_broken_gpu_and_unknown_are_three_things(edited, said):
    assert said in render(profile(machine=edited), Style())


def test_a_doubtful_number_names_its_cause():
    doubtful = measured(
        "memory.triad", "cpu", 1e10, "bytes/s", quality="suspect", cause="steal time 9 %"
    )
    assert "suspect: steal time 9 %" in render(profile(measurements=(doubtful,)), Style())


def test_many_gaps_are_cut_and_said():
    gaps = tuple(Gap(f"cpu.x{i}", "why") for i in range(12))
    text = render(profile(machine=machine(gaps=gaps)), Style())
    assert "and 4 more: -v shows all" in text
    assert "cpu.x11" in render(profile(machine=machine(gaps=gaps)), Style(verbose=True))


def test_nothing_measured_names_the_command():
    assert "`mlinfra bench`" in render(profile(measurements=()), Style())


def test_hidden_is_said():
    hidden = machine(
        devices=(
            GPU.__class__(
                id="gpu:0",
                name="NVIDIA L4",
                state=State.HIDDEN,
                why="CUDA_VISIBLE_DEVICES is empty",
            ),
        )
    )
    assert "NVIDIA L4: hidden, CUDA_VISIBLE_DEVICES is empty" in " ".join(
        render(profile(machine=hidden), Style()).split()
    )


def test_points_of_a_surface_are_shown_with_their_size_and_only_if_asked():
    point = measured(
        "matmul", "cpu", 2e11, "FLOP/s", dtype="fp32", conditions={"m": 8, "n": 4, "k": 2}
    )
    step = measured("memory.copy.at", "cpu", 2e10, "bytes/s", conditions={"bytes": 2**20})
    surface = profile(measurements=(step, point))
    headline = measured("memory.copy", "cpu", 2e10, "bytes/s")
    beside = render(profile(measurements=(step, point, headline)), Style())
    assert ("memory.copy" in beside, "8 × 4 × 2" in beside) == (True, False)
    lines = render(surface, Style(verbose=True)).splitlines()
    first = next(i for i, line in enumerate(lines) if "8 × 4 × 2" in line)
    assert "1 MiB" in lines[first + 1]


def test_what_was_timed_is_shown_where_no_headline_was():
    worker = measured("input.images", "cpu", 300.0, "samples/s")
    assert "input.images  300 samples/s" in render(profile(measurements=(worker,)), Style())


def test_figures_that_nobody_timed_are_not_called_measured():
    written = measured("memory.copy", "cpu", 1e10, "bytes/s", conditions={"simulated": "by hand"})
    sheet = render(profile(measurements=(written,)), Style()).splitlines()
    assert ("Simulated" in sheet, "Measured" in sheet) == (True, False)


def test_devices_that_are_alike_are_named_once():
    eight = tuple(msgspec.structs.replace(GPU, id=f"gpu:{n}") for n in range(8))
    line = machine_line(machine(devices=eight))
    assert "gpu:0 to gpu:7: 8 × NVIDIA L4, 22.5 GiB, 21.5 GiB free" in line
    odd = machine_line(machine(devices=(*eight[:2], BROKEN)))
    assert "2 × NVIDIA L4" in odd
    assert "gpu:1" in odd


@pytest.mark.parametrize(
    ("edited", "said"),
    [
        (machine(), "48 GiB available; gpu:0 NVIDIA L4, 22.5 GiB, 21.5 GiB free"),
        (
            machine(devices=(GPU, msgspec.structs.replace(GPU, id="gpu:1"))),
            "gpu:0 to gpu:1: 2 × NVIDIA L4, 22.5 GiB, 21.5 GiB free",
        ),
        (
            machine(capacity={"memory": (Limit("cgroup", 2 * GIB, "/memory.max", binding=True),)}),
            "48 GiB available; 2 GiB of it allowed by cgroup;",
        ),
    ],
)
def test_a_machine_in_a_sentence(edited, said):
    assert said in machine_line(edited)
