"""A plan on a slice of a card is told what the whole card would bring."""

from pathlib import Path

from advisor.pipeline.look import Look
from advisor.pipeline.recommend import Question
from advisor.pipeline.upgrade import Shopping, shop

GOLDEN = Path(__file__).parents[1] / "golden"


def test_the_whole_card_gains_less_than_it_has_units_more():
    question = Question(
        workload="cnn", phases=("training",), look=Look(profile=GOLDEN / "mig.json")
    )
    gain = shop(Shopping(question=question), lambda: None).whole
    # 42 of 108 units, half of the memory's bandwidth; small ops are started as slowly.
    assert 1.2 < gain.low < gain.likely < gain.high
    assert 1.6 < gain.likely < 108 / 42
