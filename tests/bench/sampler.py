#!/usr/bin/env python3
"""sampler.py --build DIR [--seconds N] [--python EXE ...]: pysample beside py-spy, austin, and the sampler of CPython 3.15 and on
(Tachyon, if the EXE has it), on the same target.

The target calls a small function from 20 frames deep and counts in shared memory. For each sampler and rate: the target's loss in
percent (its own throughput, during, against before and after), the sampler's CPU in percent of one core, and the number of samples
taken per second. Above them stands what the system calls alone cost here that a sampler cannot do without (floor.c): no sampler that
sleeps between its samples can be below that.
"""
import argparse, ctypes, mmap, os, shutil, signal, struct, subprocess, sys, tempfile, time

p = argparse.ArgumentParser()
p.add_argument("--build", default="build")
p.add_argument("--seconds", type=float, default=3)
p.add_argument("--python", nargs="*", default=[sys.executable])
a = p.parse_args()

TARGET = r"""
import mmap, struct, sys, time
file = open(sys.argv[1], "r+b")
memory = mmap.mmap(file.fileno(), 16)
def leaf(x):
    return x + 1
def loop():
    n = 0
    while True:
        for _ in range(1000):
            leaf(n)
        n += 1000
        memory[:16] = struct.pack("Qd", n, time.thread_time())
def deep(n):
    return deep(n - 1) if n else loop()
deep(18)
"""


def samples_of(path):
    total = 0
    try:
        for line in open(path, errors="replace"):
            if not line.startswith("#") and line.strip():
                count = line.rsplit(" ", 1)[-1]
                total += int(count) if count.strip().isdigit() else 0
    except OSError:
        pass
    return total


def lines_of(path):
    """Of austin: a line a sample; its binary form (austin 4) is not counted."""
    try:
        if open(path, "rb").read(3) == b"MOJ":
            return None
        return sum(1 for line in open(path, errors="replace") if line.startswith("P"))
    except OSError:
        return 0


def peer(name):
    """Its path, if it runs on this machine."""
    path = shutil.which(name)
    return path if path and subprocess.run([path, "--version"], capture_output=True).returncode == 0 else None


class Target:
    def __init__(self, python):
        self.file = tempfile.NamedTemporaryFile()
        self.file.write(b"\0" * 16)
        self.file.flush()
        self.memory = mmap.mmap(self.file.fileno(), 16)
        end_with_us = lambda: ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG: even if the bench is broken off
        self.child = subprocess.Popen([python, "-c", TARGET, self.file.name], preexec_fn=end_with_us)
        while struct.unpack("Qd", self.memory[:16])[0] == 0:
            time.sleep(0.01)

    def speed(self, seconds=None, during=None):
        n0, t0 = struct.unpack("Qd", self.memory[:16])
        w0 = time.time()
        if during:
            during()
        else:
            time.sleep(seconds)
        n1, t1 = struct.unpack("Qd", self.memory[:16])
        return (n1 - n0) / (time.time() - w0)

    def end(self):
        self.child.kill()
        self.child.wait()


def run(target, name, command, output, count):
    usage = []

    def go():
        child = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        _, status, rusage = os.wait4(child.pid, 0)
        child.returncode = status
        usage.append(rusage)

    if os.path.exists(output):
        os.remove(output)
    before = target.speed(1)
    start = time.time()
    during = target.speed(during=go)
    took = time.time() - start
    after = target.speed(1)
    base = (before + after) / 2
    samples = count(output)
    if samples == 0:
        print("  %-24s took no samples" % name)
        return
    rate = "%9.0f" % (samples / took) if samples is not None else "        -"
    print("  %-24s %s samples/s  target loses %6.2f %%  sampler %6.1f %% CPU %7.1f MB" % (
        name, rate, 100 * (1 - during / base), 100 * (usage[0].ru_utime + usage[0].ru_stime) / took,
        usage[0].ru_maxrss / 1e3))
    sys.stdout.flush()


def floor(folder, seconds):
    """A timer alone, with a stop of the target and one read of its memory, and with the read alone."""
    program = os.path.join(folder, "floor")
    source = os.path.join(os.path.dirname(os.path.abspath(__file__)), "floor.c")
    if subprocess.run([os.environ.get("CC", "cc"), "-O2", "-o", program, source]).returncode != 0:
        return
    for what, rates in (("sleep", (1000, 10000)), ("stop", (1000, 10000)), ("read", (1000, 10000, 0))):
        for rate in rates:
            got = subprocess.run([program, what, str(rate), str(seconds)], capture_output=True, text=True)
            if got.returncode == 0:
                per_second, each, lost = map(float, got.stdout.split())
                print("  %-24s %9.0f rounds/s   target loses %6.2f %%  program %6.1f %% CPU" % (
                    "floor: %s%s" % (what, " %d Hz" % rate if rate else ""), per_second, lost, per_second * each / 1e4))


def main():
    pysample = os.path.join(a.build, "pysample")
    spy, austin = (peer(name) for name in ("py-spy", "austin"))
    folder = tempfile.mkdtemp(prefix="bench-sampler-")
    output = os.path.join(folder, "out")
    floor(folder, a.seconds)
    for python in a.python:
        target = Target(python)
        pid, seconds = str(target.child.pid), str(int(a.seconds))
        print("sampler on %s" % python)
        has_tachyon = subprocess.run([python, "-m", "profiling.sampling", "--help"], capture_output=True).returncode == 0
        for rate in (100, 1000, 10000, None):
            named = "%d Hz" % rate if rate else "flat out"
            for name, extra in (("pysample", []), ("pysample --nonstop", ["--nonstop"])):
                run(target, "%s %s" % (name, named),
                    [pysample, "-p", pid, "-s", seconds, "-r", str(rate or "max"), "-o", output] + extra, output, samples_of)
            if spy and rate and rate <= 1000:
                run(target, "py-spy %s" % named, [spy, "record", "-p", pid, "-d", seconds, "-r", str(rate), "-f", "raw",
                                                  "-o", output], output, samples_of)
            if austin:
                run(target, "austin %s" % named, [austin, "-p", pid, "-i", str(1000000 // (rate or 1000000)), "-x", seconds,
                                                  "-o", output], output, lines_of)
            for name, extra in (("tachyon", []), ("tachyon --blocking", ["--blocking"])) if has_tachyon else ():
                run(target, "%s %s" % (name, named),
                    [python, "-m", "profiling.sampling", "attach", "-d", seconds, "-r", str(rate or 1000000), "--collapsed",
                     "-o", output] + extra + [pid], output, samples_of)
        for name, found in (("py-spy", spy), ("austin", austin)):
            if not found:
                print("  %-24s is not here, or does not run" % name)
        target.end()
    shutil.rmtree(folder, ignore_errors=True)


main()
