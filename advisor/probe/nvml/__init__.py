"""NVIDIA's management library, asked in a process that is abandoned when a call hangs."""
