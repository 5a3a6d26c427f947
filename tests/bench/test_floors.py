import pytest

from advisor.bench.floors import floor
from tests.bench.fakes import task


@pytest.mark.parametrize(
    ("narrow", "wide"),
    [
        (task(device="gpu:0"), task(device="cpu")),
        (task(device="cpu"), task("disk.read", device="disk:0")),
    ],
)
def test_steadier_classes_have_lower_floors(narrow, wide):
    assert 0 < floor(narrow) < floor(wide) < 0.5
