#!/bin/sh
# stackcollapse.pl: DTrace's stacks. As stackcollapse-NAME.pl (a link to this file): the converter of that name.
name=${0##*/stackcollapse}
case $name in
.pl) name=dtrace ;;
-chrome-tracing.py) name=trace-event ;;
*) name=${name#-} name=${name%.*} ;;
esac
exec "stackcollapse-$name" "$@"
