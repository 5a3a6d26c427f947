"""What was asked is said in words, and what says nothing of the workload is named."""

import pytest

from advisor import book
from advisor.cli.asking import constraints
from advisor.pipeline.wanted import idle, stated


@pytest.mark.parametrize(
    ("flags", "words"),
    [
        ({}, ()),
        ({"goal": "latency", "batch": 4}, ("ranked by latency", "batch 4")),
        ({"precision": "BF16", "compile": False}, ("bf16", "not compiled")),
        ({"context": 8192}, ("8,192 tokens of context",)),
        ({"latency": "50ms", "offline": True}, ("an answer within 50 ms", "without a network")),
        ({"streams": "10000"}, ("10,000 streams",)),
        ({"streams": "16,30/s"}, ("16 streams of 30 a second each",)),
        ({"link": "20Mbps,40ms"}, ("a link of 20 Mb/s, 40 ms there and back",)),
        ({"link": "20Mbps,drops"}, ("a link of 20 Mb/s, which may drop",)),
        ({"data_at": "cloud", "power": "15W"}, ("data in the cloud", "15 W of power")),
        ({"model_changes": "yearly", "patience": "2d"},
         ("the network changes yearly", "an experiment within 2 d")),
        ({"dataset_size": "138GB"}, ("a data set of 129 GiB",)),
        ({"dataset_size": "5000"}, ("a data set of 5,000 samples",)),
    ],
)  # fmt: skip
def test_words(flags, words):
    assert stated(constraints(**flags)) == words


@pytest.mark.parametrize(
    ("workload", "phases", "flags", "silent"),
    [
        ("cnn", ["training", "inference"], {"context": 4096}, ["--context"]),
        ("cnn", ["training"], {"latency": "1s", "streams": "4"}, ["--latency", "--streams"]),
        ("cnn", ["inference"], {"patience": "1d", "dataset_size": "1GB"},
         ["--patience", "--dataset-size"]),
        ("cnn", ["training", "inference"], {"batch": 4, "compile": True, "latency": "1s"}, []),
        ("llm-1b", ["decode"], {"compile": True, "context": 4096}, ["--compile"]),
        ("trees", ["fit"], {"batch": 4, "precision": "fp32"}, ["--batch", "--precision"]),
    ],
)  # fmt: skip
def test_what_says_nothing_of_a_workload_is_named(workload, phases, flags, silent):
    assert list(idle(constraints(**flags), book.workload(workload, ()), phases)) == silent
