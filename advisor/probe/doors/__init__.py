"""Where a source's answers come from: the running system, a captured tree, a recorded look."""
