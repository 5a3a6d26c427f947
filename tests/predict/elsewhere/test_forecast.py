"""A forecast's parts say what binds, and its effects how far a device may be off."""

from advisor.predict.elsewhere.forecast import Forecast, item
from advisor.predict.elsewhere.likeness import shared


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
