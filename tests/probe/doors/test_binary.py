"""The architectures of a torch are read out of its library."""

import pytest

from advisor.probe.doors.binary import architectures

CUDA = b"\x7fELF..\0sm_75 sm_80 sm_86 sm_90 sm_100 sm_120\0more\0sm_80\0"


@pytest.mark.parametrize(
    ("data", "wanted"),
    [
        (CUDA, ["sm_75", "sm_80", "sm_86", "sm_90", "sm_100", "sm_120"]),
        (b"x\0gfx90a gfx942\0", ["gfx90a", "gfx942"]),
        (b"x\0gfx90a;gfx942;gfx1100\0", ["gfx90a", "gfx942", "gfx1100"]),
        (b"x\0sm_80 compute_80\0", ["sm_80", "compute_80"]),
        (b"sm_80 sm_90", None),
        (b"\0sm_abc\0", None),
        (b"", None),
    ],
)
def test_architectures(tmp_path, data, wanted):
    path = tmp_path / "lib.so"
    path.write_bytes(data)
    assert architectures(str(path)) == wanted


def test_no_file_is_an_error_that_the_door_knows(tmp_path):
    with pytest.raises(OSError, match="No such file"):
        architectures(str(tmp_path / "none"))
