// The tools of the build: what they make of good input and what they say about bad input.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
// sql_table names places relative to the tree, so its input has to lie inside it.
const scratch = mkdtempSync(join(root, "build", "tools-"));
after(() => rmSync(scratch, { recursive: true }));

function tool(name, ...args) {
  const done = spawnSync(join(root, "tools", name), args, { encoding: "utf8" });
  return { status: done.status, text: done.stdout + done.stderr };
}

function sqlTable(sql) {
  const file = join(scratch, "dossier.sql");
  writeFileSync(file, sql);
  const done = tool("sql_table", "--header", join(scratch, "q.h"), "--source", join(scratch, "q.c"), file);
  if (done.status !== 0) return done;
  return { ...done, header: readFileSync(join(scratch, "q.h"), "utf8"), source: readFileSync(join(scratch, "q.c"), "utf8") };
}

test("a named parameter gets its number by first appearance, for both engines", () => {
  const { header, source } = sqlTable("-- name: a_b\n-- What it is for.\nSELECT 1 WHERE x = :x AND y > :y AND x <> :x;\n");
  assert.match(header, /Q_A_B, \/\* \(x, y\) What it is for\. \*\//);
  assert.match(source, /x = \?1 AND y > \?2 AND x <> \?1"/);
  assert.match(source, /x = \$1 AND y > \$2 AND x <> \$1"/);
  assert.match(source, /"x y", 2, false/);
});

test("quoted text, comments and casts are left alone", () => {
  const { source } = sqlTable("-- name: q\nSELECT ':a', \":b\", n::text -- :c\nFROM t WHERE d = :d\n");
  assert.match(source, /SELECT ':a', \\":b\\", n::text\\n/);
  assert.match(source, /"d", 1, false/);
});

test("INSERT, UPDATE, DELETE and WITH before them are writes", () => {
  for (const sql of ["INSERT INTO t VALUES (1)", "UPDATE t SET a = 1", "DELETE FROM t", "WITH n AS (SELECT 1) INSERT INTO t SELECT * FROM n"])
    assert.match(sqlTable(`-- name: q\n${sql}\n`).source, /0, true/, sql);
});

test("a variant for PostgreSQL keeps the numbers of its query", () => {
  const { source } = sqlTable("-- name: q\nSELECT :a, :b\n-- name: q\n-- engine: postgres\nSELECT :b, :a\n");
  assert.match(source, /"SELECT \?1, \?2",\s+"SELECT \$2, \$1",\s+"a b", 2/);
});

for (const [why, sql, sentence] of [
  ["a name twice", "-- name: q\nSELECT 1\n-- name: q\nSELECT 2\n", /stands at .*dossier\.sql:1 already/],
  ["text without a name", "SELECT 1\n", /:1: text before the first/],
  ["a name without text", "-- name: q\n", /:1: the query q has no text/],
  ["a variant of nothing", "-- name: q\n-- engine: postgres\nSELECT 1\n", /no query of that name/],
  ["a scan of what is no large table", "-- name: q\n-- scans: nothing: because\nSELECT 1\n", /may scan nothing, which is no large table/],
  ["a variant with other parameters", "-- name: q\nSELECT :a\n-- name: q\n-- engine: postgres\nSELECT :b\n", /other parameters/],
  ["two statements under one name", "-- name: q\nSELECT 1; SELECT 2;\n", /more than one statement/],
  ["a parameter numbered by hand", "-- name: q\nSELECT ?1\n", /name it/],
])
  test(`sql_table refuses ${why} and says where`, () => {
    const done = sqlTable(sql);
    assert.equal(done.status, 1);
    assert.match(done.text, sentence);
  });

function catalogue(po) {
  writeFileSync(join(scratch, "vi.po"), po);
  const done = tool("catalogue", join(scratch, "vi.po"), join(scratch, "vi.c"));
  return done.status === 0 ? readFileSync(join(scratch, "vi.c"), "utf8") : done.text;
}

test("the catalogue is sorted by bytes and leaves out what is fuzzy or untranslated", () => {
  const c = catalogue(
    'msgid ""\nmsgstr "Language: vi\\n"\n\nmsgid "b"\nmsgstr "bê"\n\nmsgid "a \\"x\\""\nmsgstr ""\n"dài "\n"hơn"\n\n' +
      '#, fuzzy\nmsgid "c"\nmsgstr "xê"\n\nmsgid "d"\nmsgstr ""\n',
  );
  assert.match(c, /\{"a \\"x\\"", "dài hơn", 5, 9\},\n {4}\{"b", "bê", 1, 3\},\n\};/); // lengths in bytes
  assert.match(c, /catalogue_vi_count = 2;/);
});

test("a catalogue with a broken line is refused with its place", () => {
  assert.match(catalogue('msgid "a"\nmsgstr bad\n'), /vi\.po:2: /);
});

test("assets are named after their content and refer to one another by those names", () => {
  const rows = readFileSync(join(root, "build/assets/index.txt"), "utf8").trim().split("\n").map((row) => row.split(" "));
  const served = Object.fromEntries(rows);
  const style = readFileSync(join(root, "build/assets", served["app.css"]), "utf8");
  assert.ok(style.includes(`/assets/${served["public-sans-400.woff2"]}`));
  assert.ok(readFileSync(join(root, "build/assets", served["app.js"]), "utf8").includes(served["govuk-frontend.js"]));
  for (const [name, hashed] of rows) assert.match(hashed, /\.[0-9a-f]{10}\.[a-z0-9]+$/, name);
});
