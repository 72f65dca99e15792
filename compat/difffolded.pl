#!/bin/sh
# difffolded.pl's command line; the output is sorted.
exec "${FOLDDIFF:-folddiff}" "$@"
