"""What one data-loader worker delivers: a photograph decoded, cropped, scaled and normalized."""

import io
from collections.abc import Iterator, Sequence
from importlib import import_module
from random import Random
from typing import Any

from advisor.bench.hands import SEED, Hands
from advisor.bench.task import Ready, Site, Task, TaskError
from advisor.machine import Gap
from advisor.measurement import Measurement

TITLE = "images that one data-loader worker decodes and augments"
TORCH = True

# A common size of ImageNet-1k's photographs, cropped to the 224² that its networks take. At this
# quality the pictures below have the 115 kB that its training images have on average: its archive
# of 137.7 GiB holds 1,281,167.
WIDTH, HEIGHT, CROP, QUALITY = 500, 375, 224, 94
_MEAN, _SPREAD = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)  # ImageNet's channels
_IMAGES = 8


def tasks(site: Site) -> Iterator[Task | Gap]:  # noqa: ARG001 - same for all plug-ins
    """Plan nothing besides the headline."""
    return iter(())


def headline(site: Site, measured: Sequence[Measurement]) -> Iterator[Task]:  # noqa: ARG001
    """Plan one worker's rate on one core."""
    if site.torch:
        yield Task(
            benchmark="input",
            name="input.images",
            device="cpu",
            torch="cpu",
            unit="samples/s",
            work=1.0,
            conditions={"width": WIDTH, "height": HEIGHT, "crop": CROP, "workers": 1},
            rank=1,
        )


def prepare(task: Task, hands: Hands) -> Ready:  # noqa: ARG001 - same for all plug-ins
    """Decode JPEGs from memory in turn, on one thread as a worker has."""
    try:
        pillow = import_module("PIL.Image")
    except ImportError as error:
        raise TaskError("no image decoder", remedy="pip install pillow") from error
    files = [_photograph(pillow, seed) for seed in range(_IMAGES)]
    torch = hands.torch
    mean, spread = (torch.tensor(v).view(1, 1, 3) for v in (_MEAN, _SPREAD))
    random = Random(SEED)  # noqa: S311 - places crops, keeps no secret
    turn = iter(lambda: random.choice(files), None)

    def deliver() -> object:
        image = pillow.open(io.BytesIO(next(turn))).convert("RGB")
        left, top = random.randrange(WIDTH - CROP), random.randrange(HEIGHT - CROP)
        image = image.resize((CROP, CROP), pillow.Resampling.BILINEAR, (left, top, WIDTH, HEIGHT))
        pixels = torch.frombuffer(bytearray(image.tobytes()), dtype=torch.uint8)
        return pixels.view(CROP, CROP, 3).float().div_(255).sub_(mean).div_(spread)

    def alone() -> object:
        torch.set_num_threads(1)
        try:
            return deliver()
        finally:
            torch.set_num_threads(hands.threads)

    return Ready(call=alone, conditions={"decoder": f"Pillow {pillow.__version__}", "threads": 1})


def _photograph(image: Any, seed: int) -> bytes:
    """Return a JPEG with as much detail as photographs have: noise at a quarter of the size."""
    noise = Random(seed).randbytes(WIDTH // 4 * (HEIGHT // 4) * 3)  # noqa: S311 - a picture
    small = image.frombytes("RGB", (WIDTH // 4, HEIGHT // 4), noise)
    out = io.BytesIO()
    small.resize((WIDTH, HEIGHT), image.Resampling.BICUBIC).save(out, "JPEG", quality=QUALITY)
    return out.getvalue()
