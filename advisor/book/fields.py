"""Takes the fields of a mapping one by one, noting every mistake and going on."""

from collections.abc import Iterable

import msgspec

from advisor.book.near import listed, near
from advisor.book.problems import Problems
from advisor.book.scalars import core
from advisor.book.tree import Document, Mapping, Node, Scalar, Sequence

LONGEST = 2000  # characters of a text: a paragraph


class Fields(msgspec.Struct):
    """A mapping being read: ``what`` names it in messages."""

    document: Document
    mapping: Mapping
    what: str
    problems: Problems

    def add(self, wrong: str, node: Node, remedy: str = "", offset: int = 0) -> None:
        """Note a mistake."""
        attempted = f"read a {self.what}"
        self.problems.note(
            self.document.error(attempted, wrong, node, offset=offset, remedy=remedy)
        )

    def only(self, known: Iterable[str]) -> None:
        """Refuse every key that is not known."""
        known = list(known)
        for name, entry in self.mapping.entries.items():
            if name not in known:
                remedy = near(name, known) or f"a {self.what} has {listed(known)}"
                self.add(f"no key is called {name[:60]!r}", entry.key, remedy)

    def require(self, *names: str) -> None:
        """Note each key that is not there."""
        for name in names:
            if name not in self.mapping.entries:
                self.add(f"{name}: is not there", self.mapping)

    def node(self, name: str) -> Node | None:
        """Return a value as it is, None if it is not there."""
        entry = self.mapping.entries.get(name)
        return entry.value if entry else None

    def scalar(self, name: str) -> Scalar | None:
        """Return a value that must be one scalar."""
        node = self.node(name)
        if node is not None and not isinstance(node, Scalar):
            self.add(f"{name}: wants one value, not a list or mapping", node)
            return None
        return node

    def text(self, name: str) -> str:
        """Return a text, empty if it is not there; line breaks inside become spaces."""
        scalar = self.scalar(name)
        if scalar is not None and not scalar.text.strip():
            self.add(f"{name}: is empty", scalar)
        if scalar is not None and len(scalar.text) > LONGEST:
            self.add(f"{name}: is longer than {LONGEST} characters", scalar)
        return " ".join(scalar.text.split()) if scalar else ""

    def choice(self, name: str, choices: Iterable[str], default: str) -> str:
        """Return one of some words."""
        scalar = self.scalar(name)
        if scalar is None:
            return default
        choices = list(choices)
        if scalar.text not in choices:
            remedy = near(scalar.text, choices) or f"write one of {listed(choices)}"
            self.add(f"{name}: is never {scalar.text[:60]!r}", scalar, remedy)
            return default
        return scalar.text

    def flag(self, name: str) -> bool:
        """Return true or false, false if it is not there."""
        scalar = self.scalar(name)
        if scalar is None:
            return False
        if scalar.text not in {"true", "false"}:
            self.add(f"{name}: wants true or false", scalar)
        return core(scalar) is True

    def nodes(self, name: str) -> list[Node]:
        """Return the items of a list."""
        node = self.node(name)
        if node is None:
            return []
        if not isinstance(node, Sequence):
            self.add(f"{name}: wants a list", node)
            return []
        return node.items

    def texts(self, name: str) -> tuple[str, ...]:
        """Return a list of texts."""
        found = self.nodes(name)
        for node in found:
            if not isinstance(node, Scalar) or not node.text.strip():
                self.add(f"{name}: wants a list of texts", node)
        return tuple(node.text for node in found if isinstance(node, Scalar))
