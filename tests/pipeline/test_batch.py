"""Lines in, lines out: in order, bad ones answered, in bounded memory."""

import io
import json

import msgspec
import pytest

from advisor.machine import Cpu, Machine, Memory
from advisor.measurement import Measurement
from advisor.pipeline import batch
from advisor.profile import Profile

CASE = {"id": "a", "device": "NVIDIA L4", "phase": "inference", "batch": 8}
NET = {"macs": 4e9, "activations": 1e7, "params": 2.5e7, "name": "resnet50"}


@pytest.fixture(scope="module")
def made():
    return batch.predictor()


def asked(made, *cases):
    texts = [c if isinstance(c, bytes) else json.dumps(c).encode() for c in cases]
    file = io.BytesIO(b"\n".join(texts))
    return [json.loads(line) for line in batch.answers(batch.lines(file), made)]


def test_answers_come_in_order_and_bad_lines_are_passed_over(made):
    good = CASE | {"workload": NET}
    found = asked(made, good | {"id": 1}, b"nonsense", CASE | {"id": 2}, b"", good | {"id": 3})
    assert [a["id"] for a in found] == [1, None, 2, 3]
    assert ["error" in a for a in found] == [False, True, True, False]


def test_a_line_without_end_is_one_bad_case(made, monkeypatch):
    monkeypatch.setattr(batch, "LINE_BYTES", 300)
    found = asked(made, b"x" * 2000, CASE | {"workload": {"name": "cnn"}})
    assert "error" in found[0]
    assert found[1]["id"] == "a"
    assert len(found) == 2


def test_numbers_beyond_sense_are_an_answer(made):
    huge = {"macs": 1e30, "activations": 1e30, "params": 1e30}
    tiny = {"macs": 1e-300, "activations": 1e-300, "params": 0}
    found = asked(
        made, *(CASE | {"workload": w, "batch": b} for w in (huge, tiny) for b in (1e30, 1e-9))
    )
    assert len(found) == 4


def test_a_saved_profile_is_a_device(made, tmp_path):
    rows = tuple(
        Measurement(
            name=name, device="cpu", value=v, low=v, high=v, unit=unit, rounds=5, dtype=dtype
        )
        for name, v, unit, dtype in (
            ("matmul.peak", 3e11, "FLOP/s", "fp32"),
            ("memory.triad", 3e10, "bytes/s", None),
        )
    )
    machine = Machine(cpu=Cpu(model="mine"), memory=Memory())
    profile = Profile(tool="0", taken="2026-01-01T00:00:00Z", machine=machine, measurements=rows)
    path = tmp_path / "mine.json"
    path.write_bytes(msgspec.json.encode(profile))
    (found,) = asked(made, CASE | {"device": str(path), "place": "cpu", "workload": NET})
    assert 1 < found["throughput"]["likely"] < 200
    assert "2 measurements" in found["basis"][-1]["value"]


def test_a_folder_of_ones_own_parts(tmp_path):
    (tmp_path / "parts").mkdir()
    (tmp_path / "parts" / "mine.yaml").write_text(
        "vendor: Me\nsource: my bench\ndate: 2026-01-01\nparts:\n"
        "  - {name: My Card, kind: gpu, bandwidth: 500 GB/s,\n"
        "     peaks: {fp32: 10 TFLOPS, fp16: 40 TFLOPS}}\n"
    )
    (found,) = asked(batch.predictor((tmp_path,)), CASE | {"device": "my  card", "workload": NET})
    assert found["throughput"]["likely"] > 100


def test_names_without_a_form(made):
    (found,) = asked(made, CASE | {"workload": {}})
    assert "none of the known forms" in found["error"]


def test_a_network_in_an_onnx_file(made, tmp_path):
    onnx = pytest.importorskip("onnx", reason="onnx is not installed")
    make, kind = onnx.helper, onnx.TensorProto.FLOAT
    weights = [make.make_tensor("w", kind, [512, 256], [0.0] * 512 * 256)]
    graph = make.make_graph(
        [make.make_node("MatMul", ["x", "w"], ["h"]), make.make_node("Relu", ["h"], ["y"])],
        "g",
        [make.make_tensor_value_info("x", kind, ["batch", 512])],
        [make.make_tensor_value_info("y", kind, None)],
        weights,
    )
    path = tmp_path / "net.onnx"
    onnx.save(make.make_model(graph), path)
    case = CASE | {"workload": {"onnx": str(path)}, "batch": 4096}
    inference, training = asked(made, case, case | {"phase": "training"})
    flops = 2 * 4096 * 512 * 256
    assert flops / 30e12 < inference["seconds"] < 100 * flops / 30e12
    assert 2 < training["seconds"] / inference["seconds"] < 5
    (missing,) = asked(made, CASE | {"workload": {"onnx": str(tmp_path / "none.onnx")}})
    assert "none.onnx" in missing["error"]


def test_a_prompt_of_a_read_model_counts_all_its_tokens(made, tmp_path):
    config = {"model_type": "llama", "hidden_size": 4096, "num_hidden_layers": 32,
              "num_attention_heads": 32, "num_key_value_heads": 8, "intermediate_size": 14336,
              "vocab_size": 128256}  # fmt: skip
    (tmp_path / "config.json").write_text(json.dumps(config))
    ask = CASE | {"phase": "prefill", "dtype": "fp16", "batch": 1}
    size = {"params": 8.03e9, "bytes": 16.06e9, "context": 1024, "prompt": 1024}
    forms = ({"llm": size}, {"hf_config": str(tmp_path), "sequence": 1024},
             {"name": "llm-8b", "sequence": 1024})  # fmt: skip
    told, read, scaled = asked(made, *(ask | {"workload": form} for form in forms))
    for found in (read, scaled):
        ratio = found["throughput"]["likely"] / told["throughput"]["likely"]
        assert ratio == pytest.approx(1, rel=0.1)


def test_adapters_train_a_language_model_in_less_time_and_memory(made):
    ask = CASE | {"phase": "training", "dtype": "bf16", "batch": 2}
    lora, full = asked(
        made,
        *(ask | {"workload": {"name": n, "sequence": 512}} for n in ("finetune-lora", "llm-8b")),
    )
    assert 1.1 < lora["throughput"]["likely"] / full["throughput"]["likely"] < 1.6
    assert full["memory_bytes"] > 4 * lora["memory_bytes"]


@pytest.mark.torch
def test_what_the_reader_could_not_know_is_in_the_basis(made, tmp_path, monkeypatch):
    pytest.importorskip("torch", reason="torch is not installed")
    (tmp_path / "users_net.py").write_text(
        "import torch\nclass Net(torch.nn.Linear):\n    def forward(self, x):\n"
        "        y = super().forward(x)\n        return torch.cdist(y, y)\n"
        "def make():\n    return Net(8, 8), torch.zeros(2, 8)\n"
    )
    monkeypatch.chdir(tmp_path)
    (found,) = asked(made, CASE | {"workload": {"model": "users_net:make"}})
    notes = [line["value"] for line in found["basis"] if line["fact"] == "note"]
    assert any("_cdist_forward is not known" in str(note) for note in notes)
