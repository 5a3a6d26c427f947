"""Xids are collected by device, each once."""

import pytest

from advisor.probe.doors.kernel_log import parse

LINE = "[  1.0] NVRM: Xid (PCI:0000:0B:00): {}, pid=1234, GPU has fallen off the bus.\n"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", {}),
        ("usb 1-1: new device\n", {}),
        (LINE.format(79), {"0000:0b:00": [79]}),
        (LINE.format(79) + LINE.format(31) + LINE.format(79), {"0000:0b:00": [79, 31]}),
        (LINE.format(48) + LINE.format(63).replace("0B", "0C"),
         {"0000:0b:00": [48], "0000:0c:00": [63]}),
    ],
)  # fmt: skip
def test_parse(text, found):
    assert parse(text) == found
