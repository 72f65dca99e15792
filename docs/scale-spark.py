"""scale-spark.py INPUT OUTPUT CONVERTER [OPTION ...]: perf script text on a Spark cluster becomes one folded profile.

INPUT is what Hadoop reads: files, folders, patterns, joined by commas. See docs/scale.md."""
import os, shlex, sys
from pyspark import SparkContext

sc = SparkContext(appName="flame graph")
path = {"PATH": os.environ["PATH"]}  # pipe() starts programs without an environment
# A sample ends with a blank line: so a record of the input is a sample, wherever Spark cuts files into splits.
samples = sc.newAPIHadoopFile(
    sys.argv[1], "org.apache.hadoop.mapreduce.lib.input.TextInputFormat",
    "org.apache.hadoop.io.LongWritable", "org.apache.hadoop.io.Text",
    conf={"textinputformat.record.delimiter": "\n\n"}).values()
# pipe() writes an element as a line, less the line ends behind it: so the blank line is an element of its own.
parts = samples.flatMap(lambda sample: (sample, "")).pipe(shlex.join(sys.argv[3:]), path, True)
# Sums of sums, four at a time; which lines meet where makes no difference.
while parts.getNumPartitions() > 1:
    parts = parts.coalesce((parts.getNumPartitions() + 3) // 4, shuffle=True).pipe("foldmerge", path, True)
with open(sys.argv[2], "w", encoding="utf-8") as out:
    out.writelines(line + "\n" for line in parts.toLocalIterator())
