"""Dies are grouped into boards by device id, links, and else by their neighbours."""

import pytest

from advisor.machine import Device, State
from advisor.probe.dies import boards, joined
from advisor.probe.pci import Function
from tests.tools.tree import source


def cards(*ids):
    return [
        Function(f"0000:{n:02x}:00.0", 0x0380, 0x1002, device) for n, device in enumerate(ids, 1)
    ]


@pytest.mark.parametrize(
    ("ids", "sizes"),
    [
        ((0x740C, 0x740C), [2]),
        ((0x7408,) * 8, [2] * 4),
        ((0x740F, 0x740F), [1, 1]),
        ((0x740C,), [1]),
        ((0x740C, 0x744C, 0x740C), [2, 1]),
        ((), []),
    ],
)
def test_boards(ids, sizes):
    assert [len(board) for board in boards(source({}), cards(*ids), ())] == sizes


@pytest.mark.parametrize(
    ("states", "whole"),
    [
        ((State.PRESENT, State.PRESENT), State.HIDDEN),
        ((State.BROKEN, State.PRESENT), State.HIDDEN),
        ((State.BROKEN, State.BROKEN), State.BROKEN),
    ],
)
def test_a_board_is_used_by_its_dies(states, whole):
    board, *dies = joined(3, [Device(id="", state=s, memory_bytes=4) for s in states])
    assert (board.id, board.state, board.memory_bytes) == ("gpu:3", whole, 8)
    assert [(die.id, die.state) for die in dies] == [
        (f"gpu:3/part:{n}", state) for n, state in enumerate(states)
    ]


def test_what_one_die_does_not_tell_is_unknown_of_the_board():
    assert joined(0, [Device(id="", memory_bytes=4), Device(id="")])[0].memory_bytes is None
