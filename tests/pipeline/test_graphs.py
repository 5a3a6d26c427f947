"""Workloads that a case names are read by whoever can."""

import pytest

from advisor.errors import AdvisorError
from advisor.pipeline.graphs import workload_of


def test_a_shipped_workload():
    assert workload_of({"name": "cnn"}, ()).graph is not None


@pytest.mark.parametrize(
    ("form", "message"),
    [
        ({}, "none of the known forms"),
        ({"name": "nothing-like-it"}, "nothing-like-it"),
    ],
)
def test_what_cannot_be_read(form, message):
    with pytest.raises(AdvisorError, match=message):
        workload_of(form, ())


@pytest.mark.torch
@pytest.mark.parametrize(
    ("name", "message"),
    [("nocolon", "not of the form"), ("no_such_module_here:make", "no_such_module_here")],
)
def test_a_factory_that_is_not_there(name, message):
    pytest.importorskip("torch", reason="torch is not installed")
    with pytest.raises(AdvisorError, match=message):
        workload_of({"model": name}, ())


CONFIG = """{"model_type": "llama", "hidden_size": 64, "num_hidden_layers": 2,
"num_attention_heads": 4, "intermediate_size": 128, "vocab_size": 100}"""


@pytest.mark.parametrize("inside", [True, False])
def test_a_configuration(tmp_path, inside):
    file = tmp_path / "config.json"
    file.write_text(CONFIG)
    form = {"hf_config": str(tmp_path if inside else file), "sequence": 7}
    assert workload_of(form, ()).llm.context == 7


@pytest.mark.parametrize(
    ("text", "message"), [("[1]", "no JSON object"), ("{", "no JSON object"), ("{}", "model_type")]
)
def test_a_configuration_that_is_none(tmp_path, text, message):
    (tmp_path / "config.json").write_text(text)
    with pytest.raises(AdvisorError, match=message):
        workload_of({"hf_config": str(tmp_path)}, ())


def test_a_configuration_that_is_not_there(tmp_path):
    with pytest.raises(AdvisorError, match="No such file"):
        workload_of({"hf_config": str(tmp_path / "none.json")}, ())
