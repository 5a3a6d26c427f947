#!/bin/sh
# Prolog=/etc/slurm/mlinfra-prolog.sh: a node that fails is drained, and its job requeued.
# Inconclusive (3) lets the job run: a question left open is no reason to drain a node.
set -u
told=$(mlinfra check "${MLINFRA_POLICY:-gpu-node}" --format nagios --limit 1m 2>&1)
code=$?
if [ "$code" -eq 1 ]; then
    reason=$(printf '%s' "$told" | head -n 1 | cut -d '|' -f 1 | cut -c 1-200)
    scontrol update "nodename=${SLURMD_NODENAME:-$(hostname -s)}" state=drain "reason=$reason"
    exit 1
fi
exit 0
