"""YAML is read in one pass, keeps its places, and hostile files give one clear error."""

import pytest

from advisor.book.reader import BYTES, load, parse
from advisor.book.tree import Mapping, Sequence
from advisor.errors import AdvisorError


def read(text):
    return parse(text if isinstance(text, bytes) else text.encode(), "a.yaml")


def test_places_are_kept():
    root = read("a: 1\nb:\n  - c: 'd'\n").root
    assert isinstance(root, Mapping)
    assert (root.entries["a"].value.line, root.entries["a"].value.column) == (1, 4)
    items = root.entries["b"].value
    assert isinstance(items, Sequence)
    inner = items.items[0].entries["c"]
    assert (inner.key.line, inner.key.column) == (3, 5)
    assert (inner.value.text, inner.value.column, inner.value.plain) == ("d", 8, False)


@pytest.mark.parametrize(
    ("text", "line", "wrong"),
    [
        ("a: 1\nb: 2\na: 3\n", 3, "the key 'a' stands twice, first in line 1"),
        ("a: &x 1\n", 1, "anchor"),
        ("a: *x\n", 1, "anchor or alias"),
        ("a: &x [*x]\n", 1, "anchor"),
        ("a: !!python/object:os.system 1\n", 1, "a tag"),
        ("%TAG ! tag:x,1:\n---\na: 1\n", 1, "a tag directive"),
        ("a: 1\n---\nb: 2\n", 2, "a second document"),
        ("? [a]\n: 1\n", 1, "a key that is not a word"),
        ("a:\n\t- 1\n", 2, ""),
        ("a: [1\nb: 2\n", 2, "flow sequence"),
        ("a: \x00\n", 1, "control character U+0000"),
        ("a: 1\nb: \x1b[31m\n", 2, "control character U+001B"),
        ("[" * 50_000, 1, "more than 64 levels"),
        ("{a: " * 50_000, 1, "more than 64 levels"),
        ("- " * 50_000, 1, "more than 64 levels"),
        ("a: 'b\n", 2, "quoted scalar"),
        (b"\xff\xfea\x00", None, "UTF-16"),
        (b"a: \xff\n", None, "byte 3 is not UTF-8"),
        (b"a" * (BYTES + 1), None, "larger than 4000 kB"),
        ("[" + "a," * 500_001 + "]", 1, "more than 500000 nodes"),
    ],
    ids=range(20),
)
def test_refusals(text, line, wrong):
    with pytest.raises(AdvisorError) as caught:
        read(text)
    assert wrong in caught.value.wrong
    assert caught.value.where.file == "a.yaml"
    assert caught.value.where.line == line


def test_billion_laughs_end_at_the_first_anchor():
    laughs = "a: &a [x,x]\n" + "".join(
        f"{b}: &{b} [*{a},*{a}]\n" for a, b in zip("abcdefg", "bcdefgh", strict=True)
    )
    with pytest.raises(AdvisorError, match="anchor"):
        read(laughs)


@pytest.mark.parametrize("text", [b"", b"# only a comment\n", b"\xef\xbb\xbf"])
def test_an_empty_file_has_no_root(text):
    assert read(text).root is None


def test_a_caret_points_at_the_fault():
    with pytest.raises(AdvisorError) as caught:
        read("a: 1\nbb: &x 2\n")
    assert caught.value.excerpt == "  bb: &x 2\n      ^"


def test_only_regular_files_are_opened(tmp_path):
    with pytest.raises(AdvisorError, match="not a regular file"):
        load(tmp_path)
    with pytest.raises(AdvisorError, match="No such file"):
        load(tmp_path / "none.yaml")
