"""Which benchmarks there are."""

from advisor.bench.choice import catalogue, plugins


def test_every_plug_in_is_complete_and_listed():
    listed = {line.name: line.title for line in catalogue()}
    assert {"matmul", "memory", "disk_read"} <= set(listed)
    for name, module in plugins().items():
        assert callable(module.tasks), name
        assert callable(module.headline), name
        assert callable(module.prepare), name
        assert isinstance(module.TORCH, bool), name
        assert listed[name], name
