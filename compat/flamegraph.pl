#!/bin/sh
# flamegraph.pl's command line: flamerender has the same options, defaults and output.
exec "${FLAMERENDER:-flamerender}" "$@"
