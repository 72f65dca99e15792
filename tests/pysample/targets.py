"""Programs that pysample.test samples, and helpers to run them. Line numbers of TORTURE matter."""
import glob, os, re, signal, subprocess, sys, tempfile, time

BUILD = os.environ.get("BUILD", "build")
PYSAMPLE = os.path.join(BUILD, "pysample")
OUT = os.environ.get("OUT") or tempfile.mkdtemp()
# Who was started in the background, or by nohup, may ignore these, and so would what we start.
signal.signal(signal.SIGINT, signal.default_int_handler)
signal.signal(signal.SIGHUP, signal.SIG_DFL)

TORTURE = '''\
import sys, time
def leaf_a(n):
    return n + 1
def leaf_b(n):
    return leaf_a(n) + 1
def gen(n):
    for i in range(n):
        yield leaf_b(i)
def use_gen():
    return sum(gen(5))
def thrower(n):
    if n == 0:
        raise ValueError
    thrower(n - 1)
def catcher():
    try:
        thrower(6)
    except ValueError:
        leaf_a(1)
def deep(n):
    if n: return deep(n - 1)
    leaf_b(1)
def main():
    end = time.time() + float(sys.argv[1])
    while time.time() < end:
        use_gen()
        catcher()
        deep(15)
main()
'''
# which function a caller can be in, by function and line
CALLS = {
    ("<module>", 29): "main", ("main", 26): "use_gen", ("main", 27): "catcher", ("main", 28): "deep",
    ("use_gen", 10): "gen", ("gen", 8): "leaf_b", ("leaf_b", 5): "leaf_a", ("catcher", 17): "thrower",
    ("catcher", 19): "leaf_a", ("thrower", 14): "thrower", ("deep", 21): "deep", ("deep", 22): "leaf_b",
}
LINES = {"<module>": (1, 29), "leaf_a": (2, 3), "leaf_b": (4, 5), "gen": (6, 8), "use_gen": (9, 10), "thrower": (11, 14),
         "catcher": (15, 19), "deep": (20, 22), "main": (23, 28)}
MOST = {"deep": 16, "thrower": 7}

# what it tells of itself: on a busy machine short calls take a larger share than they ask for
SHARES = '''\
import struct, sys, time
clock = getattr(time, 'perf_counter', time.time)
def spin(seconds):
    end = clock() + seconds
    while clock() < end:
        pass
def seventy():
    spin(0.007)
def twenty():
    spin(0.002)
def ten():
    spin(0.001)
def timed(number, function):
    start = clock()
    function()
    totals[number] += clock() - start
totals = [0.0, 0.0, 0.0]
end = clock() + float(sys.argv[1])
told = open(sys.argv[2], "r+b", 0) if len(sys.argv) > 2 else None
while clock() < end:
    timed(0, seventy)
    timed(1, twenty)
    timed(2, ten)
    if told:
        told.seek(0)
        told.write(struct.pack("3d", *totals))
'''

# TORTURE in two threads, for those that run them at once; two more that take turns: work_a and work_b are never seen together
FREE_THREADS = TORTURE.replace("import sys, time", "import sys, threading, time").replace("\nmain()\n", '''
turn = 0
def wait_a():
    while turn != 0: pass
def wait_b():
    while turn != 1: pass
def work_a():
    for i in range(200): pass
def work_b():
    for i in range(200): pass
def alternate_a():
    global turn
    while True: wait_a(); work_a(); turn = 1
def alternate_b():
    global turn
    while True: wait_b(); work_b(); turn = 0
for f in (alternate_a, alternate_b) if sys.argv[2] == "turns" else (main, main):
    t = threading.Thread(target=f); t.daemon = True; t.start()
time.sleep(float(sys.argv[1]))
''')

SIGNALS = '''\
import os, signal, sys, time
count = 0
def handler(number, frame):
    global count
    count += 1
    with open(sys.argv[2] + ".new", "w") as out:
        out.write(str(count))
    os.rename(sys.argv[2] + ".new", sys.argv[2])
signal.signal(signal.SIGUSR1, handler)
open(sys.argv[2], "w").write("0")
end = time.time() + float(sys.argv[1])
while time.time() < end:
    sum(range(100))
'''

THREADS = '''\
import sys, threading, time
def sleeper():
    time.sleep(float(sys.argv[1]))
def worker():
    end = time.time() + float(sys.argv[1])
    while time.time() < end:
        sum(range(1000))
for f in (sleeper, sleeper, worker):
    t = threading.Thread(target=f); t.daemon = True; t.start()
worker()
'''

