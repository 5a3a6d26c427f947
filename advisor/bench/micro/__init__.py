"""The microbenchmarks, one file each: what it applies to, what it times, its unit."""
