"""Long lists of names, as they are read best: a text of words."""


def words(text: str) -> tuple[str, ...]:
    """Return the words of a text."""
    return tuple(text.split())
