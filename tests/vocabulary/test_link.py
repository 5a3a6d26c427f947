"""Links are a set of their own, which rules `for: link` speak of."""

import pytest

from advisor.fact import Status
from advisor.machine import Gap, Link
from advisor.vocabulary import Situation, state
from advisor.vocabulary.link import facts
from tests.fakes import BROKEN, GPU, machine, profile

HOST = Link(id="link:gpu:0", kind="pcie", count=16, generation=4, bytes_per_second=31.5e9)
PEER = Link(id="peer:gpu:0+gpu:1", kind="nvlink", count=12, distance="system", peer_access=True)


@pytest.mark.parametrize(
    ("link", "name", "wanted"),
    [
        (HOST, "link.between", "host"), (HOST, "link.bandwidth", 31.5e9), (HOST, "link.count", 16),
        (PEER, "link.between", "peers"), (PEER, "link.distance", "system"),
        (PEER, "link.peer_access", True), (PEER, "link.kind", "nvlink"),
    ],
)  # fmt: skip
def test_facts(link, name, wanted):
    assert facts(link, {})[name].value == wanted


def test_what_is_not_told_is_missing_or_unknown():
    assert facts(HOST, {})["link.distance"].status is Status.MISSING
    told = facts(PEER, {f"{PEER.id}.generation": Gap("", "not told")})
    assert told["link.generation"].status is Status.UNKNOWN


def test_the_set_has_all_links_and_says_that_more_may_be():
    told = state(Situation(profile=profile(machine=machine(devices=(GPU, BROKEN), links=(HOST,)))))
    links = told.sets["link"]
    assert [member.id for member in links.members] == ["link:gpu:0"]
    assert "gpu:1 is broken" in links.unseen
    assert links.members[0].facts["cpu.cores"].value == 4
