"""Machines of the golden outputs with troubles in their profiles, and rules that must fire.

A trouble is a path into the profile's JSON and what stands there; ``timed`` puts a measurement in
place of another of its name, device and dtype.
"""

from typing import Any

import msgspec

GIB = 2**30
GPU = "machine.devices.0."


def edited(profile: bytes, troubles: dict[str, Any]) -> bytes:
    """Return a saved profile with each path set, and each measurement in its place."""
    told = msgspec.json.decode(profile)
    for path, value in troubles.items():
        if path.startswith("set ") or path == "phases":  # asked for, and no part of the profile
            continue
        if path == "layouts":
            _layouts(told["measurements"], value)
            continue
        if path.startswith("timed "):
            _, name, device, dtype = path.split(" ")
            _timed(told["measurements"], name, device, dtype if dtype != "-" else None, value)
            continue
        *way, last = path.split(".")
        place = told
        for step in way:
            place = place[int(step)] if isinstance(place, list) else place[step]
        place[int(last) if isinstance(place, list) else last] = value
    return msgspec.json.encode(told)


def _timed(rows: list[Any], name: str, device: str, dtype: str | None, value: float) -> None:
    like = dict(rows[0]) | {
        "name": name, "device": device, "dtype": dtype, "value": value, "low": 0.97 * value,
        "high": 1.03 * value, "unit": "bytes/s" if dtype is None else "FLOP/s",
    }  # fmt: skip
    if name == "input.images":
        like |= {"unit": "samples/s"}
    rows[:] = [
        row for row in rows if (row["name"], row["device"], row["dtype"]) != (name, device, dtype)
    ]
    rows.append(like)


def _layouts(rows: list[Any], gain: float) -> None:
    """Add a convolution that was timed in both layouts, channels last so many times as fast."""
    shape = {"n": 8, "c": 64, "h": 56, "w": 56, "k": 64, "r": 3, "s": 3}
    for layout, rate in (("nchw", 1e11), ("nhwc", gain * 1e11)):
        row = {"name": "conv", "device": "cpu", "dtype": "fp32", "unit": "FLOP/s", "value": rate,
               "low": rate, "high": rate, "conditions": shape | {"layout": layout}}  # fmt: skip
        rows.append(rows[0] | row)


def asked(troubles: dict[str, Any]) -> dict[str, Any]:
    """Return what a question has besides: facts to be set, and phases."""
    facts = tuple(
        f"{path.removeprefix('set ')}={value}"
        for path, value in troubles.items()
        if path.startswith("set ")
    )
    phases = {"phases": troubles["phases"]} if "phases" in troubles else {}
    return {"set": facts, **phases}


