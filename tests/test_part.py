"""Parts carry a source for each figure, and a name means one part or says why not."""

import re

import pytest

from advisor import book
from advisor.errors import AdvisorError
from advisor.part import Part, Shelf, Source, index, key, resolve, source_of, stocked

GIB = 2.0**30


def part(name, *names, memory=None, launch=None, **figures):
    size = memory * GIB if memory else None
    return Part(name=name, names=names, kind="gpu", memory=size, launch=launch, **figures)


CATALOGUE = index(
    [
        part("Maker RTX 30 10GB", "Maker RTX 30", memory=10, launch="2020-09"),
        part("Maker RTX 30 12GB", "Maker RTX 30", memory=12, launch="2022-01"),
        part("Maker RTX 40", memory=24),
        part("Maker RTX 40 D", memory=24),
        part("Maker Twin A", "Maker Twin", memory=8),
        part("Maker Twin B", "Maker Twin", memory=8),
    ]
)


@pytest.mark.parametrize(
    ("name", "memory", "found", "said"),
    [
        ("Maker RTX 40", None, "Maker RTX 40", ""),
        ("  maker  rtx 40 d ", None, "Maker RTX 40 D", ""),
        ("Maker RTX 30", None, "Maker RTX 30 10GB", "launched first"),
        ("Maker RTX 30", 11.6 * GIB, "Maker RTX 30 12GB", "told by its memory"),
        ("Maker RTX 30", 9.9 * GIB, "Maker RTX 30 10GB", "told by its memory"),
        ("Maker RTX 30", 24 * GIB, "Maker RTX 30 10GB", "launched first"),
    ],
)
def test_a_name_means_one_part(name, memory, found, said):
    answer = resolve(CATALOGUE, name, memory)
    assert answer.part.name == found
    assert said in answer.note


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("Maker RTX 41", "Maker RTX 40"),
        ("RTX 40", "no part has this name"),
        ("Maker RTX 40 Ti", "no part has this name"),
        ("Maker Twin", "several differ: Maker Twin A, Maker Twin B"),
        ("", "no part has this name"),
    ],
)
def test_a_name_that_means_none_or_several_is_an_error(name, message):
    with pytest.raises(AdvisorError, match=message):
        resolve(CATALOGUE, name)


@pytest.mark.parametrize(
    ("printed", "reduced"),
    [
        ("Intel(R) Core(TM) i7-6700K CPU @ 4.00GHz", "core i7-6700k"),
        ("11th Gen Intel(R) Core(TM) i7-1165G7 @ 2.80GHz", "core i7-1165g7"),
        ("Intel(R) Xeon(R) CPU E5-2680 v4 @ 2.40GHz", "xeon e5-2680 v4"),
        ("Intel(R) Xeon(R) Platinum 8380 CPU @ 2.30GHz", "xeon platinum 8380"),
        ("INTEL(R) XEON(R) PLATINUM 8568Y+", "xeon platinum 8568y+"),
        ("Intel(R) Xeon(R) CPU @ 2.20GHz", "xeon"),  # a cloud's, of no one model
        ("AMD Ryzen 7 5800H with Radeon Graphics", "ryzen 7 5800h"),
        ("AMD Ryzen 7 7840U w/ Radeon  780M Graphics", "ryzen 7 7840u"),
        ("AMD Ryzen 7 2700X Eight-Core Processor", "ryzen 7 2700x"),
        ("AMD Ryzen Threadripper PRO 5945WX 12-Cores", "ryzen threadripper pro 5945wx"),
        ("NVIDIA GeForce RTX 4090 D", "rtx 4090 d"),
        ("Intel(R) Arc(TM) A770 Graphics", "arc a770 graphics"),
        ("AMD Radeon Graphics", "radeon graphics"),
    ],
)
def test_a_name_without_what_tells_nothing_apart(printed, reduced):
    assert key(printed) == reduced
    assert key(reduced) == reduced


def test_a_users_part_replaces_one_of_the_same_name():
    mine = index([part("Maker X", price=100.0), part("maker x", price=80.0)])
    assert resolve(mine, "Maker X").part.price == 80.0


