"""Memory by part, and what there is of it."""

import pytest

from advisor.estimate import Plan
from advisor.machine import Cpu, Device, Limit, Machine, State
from advisor.machine import Memory as Host
from advisor.predict import memory
from advisor.predict.step import Learning


def test_training_keeps_weights_gradients_and_states(workloads, constants):
    graph = workloads["cnn"].graph
    parts = memory.training_parts(Learning(graph, graph.parameters, 2), 4, "fp32", constants["cpu"])
    assert parts["weights"] == parts["gradients"] == 4 * graph.parameters
    assert parts["optimizer states"] == 8 * graph.parameters
    assert parts["low-precision copies"] == 0
    mixed = memory.training_parts(Learning(graph, graph.parameters, 2), 4, "bf16", constants["cpu"])
    assert mixed["low-precision copies"] == 2 * graph.parameters
    assert mixed["activations"] == parts["activations"] / 2


def test_inference_of_a_language_model(workloads, constants):
    model = workloads["llm-7b"].llm
    plan = Plan(phase="decode", place="cpu", dtype="bf16", batch=4)
    parts = memory.language_parts(model, plan, constants["cpu"])
    assert parts["weights"] == pytest.approx(13.5e9, rel=0.01)
    assert parts["key-value cache"] == 4 * 2048 * model.kv_elements * 2


@pytest.mark.parametrize(
    ("host", "lines", "expected"),
    [
        (Host(total_bytes=100, available_bytes=60), (), (60, 100)),
        (Host(total_bytes=100, available_bytes=60), (Limit("cgroup", 80, "x"),), (60, 80)),
        (Host(total_bytes=100, available_bytes=60), (Limit("cgroup", 40, "x"),), (40, 100)),
        (Host(), (), (None, None)),
    ],
)
def test_host(host, lines, expected):
    machine = Machine(cpu=Cpu(), memory=host, capacity={"memory": lines})
    assert memory.available(machine, "cpu") == expected


def test_device():
    device = Device(id="gpu:0", state=State.PRESENT, memory_bytes=10, memory_free_bytes=7)
    machine = Machine(cpu=Cpu(), memory=Host(), devices=(device,))
    assert memory.available(machine, "gpu:0") == (7, 10)
    assert memory.available(machine, "gpu:1") == (None, None)
