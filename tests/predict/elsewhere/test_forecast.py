"""A forecast's parts say what binds, its effects how far off; better devices are never slower."""

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from advisor.predict.elsewhere import decode, forest, opaque, opwise, prefill, summary
from advisor.predict.elsewhere.case import OpLine, op
from advisor.predict.elsewhere.decode import Language
from advisor.predict.elsewhere.forecast import Forecast, Run, item
from advisor.predict.elsewhere.likeness import shared
from advisor.predict.elsewhere.precision import element_bytes
from advisor.predict.elsewhere.summary import Summary
from advisor.workload import Trees


def made(compute=1.0, memory=2.0, fixed=0.1, **more):
    return Forecast(form="ops", compute=compute, memory=memory, fixed=fixed, **more)


def test_what_binds():
    assert made().bound == "memory"
    assert made(compute=3.0).bound == "compute"
    assert made(link=5.0).bound == "link"
    assert made(fixed=5.0).bound == "launch"


def test_a_limited_card_is_wider(device, figures):
    plain = item(made(), device("NVIDIA GeForce RTX 3090"), figures)
    limited = item(made(), device("Tesla T4"), figures)
    unseen = item(made(), device("AMD Instinct MI300X"), figures)
    assert shared(limited, limited) > shared(plain, plain)
    assert shared(unseen, unseen) > shared(plain, plain)


def test_devices_of_one_architecture_are_kin(device, figures):
    one, two, other = (
        item(made(), device(name), figures)
        for name in (
            "NVIDIA GeForce RTX 4090",
            "NVIDIA GeForce RTX 4080",
            "NVIDIA GeForce RTX 2080 Ti",
        )
    )
    assert shared(one, two) > 0
    assert shared(one, other) == 0


CARDS = (
    "NVIDIA GeForce RTX 3090", "Tesla V100-SXM2-16GB", "NVIDIA L4", "NVIDIA H100 80GB HBM3",
    "AMD Radeon RX 7900 XTX", "AMD Instinct MI300X", "Apple M4 Max", "NVIDIA GeForce GTX 1080 Ti",
)  # fmt: skip
HOST = "12th Gen Intel(R) Core(TM) i7-12700H"


def network(device, figures, dtype, phase):
    work = Summary(macs=4e9, activations=1.1e7, params=2.5e7, name="resnet50")
    return summary.forecast(work, device, Run(phase=phase, dtype=dtype, batch=64.0), figures)


def product(device, figures, dtype, _):
    line = OpLine(op="gemm", m=2048, n=2048, k=1024)
    pieces = opwise.pieces([(op(line, element_bytes(dtype)), dtype)], device, figures)
    return opwise.forecast(pieces, device, figures)


def unknown(device, figures, dtype, phase):
    return opaque.forecast("x", device, Run(phase=phase, dtype=dtype), figures)


def token(device, figures, dtype, _):
    model = Language(params=8e9, bytes=8e9 * element_bytes(dtype), context=2048)
    return decode.forecast(model, device, Run(phase="decode", dtype=dtype, batch=4), figures)


def prompt(device, figures, dtype, _):
    model = Language(params=8e9, bytes=8e9 * element_bytes(dtype), prompt=1024)
    return prefill.forecast(model, device, Run(phase="prefill", dtype=dtype), figures)


def table(device, figures, *_):
    return forest.forecast(Trees(rows=10**6, features=20, rounds=100, depth=8), device, figures)


def better(device, compute, bandwidth, cache):
    """Return the device with its rates, units and cache multiplied."""
    return msgspec.structs.replace(
        device,
        rates={name: rate * compute for name, rate in device.rates.items()},
        vector=device.vector * compute,
        clock=device.clock * compute if device.clock else None,
        bandwidth=device.bandwidth * bandwidth,
        cache=device.cache * cache,
        cores=round(device.cores * compute) if device.cores else None,
    )


@pytest.mark.parametrize("ask", [network, product, unknown, token, prompt, table])
@settings(deadline=None, max_examples=60)
@given(
    name=st.sampled_from((*CARDS, HOST)),
    dtype=st.sampled_from(("fp32", "amp", "bf16", "int8", "Q4_K_M")),
    phase=st.sampled_from(("inference", "training")),
    gains=st.tuples(*[st.floats(1.0, 4.0)] * 3),
)
def test_more_is_never_slower(device, figures, ask, name, dtype, phase, gains):
    here = device(name)
    there = better(here, *gains)
    seconds = [ask(d, figures, dtype, phase).seconds for d in (here, there)]
    assert seconds[1] <= seconds[0] * 1.0001


# Each is no worse than the other in rates, bandwidth, cache and power, of one generation or a later
# one of the same kind.
PAIRS = (
    ("NVIDIA GeForce RTX 4090", "NVIDIA GeForce RTX 4070"),
    ("NVIDIA GeForce RTX 5090", "NVIDIA GeForce RTX 4090"),
    ("NVIDIA GeForce RTX 3090", "NVIDIA GeForce RTX 3060"),
    ("NVIDIA H200", "NVIDIA H100 80GB HBM3"),
    ("NVIDIA B200", "NVIDIA H200"),
    ("NVIDIA A100-SXM4-80GB", "NVIDIA A100-SXM4-40GB"),
    ("NVIDIA A100-SXM4-40GB", "Tesla V100-SXM2-16GB"),
    ("NVIDIA L40S", "NVIDIA L4"),
    ("AMD Radeon RX 7900 XTX", "AMD Radeon RX 7900 XT"),
    ("AMD Instinct MI325X", "AMD Instinct MI300X"),
    ("Apple M4 Max", "Apple M4 Pro"),
    ("Apple M2 Ultra", "Apple M2 Max"),
)


@pytest.mark.parametrize(("fast", "slow"), PAIRS)
@pytest.mark.parametrize("ask", [network, product, unknown, token, prompt])
@pytest.mark.parametrize("dtype", ["fp32", "amp"])
def test_the_better_card_is_named(device, figures, fast, slow, ask, dtype):
    seconds = [ask(device(n), figures, dtype, "training").seconds for n in (fast, slow)]
    assert seconds[0] <= seconds[1]
