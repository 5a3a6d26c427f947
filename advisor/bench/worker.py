"""The worker process: it alone loads torch, so that a hung kernel can be left behind.

Reads requests and writes replies, one JSON object a line; whatever libraries print goes to stderr.
"""

import os
import sys
from typing import Any, BinaryIO

import msgspec

from advisor.bench import accelerators, allocator
from advisor.bench.choice import plugins
from advisor.bench.hands import Hands
from advisor.bench.messages import Broken, Reply, Request, Start, Survey, Take, Taken
from advisor.bench.task import Ready, Task, TaskError


class Worker:
    """Answers requests; callables that were made ready are kept."""

    def __init__(self) -> None:
        """Know the plug-ins; torch is loaded by the first request."""
        self._plugins: dict[str, Any] = plugins()
        self._ready: dict[str, Ready] = {}
        self._hands = Hands(None, Start(1, "."))

    def answer(self, request: Request) -> Reply:
        """Do what is asked; a foreign failure becomes a reply."""
        if isinstance(request, Start):
            return self._start(request)
        try:
            return self._take(request)
        except TaskError as failure:
            return Broken(failure.why, failure.remedy, failure.lost)
        except MemoryError:
            return Broken("out of memory", "close other programs")
        except Exception as error:  # noqa: BLE001 - libraries raise whatever: the other tasks go on
            return _broken(self._hands, request.task, error)

    def _start(self, start: Start) -> Survey:
        kept = allocator.fix()
        self._hands = Hands(None, start)
        if not start.with_torch:
            return Survey(why="it was not asked for", allocator=kept)
        try:
            import torch
        except (ImportError, OSError) as error:  # OSError: a library of torch's does not load
            return Survey(why=_line(error), allocator=kept)
        torch.set_num_threads(start.threads)
        torch.set_grad_enabled(False)
        torch.backends.cudnn.benchmark = True
        torch.backends.cuda.matmul.allow_fp16_reduced_precision_reduction = False
        torch.backends.cuda.matmul.allow_bf16_reduced_precision_reduction = False
        self._hands = Hands(torch, start)
        found = accelerators.found(torch)
        return Survey(torch=str(torch.__version__), allocator=kept, found=found)

    def _take(self, take: Take) -> Taken:
        task = take.task
        ready = self._ready.get(task.key)
        if ready is None:
            ready = self._plugins[task.benchmark].prepare(task, self._hands)
            self._ready[task.key] = ready
        return Taken(self._hands.sample(task, ready, take.calls, take.samples))


def _broken(hands: Hands, task: Task, error: Exception) -> Broken:
    """Say in one line what a library complained of, and whether its device still answers."""
    why = _line(error)
    lost = False
    if task.torch and task.torch != "cpu":
        try:
            hands.module(task.torch).synchronize()
        except RuntimeError:
            lost = True
    short = "out of memory" in why.lower() or "can't allocate" in why.lower()
    return Broken(why, "close other programs that use this memory" if short else "", lost)


def _line(error: Exception) -> str:
    first = str(error).strip().partition("\n")[0] or type(error).__name__
    return "".join(c if c.isprintable() else " " for c in first[:300])


def serve(requests: BinaryIO, replies: BinaryIO) -> None:
    """Answer until the other side closes."""
    worker = Worker()
    for line in requests:
        reply = worker.answer(msgspec.json.decode(line, type=Request))
        replies.write(msgspec.json.encode(reply) + b"\n")
        replies.flush()


def main() -> None:
    """Keep stdout for replies alone, whatever libraries print."""
    replies = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    serve(sys.stdin.buffer, replies)


if __name__ == "__main__":
    main()
