"""Three answers, after Kleene: True, False, and None for unknown."""

from collections.abc import Iterable

Answer = bool | None


def conjunction(answers: Iterable[Answer]) -> Answer:
    """All: false if one is, true only if each is."""
    result: Answer = True
    for answer in answers:
        if answer is False:
            return False
        if answer is None:
            result = None
    return result


def disjunction(answers: Iterable[Answer]) -> Answer:
    """Any: true if one is, false only if each is."""
    result: Answer = False
    for answer in answers:
        if answer is True:
            return True
        if answer is None:
            result = None
    return result


def negation(answer: Answer) -> Answer:
    """Not: unknown stays unknown."""
    return None if answer is None else not answer
