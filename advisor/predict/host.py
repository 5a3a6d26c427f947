"""What Python and the framework take besides kernels: modules, dispatch, autograd, optimizer."""

from collections.abc import Mapping

from advisor.operation import Op
from advisor.predict.figures import Figures

# Calls that torch's optimizers make for each tensor (see `passes`).
OPTIMIZER_CALLS = {"sgd": 1, "momentum": 3, "adam": 7}
# No kernel takes longer to start than so many launches of an empty one (norms take four), nor than
# this (s) where none was timed; what is beyond is slow work.
_MOST_LAUNCHES, _MOST_START = 8, 100e-6


def host_seconds(
    figures: Figures, constants: Mapping[str, float], ahead: int, back: int, *, learned: bool
) -> float:
    """Return the seconds of a step with so many ops forward and backward.

    What goes forward is recorded where something goes backward; ``learned`` adds what a step of
    training takes once: loss, engine and optimizer.
    """
    each = constants["op_seconds"]
    forward = constants.get("recorded_seconds", each) if back else each
    seconds = ahead * forward + back * constants.get("backward_seconds", each)
    seconds += constants.get("training_seconds", 0.0) if learned else 0.0
    return seconds * pace(figures, constants)


def code_seconds(
    figures: Figures, constants: Mapping[str, float], ops: float, *, training: bool
) -> float:
    """Return the seconds of fetching the code of so many ops that find it out of the caches.

    A step of training comes back to an op when the optimizer and both passes have gone by.
    """
    share = constants.get("cold_code_training" if training else "cold_code_inference", 0.0)
    return share * figures.waking * ops


def pace(figures: Figures, constants: Mapping[str, float]) -> float:
    """Return how much longer a call takes than where the constants were set; 1 where not timed.

    A queue's host is never taken to be faster: what was timed is the launch of an empty kernel.
    """
    if figures.launch is None:
        return 1.0
    launch = float(figures.launch.value)
    if constants.get("queue"):
        return max(launch / constants["op_seconds"], 1.0)
    return launch / constants["launch_seconds"]


def most_start(figures: Figures) -> float:
    """Return the most seconds that any kernel takes to start."""
    launch = figures.launch
    return min(_MOST_LAUNCHES * float(launch.value), _MOST_START) if launch else _MOST_START


def stepping_seconds(op: Op, figures: Figures, constants: Mapping[str, float]) -> float:
    """Return what an optimizer's Python takes: it goes from tensor to tensor, call by call."""
    calls = OPTIMIZER_CALLS.get(op.kernel, 0) if op.op == "optimizer" else 0
    return calls * op.shape.get("n", 1) * constants["tensor_seconds"] * pace(figures, constants)
