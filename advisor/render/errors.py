"""Errors, as one line for people and as one object for scripts."""

import msgspec

from advisor.errors import AdvisorError, ErrorReport
from advisor.render.text import clean


def as_text(error: AdvisorError) -> str:
    """Print the error as a line that begins with the program's name."""
    return f"mlinfra: {clean(str(error))}"


def as_json(error: AdvisorError) -> str:
    """Print the error as a JSON object."""
    report = ErrorReport(
        attempted=error.attempted,
        wrong=error.wrong,
        where=msgspec.to_builtins(error.where) if error.where else None,
        remedy=error.remedy,
        exit=int(error.code),
    )
    return msgspec.json.encode(report).decode()
