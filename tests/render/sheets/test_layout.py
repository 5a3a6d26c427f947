"""Columns line up, wrap, and carry no control characters."""

from rich.console import Console

from advisor.render.sheets.layout import columns, heading, words


def printed(part: object, width: int = 40) -> list[str]:
    console = Console(width=width, force_terminal=False)
    with console.capture() as capture:
        console.print(part)
    return [line.rstrip() for line in capture.get().splitlines()]


def test_columns_align_and_wrap():
    lines = printed(columns([("a", "1"), ("long", "one two three four five six seven eight")]))
    assert lines[0] == "  a     1"
    assert lines[1].startswith("  long  one two")
    assert lines[2].startswith("        ")


def test_words_are_indented():
    assert printed(words("x" * 30 + " y" * 10, indent=4))[1].startswith("    y")


def test_headings_are_clean():
    assert printed(heading("a\x07b")) == ["", "a?b"]
