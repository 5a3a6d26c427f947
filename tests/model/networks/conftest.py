"""A reference network traced, and its multiply-adds as papers count them."""

import pytest

COUNTED = {"conv", "gemm", "recurrent", "attention"}


@pytest.fixture
def traced():
    def trace(name):
        from importlib import import_module

        import torch

        from advisor.model.trace import graph
        from advisor.operation import work

        network = import_module(f"advisor.model.networks.{name}")
        with torch.device("meta"):
            found = graph(network.build(), network.inputs)
        flops = sum(op.count * work(op).flops for op in found.ops if op.op in COUNTED)
        return found, flops / 2

    return trace
