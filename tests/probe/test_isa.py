"""What all CPUs can do, under one name each."""

import pytest

from advisor.probe.cpuinfo import read
from advisor.probe.isa import look, names


@pytest.mark.parametrize(
    ("text", "isa"),
    [
        ("processor: 0\nflags: fpu avx2 avx512f amx_tile htt", ("amx_tile", "avx2", "avx512f")),
        ("processor: 0\nFeatures: fp asimd asimddp sve", ("dotprod", "neon", "sve")),
        ("processor: 0\nFeatures: half neon vfpv4", ("neon",)),
        # Not what some cores can do: a thread may run on any of them.
        ("processor: 0\nFeatures: asimd sve\n\nprocessor: 1\nFeatures: asimd", ("neon",)),
        ("processor: 0\nisa: rv64imafdcv_zba_zvfh", ("rvv", "zvfh")),
        ("processor: 0\nisa: rv64imafdc_zicsr_zve32x", ("zve32x",)),
        ("processor: 0\ncpu: POWER10, altivec supported", ("altivec", "mma", "vsx")),
        ("processor: 0\ncpu: PPC970, altivec supported", ("altivec",)),
        ("vendor_id: IBM/S390\nfeatures: zarch vx vxe nnpa", ("nnpa", "vx", "vxe")),
        ("processor: 0\nFeatures: cpucfg lsx lasx", ("lasx", "lsx")),
        ("processor: 0\nflags: fpu", ()),
        ("processor: 0\n", None),
        ("", None),
    ],
)
def test_look(text, isa):
    assert look(read(text)) == isa


def test_riscv_letters_are_not_flags():
    assert names("rv64imafdc") == set()
