"""Directus from npm: the newest that runs on the machine's Node 20, started as its own image starts it (one process)."""
import json
import os
import secrets
import shutil
import subprocess
import urllib.request
from pathlib import Path

import cases
from common import ROOT, NO_REDIRECTS, Request, Service, free_port, run, say

VERSION = "10.13.4"
# Every field but the identifier comes from the client; who and when are written by Directus.
FIELDS = [("code", "string"), ("procedure", "string"), ("status", "string"), ("due", "timestamp"), ("name", "string"),
          ("phone", "string"), ("address", "string"), ("content", "text")]


def field(name, kind, special=None):
    return {"field": name, "type": kind, "meta": {"interface": "input", "special": [special] if special else None}, "schema": {}}


class Directus:
    name, database = "directus", "directus"

    def __init__(self, place, postgres):
        self.place, self.postgres, self.port = place, postgres, free_port()
        self.base, self.token = f"http://127.0.0.1:{self.port}", secrets.token_hex(16)
        self.folder = place / "directus"
        self.service = None

    # ---- installing ----

    def install(self):
        """The package and what it needs, without running any script of theirs; then the one part that has to be compiled,
        by the node-gyp that npm brings and the headers that the machine's Node brings."""
        self.folder.mkdir(parents=True, exist_ok=True)
        if not (self.folder / f"node_modules/.bench-peers-{VERSION}").exists():
            say(f"installing directus {VERSION} from npm")
            (self.folder / "package.json").write_text(json.dumps({"private": True, "dependencies": {"directus": VERSION}}))
            run("npm", "install", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error", "--omit=dev", cwd=self.folder)
            gyp = Path(run("npm", "root", "-g", "--loglevel=silent", cwd="/").strip().splitlines()[-1]) / "npm/node_modules/node-gyp/bin/node-gyp.js"
            headers = run("node", "-p", "path.join(process.execPath, '../..')").strip()
            say("compiling isolated-vm, its native part")
            run("node", gyp, "rebuild", "--release", f"--nodedir={headers}", "-j", "max", cwd=self.folder / "node_modules/isolated-vm")
            (self.folder / f"node_modules/.bench-peers-{VERSION}").touch()
        self.version = f"directus {VERSION} on Node {run('node', '--version').strip()[1:]}"

    def environment(self):
        return dict(os.environ, HOST="127.0.0.1", PORT=str(self.port), PUBLIC_URL=self.base, DB_CLIENT="pg", DB_HOST=str(self.postgres.folder),
                    DB_PORT="5432", DB_DATABASE=self.database, DB_USER=self.postgres.user, DB_PASSWORD="none", KEY=secrets.token_hex(16),
                    SECRET="of-this-measurement-only", ADMIN_EMAIL="admin@example.vn", ADMIN_PASSWORD=secrets.token_hex(12),
                    ADMIN_TOKEN=self.token, LOG_LEVEL="error", TELEMETRY="false", RATE_LIMITER_ENABLED="false", PRESSURE_LIMITER_ENABLED="false", CACHE_ENABLED="false",
                    WEBSOCKETS_ENABLED="false", EMAIL_VERIFY_SETUP="false", NODE_ENV="production",
                    STORAGE_LOCAL_ROOT=str(self.folder / "uploads"), EXTENSIONS_PATH=str(self.folder / "extensions"))

    def cli(self, *args):
        return ["node", self.folder / "node_modules/directus/cli.js", *args]

    # ---- loading ----

    def api(self, method, path, body):
        asked = urllib.request.Request(self.base + path, json.dumps(body).encode(), method=method,
                                       headers={"Content-Type": "application/json", "Authorization": f"Bearer {self.token}"})
        with NO_REDIRECTS.open(asked, timeout=60) as answer:
            return json.load(answer)["data"]

    def prepare(self, count):
        """One case by the API; the others are copies of its rows: the item, the activity and the revision that Directus
        writes for each change."""
        self.postgres.create(self.database)
        for name in ("uploads", "extensions"):
            (self.folder / name).mkdir(exist_ok=True)
        run(*self.cli("bootstrap"), env=self.environment(), cwd=self.folder)
        self.postgres.sql(self.database, f"UPDATE directus_users SET token = '{self.token}' WHERE email = 'admin@example.vn'")
        self.start()
        self.api("POST", "/collections", {"collection": "cases", "schema": {}, "meta": {"accountability": "all"}, "fields": [
            {"field": "id", "type": "integer", "schema": {"is_primary_key": True, "has_auto_increment": True}},
            *(field(name, kind) for name, kind in FIELDS), field("date_created", "timestamp", "date-created"),
            field("user_created", "uuid", "user-created")]})
        one = self.api("POST", "/items/cases", cases.fields("first"))
        copied = ", ".join(name for name, _ in FIELDS if name not in ("code", "due", "name", "content"))
        self.postgres.sql(self.database, f"""
            INSERT INTO cases (id, code, due, name, content, {copied}, date_created, user_created)
            SELECT {one['id']} + k, 'case-' || k, {cases.DUE_SQL}, {cases.NAME_SQL}, {cases.CONTENT_SQL}, {copied}, date_created, user_created
            FROM cases, generate_series(1, {count - 1}) k WHERE id = {one['id']};
            SELECT setval('cases_id_seq', (SELECT max(id) FROM cases));
            INSERT INTO directus_activity (action, "user", timestamp, ip, user_agent, collection, item, origin)
            SELECT action, "user", timestamp, ip, user_agent, collection, k, origin
            FROM directus_activity, generate_series({one['id']} + 1, {one['id']} + {count - 1}) k WHERE collection = 'cases' AND item = '{one['id']}';
            INSERT INTO directus_revisions (activity, collection, item, data, delta)
            SELECT a.id, r.collection, a.item, (r.data::jsonb || jsonb_build_object('code', 'case-' || a.item))::json, r.delta
            FROM directus_revisions r, directus_activity a
            WHERE r.collection = 'cases' AND r.item = '{one['id']}' AND a.collection = 'cases' AND a.item <> '{one['id']}';""")
        self.postgres.settle(self.database)
        self.first, self.count = one["id"], count
        self.stop()

    def cases(self):
        return int(self.postgres.sql(self.database, "SELECT count(*) FROM cases"))

    # ---- serving ----

    def start(self):
        self.service = Service(self.cli("start"), self.place / "directus.log", env=self.environment(), cwd=self.folder)
        ready = urllib.request.Request(f"{self.base}/users/me?fields=email", headers={"Authorization": f"Bearer {self.token}"})

        def is_ready():
            try:
                with NO_REDIRECTS.open(ready, timeout=5) as answer:
                    return answer.status == 200
            except OSError:
                return False
        return self.service.wait_until(is_ready)

    def stop(self):
        self.service.end()

    def roots(self):
        return [self.service.process.pid, *self.postgres.roots()]

    def own_roots(self):
        return [self.service.process.pid]

    # ---- the works ----

    def works(self):
        who = {"Authorization": f"Bearer {self.token}"}
        ids = range(self.first, self.first + self.count)
        create = Request(["/items/cases"], '"id":', "POST", {**who, "Content-Type": "application/json"}, cases.body())
        listed = Request(["/items/cases?filter[status][_eq]=open&sort=due&limit=25"], '"due":', headers=who)
        return {"create": create, "create1": create, "read": Request([f"/items/cases/{i}" for i in ids], '"content":', headers=who), "list": listed,
                "list_indexed": listed}

    def before(self, work):
        if work == "list_indexed":
            self.postgres.sql(self.database, "CREATE INDEX cases_status_due ON cases (status, due)")
            self.postgres.settle(self.database)

    @staticmethod
    def clean(place):
        for name in ("uploads", "extensions"):
            shutil.rmtree(place / "directus" / name, ignore_errors=True)
