"""Headings, columns and paragraphs that all sheets are made of."""

from collections.abc import Iterable

from rich.console import RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from advisor.render.text import clean

STYLES = {"error": "bold red", "warning": "yellow", "info": "cyan", "good": "green", "dim": "dim"}


def flat(text: str) -> str:
    """Put foreign text on one line, so that it cannot forge another."""
    return " ".join(text.split("\n"))


def heading(text: str) -> RenderableType:
    """Print a heading with an empty line above it."""
    return Text("\n", style="bold").append(flat(clean(text)))


def words(text: str, style: str = "", indent: int = 2) -> RenderableType:
    """Print a paragraph, wrapped and indented."""
    return Padding(Text(flat(clean(text)), style=STYLES.get(style, style)), (0, 0, 0, indent))


def verbatim(text: str, indent: int = 2) -> RenderableType:
    """Print lines as they stand, such as those of a rule file."""
    return Padding(Text(clean(text)), (0, 0, 0, indent))


def columns(
    lines: Iterable[tuple[str, ...]], *, right: tuple[int, ...] = (), keep: tuple[int, ...] = (0,)
) -> RenderableType:
    """Print lines in columns: ``right`` are aligned right, ``keep`` are never wrapped."""
    table = Table.grid(padding=(0, 2, 0, 0), expand=False)
    listed = list(lines)
    for index in range(max((len(cells) for cells in listed), default=0)):
        justify = "right" if index in right else "left"
        table.add_column(justify=justify, no_wrap=index in keep, overflow="fold")  # type: ignore[arg-type]  # a literal of rich's
    for cells in listed:
        table.add_row(*(Text(flat(clean(cell))) for cell in cells))
    return Padding(table, (0, 0, 0, 2))
