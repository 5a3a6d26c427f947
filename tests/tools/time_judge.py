"""Times reading and judging: 100 rules, one machine, then a thousand.

Run: python tests/tools/time_judge.py [PLANS]
"""

import sys
import tempfile
import time
from pathlib import Path
from random import Random

from advisor import book, judge
from advisor.fact import Declaration, Fact, Facts, Kind, Status, Subject, SubjectSet
from advisor.rule import Rule
from advisor.vocabulary import declared

RULES = 100
WORDS = {Kind.TEXT: "cpu", Kind.VERSION: "2.4", Kind.FLAG: True}


def hundred(folder: Path) -> tuple[Rule, ...]:
    """Read the shipped rules and as many copies, under other names, as make a hundred."""
    shipped = book.rules((), declared())
    for number in range(RULES - len(shipped)):
        rule = shipped[number % len(shipped)]
        text = Path(rule.where.file).read_text().replace(f"id: {rule.id}", f"id: copy-{number}", 1)
        (folder / f"copy-{number}.yaml").write_text(text)
    started = time.perf_counter()
    rules = book.rules([folder], declared())
    print(f"reading {len(rules)} rules: {1000 * (time.perf_counter() - started):.1f} ms")
    return rules


def fact(random: Random, word: Declaration) -> Fact:
    """Return a value within ten percent, or none."""
    if random.random() < 0.1:
        return Fact(name=word.name, status=Status.UNKNOWN)
    if word.kind is not Kind.NUMBER:
        return Fact(name=word.name, value=WORDS[word.kind])
    value = random.uniform(1, 1000)
    return Fact(name=word.name, value=value, low=0.9 * value, high=1.1 * value)


def situation(random: Random, plans: int) -> Facts:
    """Return one machine with a GPU, a device, a disk and some plans."""
    counts = {"machine": 1, "gpu": 1, "device": 1, "disk": 1, "plan": plans}
    sets = {}
    for kind, count in counts.items():
        words = [word for word in declared().values() if word.visible(kind)]
        made = [{word.name: fact(random, word) for word in words} for _ in range(count)]
        sets[kind] = SubjectSet(tuple(Subject(f"{kind}:{n}", f) for n, f in enumerate(made)))
    return Facts(sets)


def main() -> None:
    """Print the figures."""
    plans = int(sys.argv[1]) if sys.argv[1:] else 20
    with tempfile.TemporaryDirectory() as name:
        rules = hundred(Path(name))
    machine = situation(Random(0), plans)
    for label in ("first", "second"):
        started = time.perf_counter()
        verdicts = judge.judge(rules, machine, declared())
        taken = 1000 * (time.perf_counter() - started)
        print(
            f"judging a machine with {plans} plans, {label} time: {taken:.1f} ms ({len(verdicts)})"
        )
    machines = [situation(Random(seed), plans) for seed in range(50)]
    started = time.perf_counter()
    for machine in machines:
        judge.judge(rules, machine, declared())
    print(f"a thousand machines: {20 * (time.perf_counter() - started):.1f} s")


if __name__ == "__main__":
    main()
