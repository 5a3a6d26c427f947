#!/bin/sh
# Run a command only on a machine that passes a policy: gate.sh POLICY COMMAND…
set -eu
policy=$1
shift
mlinfra check "$policy" --wait "${MLINFRA_WAIT:-1m}" --limit "${MLINFRA_LIMIT:-5m}" >&2
exec "$@"
