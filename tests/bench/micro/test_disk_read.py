import os

import pytest

from advisor.bench.hands import Hands
from advisor.bench.messages import Start
from advisor.bench.micro import disk_read
from advisor.bench.task import Site, TaskError
from advisor.machine import Gap


def plan(free):
    site = Site(places=(), threads=1, folder="/data", disk_free_bytes=free)
    (item,) = disk_read.headline(site, ())
    return item


@pytest.mark.parametrize(
    ("free", "size"), [(2**40, 2**30), (20 * 2**30, 204 * 2**20), (2**31, 20 * 2**20)]
)
def test_the_file_is_a_gibibyte_at_most_and_one_percent_of_what_is_free(free, size):
    assert plan(free).conditions["file_bytes"] == size
    assert plan(free).work == 2**20


@pytest.mark.parametrize("free", [None, 0, 2**30])
def test_a_full_disk_is_left_alone(free):
    assert isinstance(plan(free), Gap)
    assert "/data" in plan(free).why


def test_a_system_without_positioned_reads_is_told(monkeypatch):
    monkeypatch.delattr(os, "preadv", raising=False)
    assert plan(2**40) == Gap("measurements.disk.read", "this system has no preadv call")


def ready(folder, monkeypatch):
    monkeypatch.setattr(disk_read, "MOST_BYTES", 2 * disk_read.LEAST_BYTES)
    return disk_read.prepare(plan(2**40), Hands(None, Start(1, str(folder))))


def test_the_file_is_read_in_blocks_and_is_gone_at_once(tmp_path, monkeypatch):
    made = ready(tmp_path, monkeypatch)
    assert list(tmp_path.iterdir()) == []
    assert [made.call() for _ in range(40)] == [2**20] * 40  # past the end it starts again
    assert made.conditions["method"] in {"direct", "page cache"}
    assert (made.doubt is None) is (made.conditions["method"] == "direct")


def test_where_direct_reads_are_refused_it_says_page_cache(tmp_path, monkeypatch):
    def refuse(path, flags):
        if flags & getattr(os, "O_DIRECT", 0):
            raise OSError(22, "Invalid argument")
        return opened(path, flags)

    opened = os.open
    monkeypatch.setattr(disk_read.os, "open", refuse)
    made = ready(tmp_path, monkeypatch)
    assert made.conditions["method"] == "page cache"
    assert made.doubt.startswith("page cache")
    assert made.call() == 2**20


def test_a_folder_that_takes_no_file_is_a_failure_with_a_remedy(tmp_path, monkeypatch):
    with pytest.raises(TaskError) as caught:
        ready(tmp_path / "missing", monkeypatch)
    assert caught.value.why.endswith("No such file or directory")
    assert caught.value.remedy


def test_a_disk_too_slow_to_write_is_a_failure_and_leaves_nothing(tmp_path, monkeypatch):
    monkeypatch.setattr(disk_read, "_WRITE_SECONDS", 0.0)
    with pytest.raises(TaskError, match="took only"):
        ready(tmp_path, monkeypatch)
    assert list(tmp_path.iterdir()) == []


def test_the_file_has_no_name_while_it_grows(tmp_path, monkeypatch):
    names = []
    write = disk_read._write

    def spy(file, size, seconds):
        names.extend(tmp_path.iterdir())
        return write(file, size, seconds)

    monkeypatch.setattr(disk_read, "_write", spy)
    ready(tmp_path, monkeypatch)
    assert names == []


def test_the_pages_of_the_buffer_are_there_before_it_is_read_into():
    assert set(disk_read.scattered(disk_read.BLOCK)[:: disk_read.mmap.PAGESIZE]) == {1}
