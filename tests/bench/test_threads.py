import pytest

from advisor.bench.threads import choose
from advisor.machine import Cpu, Limit, Machine, Memory


@pytest.mark.parametrize(
    ("cpu", "ledger", "count", "why"),
    [
        (Cpu(cores=8, threads_allowed=16), None, 8, "physical cores"),
        (Cpu(cores=8, threads_allowed=4), None, 4, "allowed threads"),
        (Cpu(cores=64), 2.0, 2, "the ledger (cgroup)"),
        (Cpu(cores=64), 2.9, 2, "the ledger (cgroup)"),
        (Cpu(cores=64), 0.5, 1, "the ledger (cgroup)"),
        (Cpu(threads_online=4), None, 4, "allowed threads"),
        (Cpu(), None, 1, "nothing is known of the cores"),
    ],
)
def test_threads_follow_cores_and_the_ledger(cpu, ledger, count, why):
    lines = {"cpu": (Limit("cgroup", ledger, "cpu.max", binding=True),)} if ledger else {}
    threads = choose(Machine(cpu=cpu, memory=Memory(), capacity=lines))
    assert (threads.count, threads.why) == (count, why)


@pytest.mark.parametrize(("nodes", "pin"), [(None, False), (1, False), (2, True)])
def test_threads_are_bound_only_across_numa_nodes(nodes, pin):
    assert choose(Machine(cpu=Cpu(cores=8, numa_nodes=nodes), memory=Memory())).pin is pin