CHILDREN = '''\
import os, subprocess, sys, time
def spin(name):
    code = "def %s():\\n    end = time.time() + 4\\n    while time.time() < end: pass\\n" % name
    space = {"time": time}
    exec(code, space)
    space[name]()
for i in range(2):
    if os.fork() == 0:
        spin("forked")
        os._exit(0)
late = "sleep 0.3; exec %s -c 'import time; end = time.time() + 4\\nwhile time.time() < end: pass'" % sys.argv[1]
shell = subprocess.Popen(["sh", "-c", late])
spin("parent")
'''

# 2.7 has no such names, but file names of any bytes
UNICODE_2 = '''\
import time
def inner():
    end = time.time() + 20
    while time.time() < end:
        pass
inner()
'''

UNICODE = '''\
import time
def fonction_\u00e9t\u00e9():
    return \u51fd\u6570()
def \u51fd\u6570():
    end = time.time() + 20
    while time.time() < end:
        pass
fonction_\u00e9t\u00e9()
'''

EXEC = '''\
import os, sys, time
end = time.time() + 1.2
def before():
    while time.time() < end:
        pass
before()
os.execv(sys.argv[1], [sys.argv[1], "-c", "import time\\ntime.sleep(0.5)"])
'''

FORK = '''\
import os, sys, time
def busy(seconds):
    end = time.time() + seconds
    while time.time() < end:
        pass
for i in range(5):
    pid = os.fork()
    if pid == 0:
        busy(0.1)
        os._exit(0)
    os.waitpid(pid, 0)
busy(float(sys.argv[1]))
print("parent done"); sys.stdout.flush()
'''


REUSE = '''\
import sys, time
def call_a(f): f()
def call_b(f): f()
A = "def fa():\\n    x = 0\\n    for i in range(200): x += i\\n    return x\\n"
end = time.time() + float(sys.argv[1])
while time.time() < end:
    d = {}; exec(A, d); call_a(d["fa"]); del d
    d = {}; exec(A.replace("fa", "fb"), d); call_b(d["fb"]); del d
'''

CHURN = '''\
import sys, threading, time
def work():
    end = time.time() + 0.05
    while time.time() < end: sum(range(100))
end = time.time() + float(sys.argv[1])
while time.time() < end:
    t = threading.Thread(target=work); t.start(); t.join()
'''

COLLECT = '''\
import gc, sys, time
gc.disable()
keep = [[i] for i in range(100000)]
def collect(): gc.collect()
def spin():
    for i in range(2000): pass
end = time.time() + 30
while time.time() < end:
    if sys.argv[1] == "gc": collect()
    spin()
'''

# throw() is seen while it unwinds, handle() and generate() while Own is handled; spin() has nothing to do with it
EXCEPTIONS = '''\
import sys, time
sys.setrecursionlimit(5000)
class Own(Exception): pass
def work():
    for i in range(3000): pass
def spin(): work()
def handle(): work()
def generate():
    work()
    yield 1
def throw(n):
    if n == 0: raise KeyError(1)
    throw(n - 1)
def catch_own():
    try: raise Own()
    except Own:
        handle()
        list(generate())
def catch_deep():
    try: throw(900)
    except KeyError: pass
end = time.time() + 120
while time.time() < end:
    spin()
    catch_own()
    catch_deep()
'''

# Threads that sleep at one place all the time, take turns between two, and move on when the file is there.
SLEEPERS = '''\
import os, sys, threading, time
def nap(seconds): time.sleep(seconds)
def still(): nap(60)
def one(): nap(0.004)
def two(): nap(0.004)
def turns():
    while True:
        one()
        two()
def early():
    while not os.path.exists(sys.argv[1]): nap(0.2)
def late(): nap(60)
def moves():
    early()
    late()
for f in [still] * 20 + [turns, moves]:
    t = threading.Thread(target=f); t.daemon = True; t.start()
while len(sys.argv) > 2: sum(range(1000))
time.sleep(60)
'''

# A thread that C code attached, and that has no frames.
FRAMELESS = '''\
#include <pthread.h>
#include <unistd.h>
int PyGILState_Ensure(void);
void *PyEval_SaveThread(void);
static void *wait(void *none) { PyGILState_Ensure(); PyEval_SaveThread(); for (;;) sleep(100); return none; }
void start(void) { pthread_t thread; pthread_create(&thread, 0, wait, 0); }
'''
FRAMELESS_USER = '''\
import ctypes, sys, time
ctypes.CDLL(sys.argv[1]).start()
time.sleep(60)
'''