def test_each_figure_has_a_source():
    paper = Source("paper", "2022-01", "units x clock")
    shop = Source("shop", "2024-05")
    shelf = Shelf(
        vendor="Maker",
        source="page",
        date="2024-01",
        architectures={"ada": paper},
        parts=(
            part("A", architecture="ada", price=1.0, sources={"price": shop}),
            part("B", source="own page"),
        ),
    )
    first, second = stocked(shelf)
    assert source_of(first, "price") == shop
    assert source_of(first, "peaks.fp16") == paper
    assert source_of(first, "bandwidth") == Source("page", "2024-01")
    assert source_of(second, "peaks") == Source("own page", "2024-01")
    assert (first.vendor, second.vendor) == ("Maker", "Maker")


@pytest.fixture(scope="module")
def shipped():
    return book.parts(())


@pytest.fixture(scope="module")
def catalogue(shipped):
    return index(shipped)


def test_the_catalogue_is_wide(shipped):
    kinds = [p.kind for p in shipped]
    assert sum(k in {"gpu", "accelerator", "npu"} for k in kinds) >= 150
    assert kinds.count("cpu") >= 100
    for kind in ("memory", "disk", "server", "cloud", "phone", "browser", "iot", "asic"):
        assert kinds.count(kind) >= 2, kind
    assert kinds.count("edge") + kinds.count("vehicle") >= 2
    assert sum("Laptop GPU" in p.name or "Max-Q Design" in p.name for p in shipped) >= 25


def test_every_part_has_a_source_and_a_date(shipped):
    assert [p.name for p in shipped if not (p.source and p.date and p.vendor)] == []
    assert [p.name for p in shipped if p.peaks and not source_of(p, "peaks").source] == []


def test_no_figure_is_from_memory(shipped):
    said = {
        f"{p.name}: {one.source} {one.note}"
        for p in shipped
        for one in (Source(p.source, p.date, p.note), *p.sources.values())
    }
    assert [line for line in said if re.search("from memory|not looked up", line)] == []


# What drivers and people call several parts of one size: an error that lists them. Of CPUs, which
# `lscpu` names by their core, the first launched is taken.
SHARED = {
    "instinct mi250x / mi250",
    "instinct mi250x/mi250",
    "rtx pro 6000 blackwell",
    "tegra orin gpu",
    "orin",
    "orin (nvgpu)",
}


def test_names_are_of_one_part_or_differ_by_memory(catalogue):
    shared = {
        name
        for name, parts in catalogue.items()
        if len({p.memory for p in parts}) < len(parts) and parts[0].kind != "cpu"
    }
    assert shared == SHARED


@pytest.mark.parametrize(
    ("core", "found", "other"),
    [
        ("Neoverse-N1", "AWS Graviton2", "Ampere Altra"),
        ("Neoverse-V2", "NVIDIA Grace", "AWS Graviton4"),
        ("Neoverse-N2", "Azure Cobalt 100", ""),
        ("Cortex-A76", "Raspberry Pi 5", ""),
    ],
)
def test_a_core_is_the_first_launched_that_has_it(catalogue, core, found, other):
    answer = resolve(catalogue, core)
    assert found in answer.part.name
    assert other in answer.note


def test_what_is_held_is_in_the_catalogue(shipped, catalogue):
    assert [p.name for p in shipped if p.holds and not resolve(catalogue, p.holds)] == []


TERA = 1e12


@pytest.mark.parametrize(
    ("name", "figure", "value"),
    [
        # Sparsity-doubled figures of other tables, halved.
        ("AMD Instinct MI300X", "fp16", 1307),
        ("NVIDIA L4", "fp16", 121),
        ("NVIDIA RTX 6000 Ada Generation", "fp16", 364),
        ("NVIDIA Jetson AGX Orin 64GB", "int8", 85),
        ("NVIDIA H100 80GB HBM3", "fp8", 1979),
        # GeForce halves fp16 with fp32 accumulation, and TF32 runs at the fp32 rate.
        ("NVIDIA GeForce RTX 3090", "fp16", 71.2),
        ("NVIDIA GeForce RTX 3090", "fp16_acc16", 142.3),
        ("NVIDIA GeForce RTX 3090", "tf32", 35.6),
        ("NVIDIA GeForce RTX 4090", "bf16", 165.2),
        ("NVIDIA GeForce RTX 5090", "fp16", 209.5),
        ("NVIDIA RTX A6000", "fp16", 154.8),
        ("NVIDIA A10G", "fp16", 70),  # AWS's part, not the A10's 125
        ("NVIDIA A10", "fp16", 125),
        # Two dies of one module are two devices.
        ("AMD Instinct MI250X", "fp16", 191.5),
        ("Intel Data Center GPU Max 1550", "fp32", 26.2),
        ("NVIDIA H20", "fp16", 148),  # no H200
        ("NVIDIA H200", "fp16", 989),
        ("Gaudi3", "bf16", 1678),  # as shipped, not as in the white paper
    ],
)
def test_traps_of_peaks(catalogue, name, figure, value):
    assert resolve(catalogue, name).part.peaks[figure] / TERA == pytest.approx(value, rel=0.01)


