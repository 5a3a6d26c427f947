import pytest

from advisor.bench.hands import Hands
from advisor.bench.messages import Start
from advisor.bench.micro import conv
from advisor.bench.task import Place, Site

CPU = Place(device="cpu", kind="cpu", torch="cpu", dtypes=("fp32", "bf16", "fp16", "fp64"))
GPU = Place(device="gpu:0", kind="cuda", torch="cuda:0", dtypes=("fp16",), hardware="GPU-1")


@pytest.mark.parametrize(
    ("shape", "flops"),
    [
        (conv.Shape(3, 224, 64, 7, stride=2), 2 * 64 * 112 * 112 * 3 * 49),  # ResNet-50's stem
        (conv.Shape(64, 56, 256, 1), 2 * 256 * 56 * 56 * 64),
        (conv.Shape(96, 56, 96, 3, groups=96), 2 * 96 * 56 * 56 * 9),
    ],
)
def test_flops_count_a_multiply_add_as_two(shape, flops):
    assert shape.flops(1) == flops
    assert shape.flops(8) == 8 * flops


def test_every_shape_is_timed_in_both_layouts_and_the_usual_formats():
    tasks = list(conv.tasks(Site(places=(CPU, GPU), threads=2, folder=".")))
    host = [task for task in tasks if task.device == "cpu"]
    assert {task.dtype for task in host} == {"fp32", "bf16"}
    assert len(host) == 2 * 2 * len(conv.SHAPES)
    assert {task.conditions["layout"] for task in host} == {"nchw", "nhwc"}
    device = [task for task in tasks if task.device == "gpu:0"]
    assert device[0].conditions["n"] > host[0].conditions["n"]
    assert device[0].hardware == "GPU-1"


@pytest.mark.torch
@pytest.mark.parametrize("layout", conv.LAYOUTS)
@pytest.mark.parametrize("shape", [conv.Shape(8, 9, 8, 3, 2, 8), conv.Shape(3, 8, 4, 1)])
def test_the_output_is_the_convolution(shape, layout):
    torch = pytest.importorskip("torch", reason="torch is not installed")
    task = conv._task(CPU, "fp32", shape, layout)
    hands = Hands(torch, Start(1, "."))
    made = conv.prepare(task, hands).call()
    count, weights = shape.elements(8)
    x = hands.normal("x", count, "fp32", "cpu").view(8, shape.c, shape.h, shape.h)
    w = hands.normal("w", weights, "fp32", "cpu").view(
        shape.k, shape.c // shape.groups, shape.r, shape.r
    )
    wanted = torch.conv2d(x, w, None, shape.stride, shape.padding, 1, shape.groups)
    assert torch.allclose(made, wanted, atol=1e-4)
    assert made.is_contiguous(memory_format=torch.channels_last) or layout == "nchw"
