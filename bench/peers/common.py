"""What every side of the comparison shares: programs that are started and ended, the client, what a process tree costs."""
import json
import math
import os
import shlex
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LUA = Path(__file__).with_name("requests.lua")
TICKS = os.sysconf("SC_CLK_TCK")
THE_CLIENT_MAY_WAIT_S = 60
LEAST_ANSWERS, MOST_S = 30, 20


def say(text):
    print(f"bench-peers: {text}", file=sys.stderr, flush=True)


def stop(text):
    sys.exit(f"bench-peers: {text}")


def run(*args, log=None, **how):
    """Runs a program to its end; what it printed. A failure ends the measurement and shows the end of what it said."""
    done = subprocess.run([str(a) for a in args], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, **how)
    if log:
        Path(log).write_text(done.stdout)
    if done.returncode:
        stop(f"{shlex.join(str(a) for a in args)[:200]} ended with status {done.returncode}:\n{done.stdout[-2000:]}")
    return done.stdout


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


# ---- a program that serves ----

class Service:
    """A process in a session of its own, ended with all that it started."""

    def __init__(self, args, log, **how):
        self.log = Path(log)
        self.begun = time.monotonic()
        with open(log, "wb") as out:
            self.process = subprocess.Popen([str(a) for a in args], stdout=out, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL,
                                            start_new_session=True, **how)

    def wait_until(self, is_ready, most_s=120):
        """Seconds from its start until it answers."""
        while not is_ready():
            if self.process.poll() is not None or time.monotonic() - self.begun > most_s:
                stop(f"{self.process.args[0]} does not serve; the end of {self.log}:\n{self.log.read_text(errors='replace')[-2000:]}")
            time.sleep(0.005)
        return time.monotonic() - self.begun

    def end(self, how=signal.SIGTERM):
        if self.process.poll() is not None:
            return
        self.process.send_signal(how)
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            pass
        try:
            os.killpg(self.process.pid, signal.SIGKILL)  # its own group, made by start_new_session
        except ProcessLookupError:
            pass
        self.process.wait()


# ---- what a tree of processes costs ----

def tree(roots):
    """The processes that descend from `roots`, themselves included."""
    children = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                parent = int((entry / "stat").read_text().rsplit(")", 1)[1].split()[1])
            except (OSError, IndexError):
                continue  # it ended meanwhile
            children.setdefault(parent, []).append(int(entry.name))
    found, waiting = [], list(roots)
    while waiting:
        pid = waiting.pop()
        found.append(pid)
        waiting += children.get(pid, [])
    return found


def cpu_s(roots):
    """User and system time of the tree so far, with that of children that ended and were waited for."""
    total = 0
    for pid in tree(roots):
        try:
            fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
            total += sum(map(int, fields[11:15]))
        except OSError:
            pass
    return total / TICKS


def pss_mib(roots):
    total = 0
    for pid in tree(roots):
        try:
            for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
                if line.startswith("Pss:"):
                    total += int(line.split()[1])
        except OSError:
            pass
    return total / 1024


def settle(roots):
    """Waits until the tree rests: requests that an ended client left behind are still worked on, and are nobody's next run."""
    until, before = time.monotonic() + THE_CLIENT_MAY_WAIT_S, cpu_s(roots)
    while time.monotonic() < until:
        time.sleep(1)
        now = cpu_s(roots)
        if now - before < 0.05:
            return
        before = now


# ---- the client ----

class Request:
    """One work: what is asked, and by what an answer is known to be the right one."""

    def __init__(self, paths, has, method="GET", headers=None, body=None, status=200):
        self.paths, self.has, self.method, self.headers, self.body, self.status = paths, has, method, headers or {}, body, status

    def once(self, base, n="probe", path=None):
        """The length of the body of one right answer."""
        text = lambda s: s.replace("{n}", n)
        asked = urllib.request.Request(base + (path or self.paths[0]), method=self.method, headers={k: text(v) for k, v in self.headers.items()},
                                       data=text(self.body).encode() if self.body else None)
        try:
            with NO_REDIRECTS.open(asked, timeout=THE_CLIENT_MAY_WAIT_S) as answer:
                status, body = answer.status, answer.read()
        except urllib.error.HTTPError as error:
            status, body = error.code, error.read()
        if status != self.status or self.has.encode() not in body:
            stop(f"{self.method} {path or self.paths[0]} was answered {status} without {self.has!r}: {body[:600]!r}")
        return body


class NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_):
        return None


NO_REDIRECTS = urllib.request.build_opener(NoRedirect, urllib.request.ProxyHandler({}))


def lua(value):
    """A Lua literal of text, of a list or of a dict of texts."""
    if isinstance(value, str):
        return '"' + "".join(chr(b) if 32 <= b < 127 and b not in (34, 92) else f"\\{b:03d}" for b in value.encode()) + '"'
    if isinstance(value, list):
        return "{" + ",".join(map(lua, value)) + "}"
    return "{" + ",".join(f"[{lua(k)}]={lua(v)}" for k, v in value.items()) + "}"


class Client:
    """wrk with one plan for each work; the same for everybody."""
    runs = 0

    def __init__(self, folder, seconds, rounds):
        self.folder, self.seconds, self.rounds = folder, seconds, rounds
        self.peak_mib = 0.0
        self.tag = format(int(time.time()) % 2**24, "x")  # so that no key of this run stands in the store already

    def wrk(self, base, request, clients, seconds):
        Client.runs += 1
        plan = self.folder / "plan.lua"
        plan.write_text("return {method=" + lua(request.method) + ",paths=" + lua(request.paths) + ",headers=" + lua(request.headers)
                        + (",body=" + lua(request.body) if request.body else "") + "}\n")
        text = run("wrk", "-t", min(2, clients), "-c", clients, "-d", f"{seconds}s", "--timeout", f"{THE_CLIENT_MAY_WAIT_S}s", "-s", LUA, base,
                   "--", plan, f"{self.tag}x{Client.runs}", Client.runs)
        return json.loads(text.strip().splitlines()[-1])

    def measure(self, peer, request, clients):
        """The median of so many runs after a shorter one that is thrown away. Each answer's size is held against that of one
        that was looked at, so that a quick page of errors cannot pass for the work. The time of the cores is counted until the side
        rests, over the answers and those that were under way when wrk ended."""
        expected = len(request.once(peer.base, n=f"{self.tag}p{Client.runs}"))
        settle(peer.roots())
        warm = self.wrk(peer.base, request, clients, max(1, self.seconds // 2))
        # The slow get more time, so that a median is one of some dozens of answers.
        seconds = min(MOST_S, max(self.seconds, math.ceil(LEAST_ANSWERS * warm["us"] / 1e6 / max(1, warm["requests"]))))
        found, cpu, asked = [], 0.0, 0
        for _ in range(self.rounds):
            settle(peer.roots())
            before = cpu_s(peer.roots())
            one = self.wrk(peer.base, request, clients, seconds)
            # Right after a run, not in it: adding up the pages of a database takes time that would be the peer's.
            self.peak_mib = max(self.peak_mib, pss_mib(peer.roots()))
            settle(peer.roots())
            cpu += cpu_s(peer.roots()) - before
            asked += one["requests"]
            one["failures"] = sum(one["failed"].values())
            one["per_s"] = (one["requests"] - one["failed"]["status"]) * 1e6 / one["us"]
            if one["requests"] == 0 or one["bytes"] / one["requests"] < expected * 0.6:
                stop(f"{peer.name}: {one['requests']} answers of {one['bytes']} bytes; one that was looked at has {expected}")
            found.append(one)
        told = dict(sorted(found, key=lambda one: one["per_s"])[len(found) // 2])
        told.update(clients=clients, cpu_ms=cpu * 1000 / (asked + clients * self.rounds), runs=[round(one["per_s"], 2) for one in found],
                    all_requests=asked, all_failures=sum(one["failures"] for one in found))
        return told