@pytest.mark.parametrize(
    ("name", "gigabytes_per_second"),
    [
        ("NVIDIA H100 80GB HBM3", 3350),  # not the PCIe card's 2039
        ("NVIDIA H100 PCIe", 2039),
        ("NVIDIA A100-SXM4-80GB", 2039),
        ("NVIDIA A100-SXM4-40GB", 1555),
        ("NVIDIA GH200 480GB", 4000),  # 480 GB are the CPU's; the GPU has 96
        ("NVIDIA GeForce RTX 5060", 448),
        ("NVIDIA GeForce RTX 4090 D", 1008),
        ("NVIDIA GeForce RTX 4090 Laptop GPU", 576),
        ("NVIDIA GeForce RTX 2080 with Max-Q Design", 384),
        ("AMD Instinct MI250X", 1638.5),
        ("Tesla P100-PCIE-16GB", 732),
        ("Tesla V100-SXM2-32GB", 900),
        ("Quadro RTX 6000", 672),
        ("AMD Radeon RX 7900 XTX", 960),
    ],
)
def test_traps_of_names(catalogue, name, gigabytes_per_second):
    found = resolve(catalogue, name).part.bandwidth
    assert found == pytest.approx(gigabytes_per_second * 1e9, rel=0.01)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("NVIDIA GeForce RTX 4090", "NVIDIA GeForce RTX 4090 D"),
        ("NVIDIA GeForce RTX 4090", "NVIDIA GeForce RTX 4090 Laptop GPU"),
        ("NVIDIA H20", "NVIDIA H200"),
        ("NVIDIA L40", "NVIDIA L40S"),
    ],
)
def test_neighbours_are_not_one_part(catalogue, one, other):
    first, second = (resolve(catalogue, name).part for name in (one, other))
    assert (
        first.peaks["fp16"] > 1.1 * second.peaks["fp16"]
        or second.peaks["fp16"] > 1.1 * (first.peaks["fp16"])
    )


@pytest.mark.parametrize(
    ("name", "gibibytes", "found"),
    [
        ("NVIDIA GeForce RTX 3080", None, "10GB"),
        ("NVIDIA GeForce RTX 3080", 11.99, "12GB"),
        ("NVIDIA GeForce RTX 3060", 8, "8GB"),
        ("NVIDIA GeForce RTX 4060 Ti", 15.99, "16GB"),
        ("NVIDIA GeForce RTX 5060 Ti", 7.96, "8GB"),
        ("NVIDIA GeForce RTX 3080 Laptop GPU", 16, "16GB"),
    ],
)
def test_one_name_of_two_memory_sizes(catalogue, name, gibibytes, found):
    size = gibibytes * GIB if gibibytes else None
    assert resolve(catalogue, name, size).part.name.endswith(found)