# rules, machine, workload, troubles
TROUBLES: list[tuple[str, str, str, dict[str, Any]]] = [
    (
        ("gpu-falls-asleep gpu-forbids-computing gpu-is-hot gpu-is-too-hot gpu-is-slowed-by-power "
        "gpu-is-braked gpu-link-is-narrow gpu-logged-a-fault gpu-memory-awaits-a-reset "
        "gpu-has-lost-a-memory-row gpu-rows-are-nearly-used-up gpu-memory-has-errors "
        "gpu-memory-is-taken gpu-pages-are-nearly-used-up gpu-pages-await-a-reboot"),
        "desktop", "cnn",
        {
            GPU + "persistence_mode": False, GPU + "wake_seconds": 2.0,
            GPU + "compute_mode": "prohibited", GPU + "temperature_celsius": 93.0,
            GPU + "throttle_reasons": ["hw-thermal", "sw-power", "hw-power-brake"],
            GPU + "pcie_width": 8, GPU + "xids": [79], GPU + "rows_pending": True,
            GPU + "rows_failed": True, GPU + "rows_remapped": 500, GPU + "ecc_uncorrected": 3,
            GPU + "memory_free_bytes": 12 * GIB, GPU + "pages_retired": 61,
            GPU + "pages_pending": True,
        },
    ),
    ("gpu-program-was-stopped", "desktop", "cnn", {GPU + "xids": [31]}),
    ("device-is-hidden", "desktop", "cnn",
     {GPU + "state": "hidden", GPU + "why": "CUDA_VISIBLE_DEVICES is empty"}),
    (
        ("gpu-matmul-is-below-usual gpu-memory-is-below-usual gpu-copies-are-below-usual "
        "torch-leaves-tensor-cores-idle pin-the-memory link-holds-the-gpu-back"),
        "desktop", "cnn",
        {
            "timed matmul.peak gpu:0 bf16": 5.5e13, "timed memory.copy gpu:0 -": 5e11,
            "timed host_link.h2d gpu:0 -": 2e8, "timed host_link.h2d link:gpu:0 -": 2e8,
            "timed host_link.h2d.pageable link:gpu:0 -": 1e8,
        },
    ),
    ("int8-pays-on-this-gpu", "desktop", "cnn", {"timed matmul.peak gpu:0 int8": 5e14}),
    ("fp8-pays-on-this-gpu", "desktop", "llm-7b", {"timed matmul.peak gpu:0 fp8": 6e14}),
    (
        ("governor-keeps-the-lowest-clock clock-is-capped huge-pages-are-off machine-is-swapping "
        "memory-modules-differ memory-runs-below-its-rating plug-it-in power-profile-saves "
        "processor-lacks-avx2 disk-is-nearly-full slow-cores-set-the-pace "
        "cpu-matmul-is-below-usual governor-slows-the-cpu memory-bandwidth-is-below-usual "
        "fp16-is-slower-here int8-gains-nothing-here"),
        "laptop", "cnn",
        {
            "machine.cpu.governor": "powersave", "machine.cpu.energy_preference": None,
            "machine.cpu.max_hz": 5e9,
            "machine.cpu.limit_hz": 2e9, "machine.cpu.isa": ["sse4_1"],
            "machine.cpu.core_types": [
                {"name": "P", "cpus": [0, 1, 2, 3]}, {"name": "E", "cpus": [4, 5, 6, 7, 8, 9]},
            ],
            "machine.cpu.peaks": [
                {"dtype": "fp32", "low": 3e12, "high": 4e12, "formula": "f", "source": "s"},
            ],
            "machine.memory.transparent_huge_pages": "never",
            "machine.memory.swap_total_bytes": 8 * GIB, "machine.memory.swap_free_bytes": GIB,
            "machine.memory.available_bytes": 2 * GIB, "machine.power.profile": "low-power",
            "machine.memory.bandwidth_bytes_per_second": 4e11,
            "machine.power.on_battery": True, "machine.disks.0.free_bytes": 5 * GIB,
            "machine.memory.modules": [
                {"kind": "DDR5", "size_bytes": size, "transfers_per_second": 6e9,
                 "configured_transfers_per_second": 4.8e9}
                for size in (8 * GIB, 16 * GIB)
            ],
            "timed matmul.peak cpu fp16": 1e10, "timed matmul.peak cpu int8": 1e11,
        },
    ),
    ("clock-is-chosen-for-saving", "laptop", "cnn",
     {"machine.cpu.energy_preference": "balance_power"}),
    ("too-few-threads-are-asked-for", "desktop", "transformer",
     {GPU + "state": "absent",
      "machine.capacity.cpu": [{"level": "OMP_NUM_THREADS", "value": 2, "source": "environ"}]}),
    ("too-many-threads-are-asked-for", "container", "cnn",
     {"machine.capacity.cpu": [
         {"level": "cgroup", "value": 2, "source": "cpu.max", "binding": True},
         {"level": "OMP_NUM_THREADS", "value": 64, "source": "environ"}]}),
    (
        ("cpu-time-is-stolen shared-memory-is-small quota-is-below-the-threads "
        "wsl-has-half-of-the-memory data-lies-on-the-windows-side"),
        "container", "cnn",
        {
            "machine.cpu.steal": 0.1, "machine.memory.shared_bytes": 64 * 2**20,
            "machine.software.container": "wsl2", "machine.disks.0.filesystem": "9p",
            "machine.capacity.cpu": [
                {"level": "cgroup quota", "value": 2, "source": "cpu.max", "binding": True}],
        },
    ),
    ("gpus-cannot-reach-each-other gpus-sit-on-two-sockets", "node", "cnn",
     {"machine.links.0.peer_access": False, "machine.links.0.kind": "pcie",
      "machine.links.0.distance": "system"}),
    ("torch-leaves-matrix-units-idle", "server", "cnn",
     {"timed matmul.peak cpu bf16": 7.6e12}),
    ("int8-pays-on-this-cpu", "server", "cnn", {"timed matmul.peak cpu int8": 2e14}),
    ("arm-board-lacks-int8-dot-products", "jetson", "cnn", {"machine.cpu.isa": ["asimd"]}),
    ("arm-can-compute-fp32-in-bf16", "jetson", "cnn",
     {"machine.cpu.isa": ["asimd", "bf16", "i8mm"]}),
    # macOS names the architecture arm64.
    ("arm-board-lacks-int8-dot-products", "apple", "cnn", {"machine.cpu.isa": ["asimd"]}),
    ("attention-is-not-fused-here", "desktop", "speech",
     {GPU + "compute_capability": "7.5"}),
    ("models-trained-in-bf16-may-overflow", "desktop", "llm-7b",
     {GPU + "compute_capability": "7.5"}),
    ("gpu-sits-in-an-older-slot", "desktop", "cnn", {GPU + "pcie_generation_slot": 3}),
    ("start-it-beside-its-gpu", "node", "cnn", {}),
    ("depthwise-networks-do-not-fill-a-gpu", "desktop", "cnn-mobile", {}),
    ("keep-recurrence-in-one-kernel", "desktop", "rnn", {}),
    ("tables-decide-by-capacity", "desktop", "recommender", {}),
    ("experts-need-room-not-speed", "desktop", "llm-moe", {}),
    ("layers-can-stay-in-host-memory", "desktop", "llm-13b", {}),
    ("model-is-beyond-this-machine", "laptop", "llm-70b", {}),
    ("small-tables-stay-on-the-cpu", "desktop", "trees", {"set workload.rows": "10000"}),
    ("trees-use-real-cores", "desktop", "trees", {}),
    ("torch-is-not-installed", "laptop", "cnn", {"machine.software.torch": None}),
    ("torch-is-years-old compiled-plans-need-torch-two", "laptop", "cnn",
     {"machine.software.torch": "1.13.1"}),
    ("fp16-on-the-cpu-needs-torch", "laptop", "cnn",
     {"machine.software.torch": "2.1.0", "timed matmul.peak cpu fp16": 2e12}),
    ("compiling-for-a-mac-needs-torch", "apple", "cnn", {"machine.software.torch": "2.5.0"}),
    ("torch-cannot-use-the-gpu torch-must-run-on-the-gpu", "desktop", "cnn",
     {"machine.software.torch_cuda": None, GPU + "torch_runs": False}),
    ("torch-lacks-code-for-the-gpu", "desktop", "cnn", {GPU + "torch_runs": False}),
    ("last-torch-for-this-gpu", "desktop", "cnn", {GPU + "compute_capability": "7.0"}),
    ("torch-cannot-use-the-amd-gpu", "desktop", "cnn",
     {GPU + "vendor": "AMD", GPU + "name": "AMD Radeon RX 7900 XTX"}),
    ("cudnn-is-too-old-for-torch", "desktop", "cnn",
     {"machine.software.cudnn": "9.1", "machine.software.cudnn_needed": "9.20"}),
    ("working-folder-is-in-memory", "desktop", "cnn", {"machine.disks.0.kind": "memory"}),
    ("flash-cards-wear-out", "jetson", "cnn", {"machine.disks.0.kind": "flash card"}),
    ("data-set-is-read-anew-each-epoch small-files-want-shards", "laptop", "cnn",
     {"machine.disks.0.kind": "hdd"}),
    ("data-set-fits-in-memory", "server", "transformer", {"machine.disks.0.kind": "network"}),
    ("gpu-waits-for-data more-workers-than-cores", "desktop", "cnn",
     {"timed input.images cpu -": 5.0}),
    ("set-the-data-loader-workers", "desktop", "cnn", {"timed input.images cpu -": 800.0}),
    ("memory-cuts-the-batch", "desktop", "cnn", {GPU + "memory_free_bytes": 1700 * 2**20}),
    ("optimizer-fills-the-memory states-can-live-on-the-host", "desktop", "llm-1b",
     {"phases": ("training",)}),
    # Shipped language models have vocabularies of whole tiles; a stranger's need not.
    ("vocabulary-misses-the-tiles", "desktop", "llm-1b", {"set workload.vocabulary_padding": "47"}),
    ("network-is-slow-for-several-machines", "desktop", "cnn",
     {"machine.network": [
         {"id": "net:eth0", "kind": "ethernet", "state": "up", "bits_per_second": 1e9}]}),
    ("one-more-gpu-before-a-faster-cpu", "desktop", "detection",
     {"timed matmul.peak gpu:0 fp32": 2e12, "timed matmul.peak gpu:0 tf32": 2e12,
      "timed matmul.peak gpu:0 bf16": 2e12, "timed matmul.peak gpu:0 fp16": 2e12}),
    ("cpu-beats-the-gpu-here", "desktop", "mlp",
     {**{f"timed matmul.peak gpu:0 {d}": 1e10 for d in ("fp32", "tf32", "bf16", "fp16")},
      "timed memory.copy gpu:0 -": 1e9, "timed memory.triad gpu:0 -": 1e9}),
    ("big-tables-go-to-the-gpu", "desktop", "trees", {"set workload.rows": "20000000"}),
    ("widths-miss-the-amx-tiles", "server", "transformer", {}),
    ("widths-miss-the-tensor-cores", "desktop", "transformer", {}),
    ("gpus-exchange-over-pcie", "node", "cnn", {"machine.links.0.kind": "pcie"}),
    ("put-channels-last", "laptop", "cnn", {"layouts": 1.6}),
    ("pascal-computes-fp16-slowly bf16-needs-tensor-cores-for-it", "desktop", "cnn",
     {GPU + "compute_capability": "6.1"}),
    ("driver-must-run-torch", "desktop", "cnn", {"machine.software.driver": "535.54"}),
    ("large-batches-want-another-rate tiny-networks-stay-on-the-cpu", "desktop", "mlp", {}),
    ("gathers-want-a-flexible-device", "desktop", "recommender", {}),
    # What the machines say without any trouble.
    (
        ("a-gpu-is-there bf16-is-slower-here infer-near-the-data plan-must-fit-memory "
        "activations-fill-the-memory batch-norm-wants-more-samples checkpoint-as-planned "
        "compile-as-planned compiling-must-gain-a-tenth keep-fp32-unless-it-pays "
        "train-in-batches-of-eight training-takes-weeks-on-the-cpu"),
        "laptop", "cnn", {},
    ),
    (
        ("cache-outgrows-the-weights check-what-quantising-loses fewer-bits-write-faster "
        "first-token-comes-late four-bits-must-beat-eight quantised-weights-must-pay "
        "serve-several-conversations-at-once slower-than-reading four-bits-would-fit "
        "bandwidth-is-what-to-buy"),
        "laptop", "llm-7b", {},
    ),
    (
        ("batch-what-is-not-urgent infer-in-a-lower-precision launches-hold-the-gpu-back "
        "gpu-halves-the-wait gpu-turns-weeks-into-days compile-the-network "
        "fp16-must-gain-a-tenth fp16-training-needs-loss-scaling let-cudnn-choose "
        "switch-tf32-on train-in-bf16 a-faster-gpu-would-wait"),
        "desktop", "cnn", {},
    ),
    ("keep-to-one-numa-node", "server", "cnn", {}),
    ("trees-stop-gaining-from-threads", "server", "trees", {}),
    ("several-gpus-can-share-the-work several-gpus-must-gain-a-tenth", "node", "cnn", {}),
    ("only-the-gpu-is-practical mig-slices-do-not-join", "mig", "cnn", {}),
    ("fuse-the-optimizer nothing-to-buy", "mig", "transformer", {}),
    (
        ("memory-is-limited other-programs-hold-the-memory compiled-plans-need-a-compiler "
        "compiled-plans-need-python-headers data-set-does-not-fit-the-disk"),
        "container", "cnn", {},
    ),
    ("compiled-plans-need-a-path-without-spaces", "laptop", "cnn",
     {"machine.software.torch_spaced": True}),
    ("unified-memory-is-shared some-ops-fall-back-on-a-mac", "apple", "cnn", {}),
    ("training-takes-weeks-on-the-gpu", "jetson", "cnn", {}),
    ("device-is-broken device-must-work", "broken", "cnn", {}),
]  # fmt: skip
