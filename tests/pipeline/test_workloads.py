"""What `--workload` says is told apart by its looks alone."""

import pytest

from advisor import book
from advisor.errors import AdvisorError
from advisor.pipeline.workloads import form_of, read_workload


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("cnn", {"name": "cnn"}), ("llm-7b", {"name": "llm-7b"}),
        ("my.package:net", {"model": "my.package:net"}), ("net.onnx", {"onnx": "net.onnx"}),
        ("a/b.onnx", {"onnx": "a/b.onnx"}), ("x/config.json", {"hf_config": "x/config.json"}),
        ("../../etc/passwd", {"name": "../../etc/passwd"}), (".", {"hf_config": "."}),
    ],
)  # fmt: skip
def test_forms(text, form):
    assert form_of(text) == form


def test_a_named_one_is_the_book_s():
    assert read_workload("cnn", ()) == book.workload("cnn", ())


def test_an_empty_name_is_told():
    with pytest.raises(AdvisorError, match="its name is empty"):
        read_workload(" ", ())


def test_a_folder_without_a_configuration_is_told_by_the_file_that_lacks(tmp_path):
    with pytest.raises(AdvisorError, match=r"config\.json: No such file"):
        read_workload(str(tmp_path), ())