EXEC_THREADS = '''\
import os, sys, threading, time
def work():
    while True: sum(range(100))
t = threading.Thread(target=work); t.daemon = True; t.start()
time.sleep(1.2)
os.execv(sys.argv[1], [sys.argv[1], "-c", "print('exec done')"])
'''

DEEP = '''\
import sys, time
sys.setrecursionlimit(20000)
def r(n):
    if n: return r(n - 1)
    while True: pass
r(int(sys.argv[1]))
'''


def interpreters():
    """(name, path, minor) of every CPython 2.7 and 3.6 to 3.15 found; minor 0 is 2.7."""
    paths = os.environ.get("PYSAMPLE_TEST_PYTHONS", "").split()
    paths += sorted(glob.glob(os.path.expanduser("~/.pyenv/versions/*/bin/python"))) + ["/usr/bin/python3"]
    seen, found = set(), []
    for path in paths:
        try:
            r = subprocess.run([path, "-c", "import sys; print('%d %d' % sys.version_info[:2])"], capture_output=True, timeout=20)
            major, minor = map(int, r.stdout.split())
        except (OSError, ValueError, IndexError, subprocess.TimeoutExpired):
            continue
        real = os.path.realpath(path)
        minor = 0 if (major, minor) == (2, 7) else minor
        if real in seen or not (minor == 0 or 6 <= minor <= 15):
            continue
        seen.add(real)
        pyenv = os.path.expanduser("~/.pyenv/versions/")
        found.append((path[len(pyenv):-len("/bin/python")] if path.startswith(pyenv) else path, path, minor))
    return found


def check(name, good, why=""):
    print("PASS %s" % name if good else "FAIL %s: %s" % (name, str(why)[:300].replace("\n", " ")))
    sys.stdout.flush()


def is_free_threaded(python):
    return b"True" in subprocess.run([python, "-c", "import sysconfig; print(bool(sysconfig.get_config_var('Py_GIL_DISABLED')))"],
                                     capture_output=True).stdout


def start(python, text, *args, name="target.py"):
    path = os.path.join(OUT, name)
    with open(path, "w", encoding="utf-8") as out:
        out.write(text)
    child = subprocess.Popen([python, path] + [str(a) for a in args], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE)
    await_work(child.pid)
    return child


def await_work(pid):
    """Until the program has started, which takes its time on a busy machine: it ran for 20 ms, or sleeps again and again."""
    asleep = 0
    for _ in range(500):
        try:
            with open("/proc/%d/stat" % pid) as f:
                fields = f.read().rsplit(")", 1)[1].split()
        except OSError:
            return
        asleep = asleep + 1 if fields[0] != "R" else 0
        if int(fields[11]) + int(fields[12]) >= 2 or asleep == 10:
            return
        time.sleep(0.01)


def end(child):
    child.kill()
    child.communicate()


def pysample(*args, timeout=60):
    return subprocess.run([PYSAMPLE] + [str(a) for a in args], capture_output=True, timeout=timeout)


def stacks(text):
    """[(frames, count)] of folded bytes."""
    out = []
    for line in text.decode("utf-8", "replace").splitlines():
        stack, count = line.rsplit(" ", 1)
        out.append((stack.split(";"), int(count)))
    return out


FRAME = re.compile(r"^(.*) \((.*?)(?::(\d+))?\)$")


def parse(frame):
    """function (without its qualifier), line; 0: an instruction that belongs to no line"""
    m = FRAME.match(frame)
    return (m.group(1).split(".")[-1], int(m.group(3) or 0)) if m else (frame, 0)


def impossible(frames):
    """Why the torture program can never have this stack; None if it can."""
    parsed = [parse(f) for f in frames]
    if parsed[0][0] != "<module>":
        return "root is %s" % frames[0]
    for (function, line), (callee, _) in zip(parsed, parsed[1:]):
        if line == 0 and callee in [c for (f, _), c in CALLS.items() if f == function]:
            continue
        if CALLS.get((function, line)) != callee:
            return "%s:%d calls %s" % (function, line, callee)
    for function, line in parsed:
        low, high = LINES.get(function, (1, 0))
        if line and not low <= line <= high:
            return "%s has no line %d" % (function, line)
    for function, most in MOST.items():
        if sum(f == function for f, _ in parsed) > most:
            return "%s too deep" % function
    return None


def state(pid):
    with open("/proc/%d/stat" % pid) as f:
        return f.read().rsplit(")", 1)[1].split()[0]
