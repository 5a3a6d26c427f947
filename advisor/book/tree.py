"""A YAML file as a tree whose every node knows its place."""

from functools import lru_cache

import msgspec

from advisor.errors import AdvisorError, Where

# Nodes are made without the collector's bookkeeping: a tree has no cycles.

EXCERPT = 100  # characters of a faulty line shown: it fits a terminal with some margin


class Scalar(msgspec.Struct, frozen=True, gc=False):
    """A text; ``plain`` if it stood without quotes, ``literal`` if columns inside it count on."""

    text: str
    line: int
    column: int
    plain: bool = True
    literal: bool = True


class Entry(msgspec.Struct, frozen=True, gc=False):
    """A key and its value."""

    key: Scalar
    value: "Node"


class Mapping(msgspec.Struct, frozen=True, gc=False):
    """Keys with values, in the order of the file."""

    entries: dict[str, Entry]
    line: int
    column: int


class Sequence(msgspec.Struct, frozen=True, gc=False):
    """Items in the order of the file."""

    items: list["Node"]
    line: int
    column: int


Node = Scalar | Mapping | Sequence


@lru_cache(maxsize=1)
def _lines(text: str) -> list[str]:
    return text.splitlines()


class Document(msgspec.Struct, frozen=True):
    """A file that could be read: its name, its text, and its tree (None if it is empty)."""

    file: str
    text: str
    root: Node | None = None

    def where(self, node: Node, offset: int = 0) -> Where:
        """Place of a node, or of a character inside a scalar."""
        inside = offset if isinstance(node, Scalar) and node.literal else 0
        quote = int(inside > 0 and isinstance(node, Scalar) and not node.plain)
        return Where(self.file, node.line, node.column + inside + quote)

    def error(
        self, attempted: str, wrong: str, node: Node, *, offset: int = 0, remedy: str = ""
    ) -> AdvisorError:
        """Make an error that points at a node, or at a character inside a scalar."""
        return self.error_at(attempted, wrong, self.where(node, offset), remedy)

    def error_at(self, attempted: str, wrong: str, where: Where, remedy: str = "") -> AdvisorError:
        """Make an error with the line at fault and a caret under the column."""
        error = AdvisorError(attempted, wrong, where=where, remedy=remedy)
        error.excerpt = excerpt(_lines(self.text), where)
        return error


def excerpt(lines: list[str], where: Where) -> str:
    """Return a line and a caret under its column; of a long line, the stretch around it."""
    if where.line is None or where.column is None or not 1 <= where.line <= len(lines):
        return ""
    line, column = lines[where.line - 1], where.column - 1
    start = max(0, column - EXCERPT // 2) if len(line) > EXCERPT else 0
    shown = line[start : start + EXCERPT].replace("\t", " ")
    return f"  {shown}\n  {' ' * min(column - start, len(shown))}^"
