"""Look at a machine; never time it."""
