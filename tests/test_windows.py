"""The program gets as far as saying what it lacks where modules and calls of POSIX are missing.

No Windows is at hand: a fresh interpreter is robbed of what Windows has not, before the program is
imported.
"""

import subprocess
import sys

import pytest

# What the standard library and others import by platform is imported first.
ROBBED = """
import ctypes, os, platform, shutil, signal, subprocess, sys, tempfile
import psutil, rich.console, typer.core
class Missing:
    def find_spec(self, name, path=None, target=None):
        if name in {"fcntl", "resource", "pwd", "grp", "termios"}:
            raise ModuleNotFoundError(f"No module named {name!r}")
for name in ("fcntl", "resource", "pwd", "grp", "termios"):
    sys.modules.pop(name, None)
sys.meta_path.insert(0, Missing())
for name in ("sched_getaffinity", "geteuid", "getuid", "killpg", "setsid", "fchmod", "preadv",
             "O_DIRECT", "O_NOFOLLOW", "O_NONBLOCK", "O_CLOEXEC", "getloadavg"):
    if hasattr(os, name):
        delattr(os, name)
for name in ("SIGALRM", "setitimer", "SIGHUP"):
    if hasattr(signal, name):
        delattr(signal, name)
sys.platform = "win32"
sys.argv = ["mlinfra", *sys.argv[1:]]
from advisor.cli import main
main()
"""


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["probe"], 0, "on Windows only"),
        (["check", "workstation"], 3, "on Windows only"),
        (["bench", "--list"], 0, "matmul"),
        (["parts", "show", "NVIDIA L4"], 0, "24 GiB"),
        (["check", "workstation", "--limit", "5s"], 2, "no alarm signal"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else None,
)
def test_a_command_ends_as_it_should(arguments, code, said, tmp_path):
    done = subprocess.run(
        [sys.executable, "-c", ROBBED, *arguments],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        cwd=tmp_path,
        env={"MLINFRA_STATE": str(tmp_path / "state"), "PYTHONPATH": ":".join(sys.path)},
    )
    assert (done.returncode, "Traceback" in done.stderr) == (code, False)
    assert said in " ".join((done.stdout + done.stderr).split())
