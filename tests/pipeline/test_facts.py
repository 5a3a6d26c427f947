"""Every declared fact is listed, with its value here."""

import msgspec

from advisor.pipeline.facts import facts
from advisor.pipeline.look import Look
from advisor.vocabulary import declared
from tests.fakes import PROFILE


def test_facts(tmp_path):
    path = tmp_path / "profile.json"
    path.write_bytes(msgspec.json.encode(PROFILE))
    report = facts(Look(profile=path), None, [])
    lines = {line.name: line for line in report.facts}
    assert set(lines) == set(declared())
    total = lines["memory.total"]
    assert total.values["machine"].value == PROFILE.machine.memory.total_bytes
    assert (total.unit, total.subject, total.origin) == ("bytes", "machine", "probed")
    assert set(lines["gpu.memory"].values) <= {d.id for d in PROFILE.machine.devices}
