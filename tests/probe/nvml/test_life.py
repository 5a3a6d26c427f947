"""A process that polls shows life, one that rests does not."""

import os
import subprocess
import sys
import time

import pytest

from advisor.probe.nvml.life import asleep, turns
from advisor.probe.nvml.told import WAKE


def threads(folder, *schedstats):
    for number, text in enumerate(schedstats):
        place = folder / "7" / "task" / str(number)
        place.mkdir(parents=True)
        (place / "schedstat").write_text(text)
    return folder


@pytest.mark.parametrize(
    ("texts", "wanted"),
    [(("9 8 7", "1 2 3"), 10), ((), 0), (("",), 0), (("x y z",), 0)],
)
def test_turns(tmp_path, texts, wanted):
    assert turns(7, threads(tmp_path, *texts)) == wanted


@pytest.mark.skipif(turns(os.getpid()) == 0, reason="this kernel keeps no schedstat")
@pytest.mark.parametrize(("code", "moves"), [("time.sleep(9)", False), ("nap()", True)])
def test_a_real_process(code, moves):
    text = f"import time\ndef nap():\n    while True: time.sleep(0.01)\nprint(flush=True)\n{code}"
    with subprocess.Popen([sys.executable, "-c", text], stdout=subprocess.PIPE) as process:
        process.stdout.readline()
        time.sleep(0.2)
        before = turns(process.pid)
        time.sleep(0.3)
        assert (turns(process.pid) > before) == moves
        process.kill()


ASKED = {"0": WAKE, "1": WAKE}


@pytest.mark.parametrize(
    ("lines", "waiting", "wanted"),
    [
        ([], ASKED, True),
        ([], {"0": WAKE}, False),
        ([["got", "2", WAKE, None]], ASKED, False),
        ([["err", "2", WAKE, 15]], ASKED, False),
        ([[], ["got", "-", "nvmlInit", None]], ASKED, True),
        ([], {"0": WAKE, "1": "nvmlDeviceGetName"}, False),
    ],
)
def test_asleep(lines, waiting, wanted):
    assert asleep(lines, waiting) is wanted
