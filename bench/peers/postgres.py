"""A PostgreSQL of its own (Debian 12 has 15): own folder, own socket, no TCP, own processes; as initdb makes it, so with its default
durability (fsync, synchronous_commit and full_page_writes on). Only the memory that it may use is raised, for the peers' good."""
import os
import re
import shutil
from pathlib import Path

from common import Service, run, stop

PROGRAMS = max(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda p: int(p.parent.name), default=Path("/usr/lib/postgresql"))
MEMORY = ("shared_buffers=1GB", "effective_cache_size=4GB", "maintenance_work_mem=256MB", "work_mem=16MB", "max_connections=100")


class Postgres:
    user = "postgres"

    def __init__(self, folder):
        self.folder, self.data = folder, folder / "data"
        if not (PROGRAMS / "initdb").exists():
            stop(f"there is no PostgreSQL in {PROGRAMS}: tools/deps peers installs it")
        self.begin = ["runuser", "-u", self.user, "--"] if os.getuid() == 0 else []
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        if self.begin:
            shutil.chown(folder, self.user)
        os.chmod(folder, 0o700)
        run(*self.begin, PROGRAMS / "initdb", "-D", self.data, "-U", self.user, "-A", "trust", "-E", "UTF8", "--locale", "C.UTF-8", cwd="/")
        self.start()
        self.version = self.sql("postgres", "SHOW server_version").strip()

    def start(self):
        settings = [part for value in MEMORY for part in ("-c", value)]
        pid = self.data / "postmaster.pid"
        self.service = Service([*self.begin, PROGRAMS / "postgres", "-D", self.data, "-k", self.folder, "-c", "listen_addresses=", *settings],
                               self.folder.parent / "postgres.log", cwd="/")
        self.service.wait_until(lambda: pid.exists() and "ready" in pid.read_text())

    def restart(self):
        """So that what loading left in its memory is not taken for what the peer needs."""
        self.end()
        self.start()

    def sql(self, database, text):
        return run(PROGRAMS / "psql", "-h", self.folder, "-U", self.user, "-d", database, "-v", "ON_ERROR_STOP=1", "-X", "-A", "-t", "-q", "-c", text,
                   cwd="/")

    def create(self, database):
        self.sql("postgres", f"CREATE DATABASE {database}")

    def settle(self, database):
        """Statistics and a checkpoint after loading, so that no measurement pays for it."""
        self.sql(database, "VACUUM ANALYZE")
        self.sql(database, "CHECKPOINT")

    def roots(self):
        return [int((self.data / "postmaster.pid").read_text().split("\n")[0])]

    def bound(self, database, script, clients, seconds, name):
        """What the database alone does of one statement, asked by pgbench over its socket with prepared statements."""
        path = self.folder.parent / f"{name}.pgbench"
        path.write_text(script)
        text = run(PROGRAMS / "pgbench", "-h", self.folder, "-U", self.user, "-n", "-M", "prepared", "-c", clients, "-j", 2, "-T", seconds,
                   "-f", path, database, cwd="/")
        return float(re.search(r"tps = ([0-9.]+)", text).group(1))

    def end(self):
        os.kill(self.roots()[0], 2)  # SIGINT: fast shutdown
        self.service.process.wait(60)
