"""A torch for devices that are not here: it notes what is asked of it."""

from types import SimpleNamespace as Fake


class FakeTensor:
    def __init__(self, torch, device, *, pinned=False):
        self.torch = torch
        self.device = device
        self.pinned = pinned

    def clone(self):
        return self

    def pin_memory(self):
        return FakeTensor(self.torch, self.device, pinned=True)

    def view(self, *shape):
        return self

    def is_pinned(self):
        return self.pinned

    def add_(self, value):
        self.torch.calls.append(f"add on {self.device}")

    def copy_(self, source, non_blocking=False):
        waits = "" if non_blocking else " and wait"
        self.torch.calls.append(f"{source.device} to {self.device}{waits}")


class FakeTorch:
    """``calls`` holds what was done, in order."""

    def __init__(self):
        self.calls = []
        self.cuda = Fake(
            synchronize=lambda name="": self.calls.append(f"synchronize {name}".strip()),
            nccl=Fake(all_reduce=self._all_reduce),
        )

    def mm(self, x, w, out):
        self.calls.append(f"mm on {out.device}")

    def zeros(self, count, device):
        return FakeTensor(self, device)

    def _all_reduce(self, buffers):
        self.calls.append("all-reduce " + " ".join(buffer.device for buffer in buffers))


class FakeHands:
    def __init__(self):
        self.torch = FakeTorch()

    def normal(self, role, count, dtype, device):
        return FakeTensor(self.torch, device)

    def module(self, device):
        return self.torch.cuda
