"""request-tracker5 of Debian with PostgreSQL, under Starman, with the full-text index of its own tool. Its database is made by
its own set-up program; nothing of the machine's own configuration of RT is read or changed."""
import http.cookiejar
import json
import os
import re
import urllib.parse
import urllib.request
from pathlib import Path

import cases
from common import NO_REDIRECTS, Request, Service, free_port, run, stop

SERVER = Path("/usr/share/request-tracker5/libexec/rt-server")
WORKERS = 4
# Tables of which a new ticket makes rows, with the columns that name rows of these tables (column: table).
TABLES = {
    "tickets": {"id": "tickets", "effectiveid": "tickets"},
    "principals": {"id": "principals"},
    "groups": {"id": "principals", "instance": "tickets"},
    "groupmembers": {"id": "groupmembers", "groupid": "principals", "memberid": "principals"},
    "cachedgroupmembers": {"id": "cachedgroupmembers", "groupid": "principals", "memberid": "principals", "immediateparentid": "principals",
                           "via": "cachedgroupmembers"},
    "transactions": {"id": "transactions", "objectid": "tickets"},
    "attachments": {"id": "attachments", "transactionid": "transactions", "parent": "attachments"},
}
SITE = """
Set($rtname, 'bench'); Set($Organization, 'bench.example');
Set($WebDomain, '127.0.0.1'); Set($WebPort, {port}); Set($WebPath, '');
Set($DatabaseType, 'Pg'); Set($DatabaseHost, '{host}'); Set($DatabasePort, ''); Set($DatabaseName, '{database}');
Set($DatabaseUser, 'rt_bench'); Set($DatabasePassword, 'none'); Set($DatabaseAdmin, '{admin}');
Set($LogToSyslog, undef); Set($LogToSTDERR, 'warning'); Set($LogToFile, undef);
Set($MailCommand, 'testfile');
Set($MasonDataDir, '{folder}/mason'); Set($GnuPG, undef); Set(%GnuPG, Enable => 0); Set(%SMIME, Enable => 0); Set($Timezone, 'UTC');
Set(%FullTextSearch, Enable => 1, Indexed => 1, Table => 'AttachmentsIndex', Column => 'ContentIndex');
1;
"""


