"""Read a network into an op graph."""
