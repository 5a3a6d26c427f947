"""GPUs never timed, several at once, and places beyond are predicted from the catalogue."""

import msgspec

from advisor import book, predict
from advisor.machine import Device, State
from advisor.pipeline import places
from advisor.pipeline.recommend import constants
from tests.fakes import GPU, MEASURED, machine, measured, profile

TWO = machine(devices=(GPU, msgspec.structs.replace(GPU, id="gpu:1", uuid="GPU-2")))


def around(told, name="llm-7b"):
    workload = book.workload(name, ())
    return places.around(workload, workload.phases, told, constants(()), ())


def test_of_gpus_never_timed_the_freer_stands_for_both():
    first = msgspec.structs.replace(GPU, memory_free_bytes=10**10)
    told = profile(machine=machine(devices=(first, TWO.devices[1])), measurements=())
    found = places.here((), around(told))
    rooms = {e.plan.place: e.memory_available for e in found if "+" not in e.plan.place}
    assert rooms == {"gpu:1": GPU.memory_free_bytes}
    both = [e for e in found if e.plan.place == "gpu:0+1"]
    assert both
    assert all(e.throughput.low < e.throughput.high for e in found)


def test_a_gpu_of_no_known_name_is_left_as_it_was():
    stranger = Device(id="gpu:0", name="nobody's", state=State.PRESENT)
    told = profile(machine=machine(devices=(stranger,)), measurements=())
    assert places.here((), around(told)) == ()


def test_each_tier_is_predicted_by_its_newest_parts():
    found = places.beyond(around(profile(measurements=MEASURED)))
    tiers = {}
    for estimate in found:
        tiers.setdefault(estimate.plan.tier, set()).add(estimate.plan.device)
    assert {"server", "cloud", "edge"} <= set(tiers)
    assert all(len(names) <= 2 for names in tiers.values())
    assert all(e.basis and e.plan.device for e in found)


def test_of_many_alike_one_pair_one_half_and_all_are_looked_at():
    many = tuple(
        msgspec.structs.replace(GPU, id=f"gpu:{n}", uuid=f"GPU-{n}", name="NVIDIA L4")
        for n in range(6)
    )
    told = profile(machine=machine(devices=many), measurements=())
    found = {e.plan.place for e in places.here((), around(told))}
    assert {"gpu:0+1", "gpu:0+1+2", "gpu:0+1+2+3+4+5"} == {p for p in found if "+" in p}


def test_a_gpu_that_does_not_work_is_predicted_for_when_it_does():
    lost = Device(id="gpu:0", name="NVIDIA GeForce RTX 3090", state=State.BROKEN, why="no driver")
    told = profile(machine=machine(devices=(lost,)), measurements=())
    found = places.here((), around(told))
    assert {e.plan.place for e in found} == {"gpu:0"}
    assert all(e.throughput for e in found)


def test_what_an_all_reduce_was_measured_to_reach_counts_in_the_step():
    def step(*rows):
        told = profile(machine=TWO, measurements=rows)
        found = places.here((), around(told, "transformer"))
        plan = min(
            (e for e in found if e.plan.place == "gpu:0+1" and e.plan.phase == "training"),
            key=lambda e: (e.plan.dtype, e.plan.batch),
        )
        return plan.seconds.likely, [b for b in plan.basis if b.fact == "peer.allreduce"]

    def reduce(rate, device="peer:gpu:0+gpu:1"):
        return measured("peer.allreduce", device, rate, "bytes/s")

    (unknown, none), (slow, told), (fast, _) = step(), step(reduce(1e9)), step(reduce(1e12))
    assert not none
    assert (told[0].value, told[0].origin) == (1e9, "measured")
    assert fast < unknown < slow
    # 110 M parameters of 4 bytes, summed over two: as many bytes, most of them with nothing beside.
    assert 0.3 < slow - fast < 0.45
    assert step(reduce(1e9, "peer:gpu:1+gpu:2"))[0] == unknown


def test_several_gpus_wait_for_the_slowest():
    def speed(*rates):
        cards = [
            msgspec.structs.replace(GPU, id=f"gpu:{n}", uuid=f"GPU-{n}") for n in range(len(rates))
        ]
        timed = [
            measured("matmul.peak", gpu.id, rate, "FLOP/s", dtype="bf16")
            for gpu, rate in zip(cards, rates, strict=True)
        ]
        timed += [measured("memory.copy", gpu.id, 2.5e11, "bytes/s") for gpu in cards]
        told = profile(machine=machine(devices=tuple(cards)), measurements=timed)
        known = around(told, "transformer")
        found = places.here(predict.plans(known.workload, told, constants(())), known)
        return max(e.rate for e in found if e.plan.place == "gpu:0+1")

    assert speed(5e13, 2e13) == speed(2e13, 2e13) < 0.7 * speed(5e13, 5e13)
