"""A clock whose seconds the test chooses, a stand that takes them, and ears that remember."""

from advisor.bench.task import Sample, Task, TaskError
from advisor.bench.watch import Reading


class FakeClock:
    def __init__(self):
        self.seconds = 0.0

    def now(self):
        return self.seconds

    def skip(self, seconds):
        self.seconds -= seconds


class FakeStand:
    """Each call of a task takes ``costs[task.name]`` seconds; others make visits wait."""

    def __init__(self, clock, costs, failures=None, waits=lambda visit: 0.0):
        self.clock = clock
        self.costs = costs
        self.failures = failures or {}
        self.visits = []
        self.washed = []
        self.waits = waits

    def sample(self, task, calls, samples):
        self.visits.append((task.name, calls, samples))
        self.washed.append(task.washed)
        seen = sum(1 for visit in self.visits if visit[0] == task.name)
        if seen >= self.failures.get(task.name, (10**9, None))[0]:
            raise self.failures[task.name][1]
        cost = self.costs[task.name]
        if callable(cost):
            cost = cost(seen)
        batches = samples - (calls == 1)
        self.clock.seconds += cost * (1 + calls * batches)
        waited = self.waits(len(self.visits))
        self.clock.seconds += waited
        return Sample(
            seconds=(cost + waited / calls,) * samples, first=cost, took=cost, waited=waited
        )


class FakeReader:
    """Reads a machine on which ``busy(wall)`` processor seconds were used by others."""

    def __init__(self, clock, busy=lambda wall: 0.0, hot=()):
        self.clock = clock
        self.busy = busy
        self.hot = hot

    def slowed(self, device):
        return f"{device} was slowed down by heat" if device in self.hot else None

    def read(self):
        wall = self.clock.now()
        return Reading(wall=wall, own=0.0, cpus=2, busy=self.busy(wall), steal=0.0)


class FakeObserver:
    def __init__(self):
        self.done = []
        self.gaps = []
        self.seen = 0

    def visited(self, series, limits):
        self.seen += 1

    def finished(self, series):
        self.done.append(series)

    def missed(self, gap):
        self.gaps.append(gap)


def task(name="matmul", **changes):
    plain = {"benchmark": name, "device": "cpu", "unit": "FLOP/s", "work": 1e9}
    return Task(name=name, **{**plain, **changes})


LOST = TaskError("the device fell off the bus", lost=True)
FULL = TaskError("out of memory")