@pytest.mark.parametrize(
    ("printed", "found"),
    [
        ("GeForce RTX 4070 Laptop GPU", "NVIDIA GeForce RTX 4070 Laptop GPU"),
        ("12th Gen Intel(R) Core(TM) i7-12700H", "12th Gen Intel(R) Core(TM) i7-12700H"),
        ("Intel Core i9-13900K", "13th Gen Intel(R) Core(TM) i9-13900K"),
        ("Intel(R) Core(TM) i5-10400F CPU @ 2.90GHz", "Intel(R) Core(TM) i5-10400 CPU @ 2.90GHz"),
        ("Intel(R) Xeon(R) CPU E5-2690 v3 @ 2.60GHz", "Intel(R) Xeon(R) CPU E5-2690 v3 @ 2.60GHz"),
        ("AMD EPYC 7713P 64-Core Processor", "AMD EPYC 7713 64-Core Processor"),
        ("Ryzen 9 7950X3D", "AMD Ryzen 9 7950X3D 16-Core Processor"),
        ("NVIDIA RTX PRO 4000 Blackwell SFF Edition", "NVIDIA RTX PRO 4000 Blackwell SFF Edition"),
        ("Tesla V100-SXM2-32GB", "Tesla V100-SXM2-32GB"),
        ("RTX 4090", "NVIDIA GeForce RTX 4090"),
        ("AMD RX 7900 XTX", "AMD Radeon RX 7900 XTX"),
        ("NVIDIA RTX 4000 Ada", "NVIDIA RTX 4000 Ada Generation"),
        ("AMD EPYC 7B13", "AMD EPYC 7B13 Processor"),
        (
            "AMD Ryzen 7 PRO 7840U w/ Radeon 780M Graphics",
            "AMD Ryzen 7 7840U w/ Radeon 780M Graphics",
        ),
        ("Intel(R) Core(TM) Ultra X9 388H", "Intel(R) Core(TM) Ultra X9 388H"),
        (
            "Snapdragon(R) X Elite - X1E80100 - Qualcomm(R) Oryon(TM) CPU",
            "Snapdragon(R) X Elite - X1E80100 - Qualcomm(R) Oryon(TM) CPU",
        ),
        ("TPU v6e", "Google TPU v6e Trillium"),
        ("Gaudi 3", "Intel Gaudi3"),
        ("Trainium 2", "AWS Trainium2"),
        ("Ironwood", "Google TPU v7 Ironwood"),
        ("P106-100", "NVIDIA P106-100"),
        ("NVIDIA CMP 170HX", "NVIDIA CMP 170HX 8GB"),
        ("NVIDIA Jetson AGX Orin Developer Kit", "NVIDIA Jetson AGX Orin 64GB"),
        ("Raspberry Pi 5 Model B Rev 1.0", "Raspberry Pi 5 (BCM2712)"),
        ("NVIDIA B300 SXM6 AC", "NVIDIA B300 SXM6 AC"),
        ("NVIDIA GB10", "NVIDIA GB10"),
        ("NVIDIA Thor", "NVIDIA Jetson AGX Thor"),
        ("Radeon 8060S Graphics", "AMD Radeon 8060S"),
        ("AMD Instinct MI355X", "AMD Instinct MI355X"),
        ("Intel(R) Arc(TM) Pro B60 Graphics", "Intel Arc Pro B60"),
    ],
)
def test_names_as_drivers_and_kernels_print_them(catalogue, printed, found):
    assert resolve(catalogue, printed).part.name == found


@pytest.mark.parametrize(
    "name",
    [
        *("AMD Radeon Graphics", "NVIDIA", "RTX", "H100", "Xeon", "A100", "Core i9"),
        *("Intel(R) Xeon(R) CPU @ 2.20GHz", "GeForce RTX 4099", "EPYC", "V100", "Orin"),
    ],
)
def test_what_names_no_part(catalogue, name):
    with pytest.raises(AdvisorError):
        resolve(catalogue, name)


@pytest.mark.parametrize(
    ("name", "nearest"),
    [
        ("H100", "NVIDIA H100 PCIe"),
        ("V100", "Tesla V100-PCIE-16GB"),
        ("M3 Max", "Apple M3 Max"),
        ("NVIDIA RTX PRO 6000 Blackwell", "NVIDIA RTX PRO 6000 Blackwell Server Edition"),
    ],
)
def test_a_beginning_names_what_goes_on_from_it(catalogue, name, nearest):
    with pytest.raises(AdvisorError, match=re.escape(nearest)):
        resolve(catalogue, name)


def test_one_module_name_is_told_by_its_memory(catalogue):
    assert resolve(catalogue, "Orin", 64 * GIB).part.name == "NVIDIA Jetson AGX Orin 64GB"
    with pytest.raises(AdvisorError, match="several differ"):
        resolve(catalogue, "Orin", 8 * GIB)
