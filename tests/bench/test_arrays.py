import pytest

from advisor.bench.arrays import Blocks, _parts


@pytest.mark.parametrize(
    ("size", "count"), [(2**20, 1), (2**20, 3), (4096, 2), (2**20 + 5000, 4), (100, 2)]
)
def test_parts_cover_a_block_without_gap_or_overlap(size, count):
    parts = _parts(size, count)
    assert sum(length for _, length in parts) == size
    ends = [0, *(start + length for start, length in parts)]
    assert [start for start, _ in parts] == ends[:-1]


def test_a_copy_moves_every_byte():
    blocks = Blocks(2, 2**20, threads=2, seconds=10)
    blocks.maps[1][:] = bytes(range(256)) * 4096
    blocks.copy(2**20)()
    assert blocks.maps[0][:] == blocks.maps[1][:]


def test_a_copy_of_less_leaves_the_rest():
    blocks = Blocks(2, 2**20, threads=2, seconds=10)
    blocks.maps[1][:] = b"\x07" * 2**20
    blocks.copy(2**16)()
    assert blocks.maps[0][: 2**16] == b"\x07" * 2**16
    assert blocks.maps[0][2**16 :] == b"\x01" * (2**20 - 2**16)


def test_touching_stops_with_the_time_but_not_before_the_first_part():
    blocks = Blocks(1, 200 * 2**20, threads=1, seconds=0)
    assert blocks.size == 64 * 2**20
