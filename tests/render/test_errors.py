"""Errors print as one line for people and as one object for scripts."""

import json

from advisor.errors import AdvisorError
from advisor.render.errors import as_json, as_text

ERROR = AdvisorError("read \x1b[31mx", "no", remedy="look")


def test_for_people():
    assert as_text(ERROR) == "mlinfra: read ?[31mx: no; look"


def test_for_scripts():
    told = json.loads(as_json(ERROR))
    assert (told["schema"], told["where"], told["exit"]) == ("mlinfra/error/1", None, 2)