class RequestTracker:
    name, database = "rt", "rt5"

    def __init__(self, place, postgres):
        self.place, self.postgres, self.port = place, postgres, free_port()
        self.base, self.folder = f"http://127.0.0.1:{self.port}", place / "rt"
        self.service, self.cookie = None, ""

    def install(self):
        if not SERVER.exists():
            stop("request-tracker5 is not installed: tools/deps peers installs it")
        version = run("dpkg-query", "-W", "-f", "${Version}", "request-tracker5")
        self.version = f"request-tracker5 {version} under Starman ({WORKERS} workers)"

    def environment(self):
        return dict(os.environ, RT_SITE_CONFIG=str(self.folder / "site.pm"), RT_SITE_CONFIG_DIR=str(self.folder / "empty"),
                    RT_DBA_PASSWORD="none", PERL5LIB="")

    # ---- loading ----

    def prepare(self, count):
        for name in ("empty", "mason"):
            (self.folder / name).mkdir(parents=True, exist_ok=True)
        (self.folder / "site.pm").write_text(SITE.format(port=self.port, host=self.postgres.folder, database=self.database,
                                                         admin=self.postgres.user, folder=self.folder))
        run("rt-setup-database-5", "--action", "init", "--force", env=self.environment(), log=self.place / "rt-setup.log")
        run("rt-setup-fulltext-index-5", "--dba", self.postgres.user, "--dba-password", "none", "--table", "AttachmentsIndex", "--column", "ContentIndex",
            "--index-type", "GIN", env=self.environment(), stdin=-3)
        self.start()
        before = self.marks()
        one = json.loads(Request(["/REST/2.0/ticket"], '"id"', "POST", self.headers(), self.body("first"), 201).once(self.base))
        self.multiply(before, self.marks(), count - 1)
        self.first, self.count = int(one["id"]), count
        self.postgres.settle(self.database)
        self.stop()

    def marks(self):
        return {table: int(self.postgres.sql(self.database, f"SELECT coalesce(max(id), 0) FROM {table}")) for table in TABLES}

    def multiply(self, low, high, copies):
        """Each row that the first ticket made, once more for each copy; ids and what names them move on by as many as the
        first ticket took, so that RT reads the copies as its own. What names older rows (people, queues) stays."""
        size = {table: high[table] - low[table] for table in TABLES}
        sql = []
        for table, names in TABLES.items():
            columns = self.postgres.sql(self.database, "SELECT column_name FROM information_schema.columns WHERE table_schema = 'public' AND "
                                        f"table_name = '{table}' ORDER BY ordinal_position").split()
            value = {column: f"CASE WHEN t.{column} > {low[of]} THEN t.{column} + k * {size[of]} ELSE t.{column} END"
                     for column, of in names.items()}
            if table == "tickets":
                value.update(due=cases.DUE_SQL, subject=cases.NAME_SQL)
            if table == "attachments":
                value["content"] = f"CASE WHEN t.contenttype = 'text/plain' AND t.parent = 0 THEN {cases.CONTENT_SQL} ELSE t.content END"
                value["messageid"] = "t.messageid || k"
            said = ", ".join(value.get(column, f"t.{column}") for column in columns)
            sql.append(f"INSERT INTO {table} ({', '.join(columns)}) SELECT {said} FROM {table} t, generate_series(1, {copies}) k WHERE t.id > {low[table]} "
                       f"AND t.id <= {high[table]}")
            sequence = "groups_id_seq" if table == "groups" else f"{table}_id_seq"
            sql.append(f"SELECT setval('{sequence}', (SELECT max(id) FROM {table})) WHERE EXISTS (SELECT FROM pg_class WHERE relname = '{sequence}')")
        # As rt-fulltext-indexer does it, in one statement.
        sql.append("INSERT INTO attachmentsindex (id, contentindex) SELECT a.id, to_tsvector(a.content) FROM attachments a JOIN transactions t "
                   "ON t.id = a.transactionid WHERE a.contenttype IN ('text/plain', 'text/html') AND t.type NOT IN ('EmailRecord', 'CommentEmailRecord')")
        self.rows_of_one = {table: n for table, n in size.items() if n}
        self.postgres.sql(self.database, "; ".join(sql))

    def cases(self):
        return int(self.postgres.sql(self.database, "SELECT count(*) FROM tickets"))

    # ---- serving ----

    def start(self):
        # Without keep-alive, as behind a web server: a worker that keeps a connection lets all other clients wait.
        self.service = Service([SERVER, "--server", "Starman", "--host", "127.0.0.1", "--port", self.port, "--workers", WORKERS,
                                "--disable-keepalive"], self.place / "rt.log",
                               env=self.environment())

        def is_ready():
            try:
                self.sign_in()
                return True
            except OSError:
                return False
        return self.service.wait_until(is_ready)

    def sign_in(self):
        """The cookie of a session: RT's tokens and passwords cost a bcrypt with every request, a session does not."""
        asked = urllib.request.Request(self.base + "/NoAuth/Login.html", urllib.parse.urlencode({"user": "root", "pass": "password"}).encode(), method="POST")
        try:
            answer = NO_REDIRECTS.open(asked, timeout=30)
        except urllib.error.HTTPError as error:
            answer = error
        found = [re.match(r"(RT_SID[^=]*=[^;]*)", line) for line in answer.headers.get_all("Set-Cookie") or []]
        if answer.status not in (200, 302) or not any(found):
            stop(f"RT did not sign in: {answer.status}")
        self.cookie = [m.group(1) for m in found if m][-1]

    def stop(self):
        self.service.end()

    def roots(self):
        return [self.service.process.pid, *self.postgres.roots()]

    def own_roots(self):
        return [self.service.process.pid]

    # ---- the works ----

    def headers(self):
        return {"Cookie": self.cookie, "Content-Type": "application/json"}

    def body(self, n):
        one = cases.fields(n)
        return json.dumps({"Queue": "General", "Subject": f"{one['name']} {n}", "Requestor": "congdan@example.vn", "Due": "2027-06-01 09:00:00",
                           "ContentType": "text/plain", "Content": one["content"]}, ensure_ascii=False)

    def found(self, words):
        query = urllib.parse.quote(f"Content LIKE '{words}'")
        return f"/REST/2.0/tickets?query={query}&orderby=Created&order=DESC&per_page=25&fields=Subject,Status,Due"

    def works(self):
        self.sign_in()
        ids = range(self.first, self.first + self.count)
        seen = {"Cookie": self.cookie}
        create = Request(["/REST/2.0/ticket"], '"id"', "POST", self.headers(), self.body("{n}"), 201)
        query = urllib.parse.quote("Status = 'new'")
        return {
            "create": create, "create1": create,
            "read": Request([f"/REST/2.0/ticket/{i}" for i in ids], '"Subject"', headers=seen),
            "page": Request([f"/Ticket/Display.html?id={i}" for i in ids], "Nguyễn Thị Ngọc Ánh", headers=seen),
            "list": Request([f"/REST/2.0/tickets?query={query}&orderby=Due&order=ASC&per_page=25&fields=Subject,Status,Due"], '"Due"', headers=seen),
            "search_one": Request([self.found(f"rieng{k}") for k in range(1, self.count)], '"count" : 1', headers=seen),
            "search_many": Request([self.found(f"nhom{k}") for k in range(min(cases.GROUPS, self.count - 1))], '"Due"', headers=seen),
        }
