"""An ONNX file is read for any batch, and a hostile one costs a line."""

from pathlib import Path

import pytest

onnx = pytest.importorskip("onnx", reason="onnx is not installed")

from advisor.errors import AdvisorError  # noqa: E402 - needs onnx
from advisor.model import onnx_file  # noqa: E402
from advisor.operation import scaled, work  # noqa: E402
from tests.model.exchange import helper, model, perceptron, weight  # noqa: E402


@pytest.fixture
def saved(tmp_path):
    def save(made):
        path = tmp_path / "model.onnx"
        path.write_bytes(made.SerializeToString())
        return path

    return save


def macs(graph, batch=1):
    found = (scaled(op, batch) for op in graph.ops if op.op in {"gemm", "conv"})
    return sum(op.count * work(op).flops for op in found) / 2


@pytest.mark.parametrize("batch", ["batch", "", 1, 4])
def test_a_batch_that_is_named_open_or_fixed(saved, batch):
    graph = onnx_file.workload(saved(perceptron(batch))).graph
    assert graph.parameters == 64 * 32 + 32 + 16 * 8
    assert macs(graph) == 64 * 32 + 2 * 16 * 8
    assert macs(graph, 16) == 16 * macs(graph)
    assert graph.inputs == 64


def test_named_sizes_that_are_not_the_batch(saved):
    made = model(
        [helper.make_node("MatMul", ["x", "w"], ["y"])],
        {"x": ["n", "tokens", 16]},
        [weight("w", 16, 4)],
    )
    found = onnx_file.workload(saved(made), 77)
    assert macs(found.graph) == 77 * 16 * 4
    assert found.graph.notes == ("the size 'tokens' is taken as 77",)


@pytest.mark.parametrize(("batch", "fixed"), [("batch", False), (4, True)])
def test_a_batch_that_the_file_fixes_is_told(saved, batch, fixed):
    notes = onnx_file.workload(saved(perceptron(batch))).graph.notes
    told = ("the file fixes the batch at 4; others take another export",)
    assert notes == (told if fixed else ())


@pytest.mark.parametrize("normalised", [True, False])
def test_what_an_export_may_have_folded_is_told(saved, normalised):
    scale = [weight(name, 4) for name in "sbmv"]
    last = helper.make_node("BatchNormalization", ["z", "s", "b", "m", "v"], ["y"])
    made = model(
        [
            helper.make_node("Conv", ["x", "w"], ["z"]),
            last if normalised else helper.make_node("Relu", ["z"], ["y"]),
        ],
        {"x": ["n", 3, 8, 8]},
        [weight("w", 4, 3, 3, 3), *scale],
    )
    notes = onnx_file.workload(saved(made)).graph.notes
    assert any("training takes longer" in note for note in notes) is not normalised


LIGHT = Path(onnx.__file__).parent / "backend/test/data/light"
# Parameters and multiply-adds as their papers and model zoos give them: AlexNet 61 M, 0.7 G
# (arXiv:1404.5997; the grouped one of Caffe), ResNet-50 25.6 M, 4.1 G (arXiv:1512.03385),
# DenseNet-121 8.0 M, 2.9 G (arXiv:1608.06993), VGG-19 143.7 M, 19.6 G (arXiv:1409.1556),
# GoogLeNet 7.0 M, 1.4 to 1.5 G (arXiv:1409.4842), SqueezeNet 1.24 M, 0.35 G (arXiv:1602.07360).
PUBLISHED = {
    "bvlc_alexnet": (60.97e6, 0.655e9), "resnet50": (25.6e6, 4.1e9),
    "densenet121": (8.06e6, 2.85e9),
    "vgg19": (143.67e6, 19.6e9), "inception_v1": (7.0e6, 1.43e9), "squeezenet": (1.24e6, 0.35e9),
}  # fmt: skip


@pytest.mark.skipif(not LIGHT.is_dir(), reason="onnx brings no light models")
@pytest.mark.parametrize("name", PUBLISHED)
def test_files_of_known_networks(name):
    parameters, multiplied = PUBLISHED[name]
    graph = onnx_file.workload(LIGHT / f"light_{name}.onnx").graph
    assert graph.parameters == pytest.approx(parameters, rel=0.02)
    assert macs(graph) == pytest.approx(multiplied, rel=0.02)


@pytest.mark.parametrize(
    ("content", "message"),
    [(b"", "no ONNX model"), (b"nonsense", "no ONNX model"), (b"\x08\x07", "no ONNX model")],
)
def test_what_is_no_model(tmp_path, content, message):
    (tmp_path / "x.onnx").write_bytes(content)
    with pytest.raises(AdvisorError, match=message):
        onnx_file.workload(tmp_path / "x.onnx")


@pytest.mark.parametrize("strides", [[0, 0], [2]])
def test_a_graph_of_which_nothing_is_known_is_refused(saved, strides):
    made = model(
        [helper.make_node("MaxPool", ["x"], ["y"], kernel_shape=[2, 2], strides=strides)],
        {"x": ["n", 3, 8, 8]},
    )
    with pytest.raises(AdvisorError, match="no node in it moves anything"):
        onnx_file.workload(saved(made))


def test_what_is_no_file(tmp_path):
    with pytest.raises(AdvisorError, match="no file"):
        onnx_file.workload(tmp_path)


@pytest.mark.parametrize(
    ("dims", "message"),
    [
        ((2**40, 2**40), "beyond sense|cannot be inferred"),
        ((-5, 4), "beyond sense|cannot be inferred"),
    ],
)
def test_sizes_beyond_sense(saved, dims, message):
    made = model(
        [helper.make_node("MatMul", ["x", "w"], ["y"])], {"x": [1, 4]}, [weight("w", *dims)]
    )
    with pytest.raises(AdvisorError, match=message):
        onnx_file.workload(saved(made))


def test_a_shape_that_hangs_on_data_is_refused_where_it_matters(saved):
    made = model(
        [
            helper.make_node("Reshape", ["x", "s"], ["r"]),
            helper.make_node("MatMul", ["r", "r"], ["y"]),
        ],
        {"x": [1, 16], "s": [2]},
    )
    with pytest.raises(AdvisorError, match="MatMul"):
        onnx_file.workload(saved(made))


def test_without_onnx(tmp_path, monkeypatch):
    import sys

    monkeypatch.setitem(sys.modules, "onnx", None)
    with pytest.raises(AdvisorError, match="install the extra `onnx`"):
        onnx_file.workload(tmp_path / "x.onnx")
