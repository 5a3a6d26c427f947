"""The store writes whole files, keeps by key, and never loses what is there."""

import os

import msgspec
import pytest

from advisor import store
from advisor.errors import AdvisorError
from advisor.machine import Cpu, Device, Machine, Memory, Software
from advisor.measurement import Measurement

MACHINE = Machine(
    cpu=Cpu(model="A", threads_online=4),
    memory=Memory(total_bytes=8),
    devices=(Device(id="gpu:0", uuid="GPU-1", name="X"),),
    software=Software(kernel="6.1", driver="550.54", torch="2.11"),
)


def measured(value: float, name: str = "matmul.peak", **conditions: int) -> Measurement:
    return Measurement(
        name=name, device="cpu", dtype="fp32", value=value, low=value * 0.9, high=value * 1.1,
        unit="FLOP/s", rounds=5, conditions=dict(conditions),
    )  # fmt: skip


@pytest.fixture(autouse=True)
def state(tmp_path, monkeypatch):
    monkeypatch.setenv("MLINFRA_STATE", str(tmp_path / "state"))
    return tmp_path / "state"


def change(**parts: object) -> Machine:
    return msgspec.structs.replace(MACHINE, **parts)


@pytest.mark.parametrize(
    ("identity", "machine"),
    [
        ("other host", MACHINE),
        ("host", change(cpu=Cpu(model="B", threads_online=4))),
        ("host", change(cpu=Cpu(model="A", threads_online=4, threads_allowed=1))),
        ("host", change(memory=Memory(total_bytes=16))),
        ("host", change(devices=())),
        ("host", change(software=Software(kernel="6.1", driver="560.0", torch="2.11"))),
    ],
)
def test_another_host_hardware_or_software_has_another_key(identity, machine):
    assert store.key("host", MACHINE) == store.key("host", change())
    assert store.key(identity, machine) != store.key("host", MACHINE)


def test_nothing_kept_is_nothing():
    assert store.load("k") == ()


def test_kept_is_read_back_and_newer_replaces_the_same():
    store.keep("k", [measured(1.0, "copy"), measured(5.0, "copy", m=1), measured(6.0, "copy", m=2)])
    store.keep("k", [measured(2.0, "copy")])
    assert [m.value for m in store.load("k")] == [2.0, 5.0, 6.0]


def test_a_peak_is_one_figure_whichever_shape_it_was_reached_at():
    store.keep("k", [measured(1.0, m=1)])
    store.keep("k", [measured(2.0, m=2)])
    assert [m.value for m in store.load("k")] == [2.0]


@pytest.mark.parametrize("text", ["", "{", '{"key": "k", "measurements": [{}]}', "[]", "\0"])
def test_a_damaged_file_is_one_line_and_is_set_aside(state, text):
    path = state / "measurements" / "k.json"
    path.parent.mkdir(parents=True)
    path.write_text(text)
    with pytest.raises(AdvisorError) as caught:
        store.load("k")
    assert "\n" not in str(caught.value)
    store.keep("k", [measured(1.0)])
    assert len(store.load("k")) == 1
    assert path.with_suffix(".damaged").read_text() == text


def test_a_second_damage_leaves_the_first_file_aside(state):
    path = state / "measurements" / "k.json"
    for text in ("{", "["):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        store.keep("k", [measured(1.0)])
    assert path.with_suffix(".damaged").read_text() == "{"
    assert path.with_suffix(".damaged1").read_text() == "["


def test_a_file_that_cannot_be_read_is_not_set_aside(state):
    path = state / "measurements" / "k.json"
    path.mkdir(parents=True)
    with pytest.raises(AdvisorError, match="Is a directory"):
        store.keep("k", [measured(1.0)])
    assert path.is_dir()


def test_another_keys_file_is_not_taken(state):
    store.keep("k", [measured(1.0)])
    (state / "measurements" / "k.json").rename(state / "measurements" / "j.json")
    with pytest.raises(AdvisorError, match="another machine"):
        store.load("j")


def test_a_place_that_cannot_be_written_is_one_line(tmp_path):
    blocked = tmp_path / "file"
    blocked.write_text("")
    with pytest.raises(AdvisorError) as caught:
        store.write_whole(blocked / "x.json", b"1", "write the report")
    assert str(caught.value).startswith(f"{blocked / 'x.json'}: write the report: ")


def test_a_full_disk_loses_nothing(tmp_path, monkeypatch):
    path = tmp_path / "x.json"
    path.write_bytes(b"old")

    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(AdvisorError, match="No space left"):
        store.write_whole(path, b"new", "write the report")
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_written_file_follows_the_users_mask(tmp_path):
    store.write_whole(tmp_path / "x", b"", "write")
    (tmp_path / "y").touch()
    assert (tmp_path / "x").stat().st_mode == (tmp_path / "y").stat().st_mode


@pytest.mark.parametrize(
    ("variables", "ends"),
    [
        ({"MLINFRA_STATE": "/a"}, "/a"),
        ({"XDG_STATE_HOME": "/b"}, "/b/mlinfra"),
        ({"HOME": "/c"}, "/c/.local/state/mlinfra"),
    ],
)
def test_folder(monkeypatch, variables, ends):
    for name in ("MLINFRA_STATE", "XDG_STATE_HOME"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert str(store.folder()) == ends


def test_a_report_may_be_read_by_whom_the_umask_lets(tmp_path):
    path = tmp_path / "r.prom"
    before = os.umask(0o027)
    try:
        store.write_whole(path, b"x", "write")
    finally:
        os.umask(before)
    assert path.stat().st_mode & 0o777 == 0o640
    path.chmod(0o604)
    store.write_whole(path, b"y", "write")
    assert path.stat().st_mode & 0o777 == 0o604


def test_a_link_goes_on_leading_to_its_file_and_a_pipe_is_written_to(tmp_path):
    (tmp_path / "real").write_bytes(b"old")
    (tmp_path / "link").symlink_to("real")
    store.write_whole(tmp_path / "link", b"new", "write")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "real").read_bytes() == b"new"
    os.mkfifo(tmp_path / "pipe")
    reader = os.open(tmp_path / "pipe", os.O_RDONLY | os.O_NONBLOCK)
    store.write_whole(tmp_path / "pipe", b"told", "write")
    assert os.read(reader, 9) == b"told"
    os.close(reader)
