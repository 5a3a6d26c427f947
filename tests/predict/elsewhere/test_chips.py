"""Of a chip whose int8 rate alone is known, a wide prediction of inference is made."""

import pytest

from advisor import book
from advisor.part import Part
from advisor.predict.elsewhere.chips import estimates

CNN = book.workload("cnn", ())
HAILO = Part(name="Hailo-8", kind="asic", peaks={"int8": 26e12})


def test_the_maker_s_own_figure_lies_within():
    (found,) = estimates(book.workload("cnn-mobile", ()), "asic", HAILO)
    # MobileNetV2: 2,434 a second in the Model Zoo, at batch 1.
    assert found.throughput.low < 2434 < found.throughput.high
    assert found.throughput.high / found.throughput.low > 10
    assert (found.plan.dtype, found.plan.batch, found.plan.device) == ("int8", 1, "Hailo-8")
    assert found.memory_bytes.likely == pytest.approx(3.5e6, rel=0.02)  # a byte a weight
    assert {line.origin for line in found.basis} == {"catalogue"}


@pytest.mark.parametrize(
    ("workload", "part", "count"),
    [
        ("cnn", HAILO, 1),
        ("cnn", Part(name="n", kind="asic"), 0),
        ("cnn", Part(name="n", kind="asic", peaks={"int8": 1e12, "fp16": 1e12}), 0),
        ("llm-1b", HAILO, 0),
        ("trees", HAILO, 0),
    ],
)
def test_only_networks_on_what_runs_int8_alone(workload, part, count):
    assert len(estimates(book.workload(workload, ()), "asic", part)) == count


def test_only_memory_beside_the_chip_is_room():
    on_chip = Part(name="n", kind="asic", peaks={"int8": 4e12}, memory=8e6)
    beside = Part(name="n", kind="phone", peaks={"int8": 4e12}, memory=8e9, bandwidth=5e10)
    rooms = [estimates(CNN, "asic", part)[0].memory_available for part in (on_chip, beside)]
    assert rooms == [None, 8e9]
