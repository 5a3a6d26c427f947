import pytest

from advisor.bench.hands import Hands
from advisor.bench.messages import Start
from advisor.bench.micro import attention
from advisor.bench.task import Place, Site

CPU = Place(device="cpu", kind="cpu", torch="cpu", dtypes=("fp32", "bf16", "fp64"))


def test_flops_are_those_of_both_products():
    assert attention.Shape(2, 3, 5, 7, 11).flops == 2 * (2 * 2 * 3 * 5 * 7 * 11)
    assert attention.Shape(2, 3, 5, 7, 11).elements == 2 * 3 * (5 + 7 + 7) * 11


def test_prefill_and_decode_are_both_planned():
    tasks = list(attention.tasks(Site(places=(CPU,), threads=2, folder=".")))
    assert {task.dtype for task in tasks} == {"fp32", "bf16"}
    queries = {task.conditions["q"] for task in tasks}
    assert 1 in queries
    assert max(queries) >= 512


@pytest.mark.torch
def test_the_output_has_one_vector_a_query():
    torch = pytest.importorskip("torch", reason="torch is not installed")
    task = attention._task(CPU, "fp32", attention.Shape(2, 3, 5, 7, 8))
    hands = Hands(torch, Start(1, "."))
    made = attention.prepare(task, hands).call()
    q = hands.normal("q", 2 * 3 * 5 * 8, "fp32", "cpu").view(2, 3, 5, 8)
    k = hands.normal("k", 2 * 3 * 7 * 8, "fp32", "cpu").view(2, 3, 7, 8)
    v = hands.normal("v", 2 * 3 * 7 * 8, "fp32", "cpu").view(2, 3, 7, 8)
    wanted = torch.softmax(q @ k.transpose(2, 3) / 8**0.5, dim=-1) @ v
    assert torch.allclose(made, wanted, atol=1e-5)
