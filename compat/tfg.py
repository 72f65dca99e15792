#!/bin/sh
# tfg's command line: tfg.py [-t none|dtrace|perf|pyspy] [-p PALETTE] [-d] FILE. --ws-filler is accepted and not needed.
set -u
type=none palette=hot dump= file=
usage() {
	echo "usage: tfg.py [-h] [-t {none,dtrace,perf,pyspy}] [--ws-filler WS_FILLER] [-d] [-p PALETTE] file" >&2
	exit "$1"
}
while [ $# -gt 0 ]; do
	case $1 in
	-t | --type) [ $# -gt 1 ] || usage 2; type=$2; shift ;;
	--type=*) type=${1#*=} ;;
	-t?*) type=${1#-t} ;;
	-p | --palette) [ $# -gt 1 ] || usage 2; palette=$2; shift ;;
	--palette=*) palette=${1#*=} ;;
	-p?*) palette=${1#-p} ;;
	--ws-filler) [ $# -gt 1 ] || usage 2; shift ;;
	--ws-filler=*) ;;
	-d | --dump) dump=1 ;;
	-h | --help) usage 0 ;;
	-?*) usage 2 ;;
	*) [ -z "$file" ] || usage 2; file=$1 ;;
	esac
	shift
done
[ -n "$file" ] || usage 2
case $type in none) fold=foldmerge ;; dtrace | perf | pyspy) fold=stackcollapse-$type ;; *) usage 2 ;; esac
[ -z "$dump" ] || exec "$fold" "$file"
[ "$type" != none ] || exec "${FLAMEVIEW:-flameview}" --colors "$palette" "$file"
"$fold" "$file" | "${FLAMEVIEW:-flameview}" --colors "$palette" --title "$file"
