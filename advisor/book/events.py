"""Makes a tree of YAML in one pass over parser events, within bounds, keeping every position.

Scalars stay text; `book.scalars` says what they mean. Anchors, aliases, tags and second documents
are refused: no rule needs them, and they are how small files become large.
"""

from typing import Any

import yaml

from advisor.book.tree import Document, Entry, Mapping, Node, Scalar, Sequence
from advisor.errors import AdvisorError, Where

DEPTH = 64
NODES = 500_000

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def build(document: Document, attempted: str) -> Node | None:
    """Return the tree of a document's text; raises AdvisorError at the first mistake."""
    try:
        return _Builder(document, attempted).build()
    except yaml.MarkedYAMLError as error:
        raise _syntax(document, attempted, error) from None
    except yaml.YAMLError as error:
        raise AdvisorError(attempted, str(error), where=Where(document.file)) from None


def _syntax(document: Document, attempted: str, error: yaml.MarkedYAMLError) -> AdvisorError:
    mark = error.problem_mark or error.context_mark
    where = Where(document.file)
    if mark:
        where = Where(document.file, mark.line + 1, mark.column + 1)
    wrong = ": ".join(filter(None, (error.context, error.problem))) or "it is not YAML"
    remedy = "indent with spaces, not tabs" if "\\t" in wrong else ""
    return document.error_at(attempted, wrong, where, remedy)


class _Builder:
    """Turns events into a tree; open containers are a list, so depth costs no recursion."""

    def __init__(self, document: Document, attempted: str) -> None:
        self.document = document
        self.attempted = attempted
        self.open: list[Mapping | Sequence] = []
        self.keys: list[Scalar | None] = []
        self.root: Node | None = None
        self.nodes = 0
        self.documents = 0

    def build(self) -> Node | None:
        """Follow the parser to the end of the file."""
        for event in yaml.parse(self.document.text, Loader=_LOADER):
            if isinstance(event, yaml.NodeEvent):
                self._node(event)
            elif isinstance(event, yaml.CollectionEndEvent):
                self.open.pop()
                self.keys.pop()
            elif isinstance(event, yaml.DocumentStartEvent):
                self._document(event)
        return self.root

    def _document(self, event: yaml.DocumentStartEvent) -> None:
        self.documents += 1
        if self.documents > 1:
            raise self._refuse(event, "a second document", "keep one to a file")
        if event.tags:
            raise self._refuse(event, "a tag directive", "leave it out")

    def _node(self, event: yaml.NodeEvent) -> None:
        self.nodes += 1
        if self.nodes > NODES:
            raise self._refuse(event, f"more than {NODES} nodes", "split the file")
        if event.anchor:
            raise self._refuse(event, "an anchor or alias", "write the value out")
        if getattr(event, "tag", None):
            raise self._refuse(event, "a tag", "leave it out")
        if isinstance(event, yaml.ScalarEvent):
            self._add(_scalar(event), event)
            return
        if len(self.open) == DEPTH:
            raise self._refuse(event, f"more than {DEPTH} levels", "nest less deeply")
        container: Mapping | Sequence = (
            Mapping({}, *_place(event))
            if isinstance(event, yaml.MappingStartEvent)
            else Sequence([], *_place(event))
        )
        self._add(container, event)
        self.open.append(container)
        self.keys.append(None)

    def _add(self, node: Node, event: yaml.Event) -> None:
        if not self.open:
            self.root = node
            return
        parent, key = self.open[-1], self.keys[-1]
        if isinstance(parent, Sequence):
            parent.items.append(node)
        elif key is not None:
            parent.entries[key.text] = Entry(key, node)
            self.keys[-1] = None
        elif not isinstance(node, Scalar):
            raise self._refuse(event, "a key that is not a word", "write `key: value`")
        elif node.text in parent.entries:
            first = parent.entries[node.text].key.line
            wrong = f"the key {node.text[:60]!r} stands twice, first in line {first}"
            raise self.document.error(self.attempted, wrong, node)
        else:
            self.keys[-1] = node

    def _refuse(self, event: yaml.Event, wrong: str, remedy: str) -> AdvisorError:
        where = Where(self.document.file, *_place(event))
        return self.document.error_at(self.attempted, wrong, where, remedy)


def _place(event: yaml.Event) -> tuple[int, int]:
    """Line and column, from 1."""
    mark = event.start_mark
    return (mark.line + 1, mark.column + 1) if mark else (1, 1)


def _scalar(event: yaml.ScalarEvent) -> Scalar:
    line, column = _place(event)
    plain = not event.style
    end = event.end_mark
    # Columns inside count on where the text stands in one line as it is, without escapes.
    inside = end.column + 1 - column - (0 if plain else 2) if end and end.line + 1 == line else -1
    return Scalar(event.value, line, column, plain, inside == len(event.value))
