"""Reference networks of the named workloads: plain torch, random weights, one file a network.

Each module offers ``build()``, which returns the network, and ``inputs(batch)``, which returns the
positional arguments of its forward pass, on torch's current default device.
"""
