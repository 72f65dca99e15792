#!/bin/sh
# stackcollapse-perf.pl's command line and names.
exec "${STACKCOLLAPSE_PERF:-stackcollapse-perf}" --names=perl "$@"
