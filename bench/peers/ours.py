"""Motcua as it stands in this tree: `motcua bench fill` makes and fills the office, `motcua serve` serves it in a process of
its own, and wrk asks what `motcua bench` asks."""
import json
import os
import shutil
import sqlite3
import subprocess
import urllib.parse
from pathlib import Path

import cases
from common import ROOT, Request, Service, run, stop

PROGRAM = ROOT / "build/motcua"
RARE = 200  # dossiers whose owners share a name that nobody else has


def letters(k):
    """A word for a number, without digits: an office takes what has digits in it for a code."""
    return "".join(chr(ord("a") + k // 26**i % 26) for i in range(3))


def headers(text):
    return dict(line.split(": ", 1) for line in text.split("\r\n") if line)


class Motcua:
    name = "motcua"

    def __init__(self, place, _):
        self.place, self.office, self.service = place, place / "motcua", None

    def install(self):
        if not PROGRAM.exists():
            stop("build/motcua is not built: make")
        self.version = run(PROGRAM, "version").strip().splitlines()[0]

    # ---- loading ----

    def prepare(self, count):
        shutil.rmtree(self.office, ignore_errors=True)
        done = subprocess.run([PROGRAM, "bench", "fill", "--dossiers", str(count), "--office", self.office, "--json"], stdout=subprocess.PIPE, text=True,
                              env=dict(os.environ, LC_ALL="C"))
        if done.returncode:
            stop("motcua bench fill failed")
        filled = json.loads(done.stdout)
        self.codes, self.requests, self.filled_per_s = filled["codes"], filled["requests"], filled["figure"]
        self.start()
        self.name_some(min(RARE, count // 10))
        self.stop()

    def name_some(self, count):
        """For the searches: dossiers sent as all others, with a name that they share and a second one of their own."""
        rq, self.rare = self.requests["submit"], count
        for k in range(count):
            body = json.loads(rq["body"])
            body["parties"][0]["name"] = f"Nhomhiem Rieng{letters(k)}"
            Request([rq["target"]], '"code"', rq["method"], {**headers(rq["headers"]), "Content-Type": rq["type"], "Idempotency-Key": f"named-{k}"},
                    json.dumps(body, ensure_ascii=False), 201).once(self.base)

    def cases(self):
        with sqlite3.connect(f"file:{self.office / 'motcua.db'}?mode=ro", uri=True) as db:
            return db.execute("SELECT count(*) FROM dossier").fetchone()[0]

    # ---- serving ----

    def start(self):
        ready = self.place / "motcua.ready"
        ready.unlink(missing_ok=True)
        self.service = Service([PROGRAM, "serve", "--data", self.office, "--listen", "127.0.0.1:0", "--ready-file", ready, "--log-level", "warn"],
                               self.place / "motcua.log")
        self.service.wait_until(lambda: ready.exists() and ready.read_text().endswith("\n"))
        self.base = ready.read_text().strip()
        is_ready = lambda: Request(["/readyz"], "").once(self.base) is not None
        return self.service.wait_until(is_ready)

    def stop(self):
        self.service.end()

    def roots(self):
        return [self.service.process.pid]

    own_roots = roots

    # ---- the works ----

    def works(self):
        asked = lambda kind: headers(self.requests[kind]["headers"])
        submit = self.requests["submit"]
        create = Request([submit["target"]], '"code"', "POST",
                         {**asked("submit"), "Content-Type": submit["type"], "Idempotency-Key": "{n}"}, submit["body"], 201)
        found = lambda words: "/api/v1/dossiers?limit=25&q=" + urllib.parse.quote(words)
        officer = asked("read")
        return {
            "create": create, "create1": create,
            "read": Request([f"/api/v1/dossiers/{code}" for code in self.codes], '"parties"', headers=officer),
            "page": Request([f"/ho-so/{code}" for code in self.codes], "Hồ sơ", headers=asked("page")),
            "list": Request([self.requests["list"]["target"]], '"due_at"', headers=officer),
            "search_one": Request([found(f"rieng{letters(k)}") for k in range(self.rare)], '"code"', headers=officer),
            "search_many": Request([found("nhomhiem")], '"code"', headers=officer),
        }
