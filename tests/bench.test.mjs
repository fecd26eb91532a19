// Every measurement runs and says what it says in numbers. How large they are is not a matter for tests.
import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import { program } from './support/office.mjs';
import { slow } from './support/node.mjs';

const run = promisify(execFile);
let folder;
before(() => { folder = fs.mkdtempSync(path.join(os.tmpdir(), 'motcua-bench-test-')); });
after(() => fs.rmSync(folder, { recursive: true, force: true }));

// Under a watcher, in which a letter may take a second by itself, as much longer.
const seconds = n => String(n * Math.ceil(slow / 3));
const bench = (...args) => run(program, ['bench', ...args], { env: { ...process.env, MOTCUA_BENCH_DIR: folder, LC_ALL: 'C' } });

for (const name of ['submit', 'read', 'page', 'list', 'search', 'find', 'slip', 'steps'])
  test(`bench ${name} measures itself and its bound`, async () => {
    const office = path.join(folder, 'office');
    const { stdout } = await bench(name, '--seconds', seconds(1), '--dossiers', '200', '--clients', '4', '--office', office, '--json');
    const result = JSON.parse(stdout);
    assert.equal(result.name, name);
    assert.match(result.unit, /\/s$/);
    for (const field of ['figure', 'p50_ms', 'p99_ms', 'bound', 'ratio']) {
      assert.equal(typeof result[field], 'number', field);
      assert.ok(result[field] > 0, `${field} is ${result[field]}`);
    }
    assert.ok(result.p50_ms <= result.p99_ms);
  });

test('bench pages measures pages as browsers get them, all or those with a word in their name', async () => {
  const office = path.join(folder, 'office');
  const { stdout } = await bench('pages', '--seconds', seconds(1), '--dossiers', '200', '--clients', '2', '--only', 'dossier', '--office', office, '--json');
  const pages = stdout.trim().split('\n').map(line => JSON.parse(line));
  assert.deepEqual(pages.map(page => page.name), ['my dossiers', "applicant's dossier", "officer's dossier", "specialist's dossier"]);
  for (const page of pages) {
    assert.ok(page.figure > 0 && page.p99_ms > 0 && page.server_p99_ms_at_most > 0, page.name);
    assert.ok(page.bytes > 500 && page.bytes < 30_000, `${page.name}: ${page.bytes} bytes`);
  }
});

test('bench fill says what any other client needs to ask the same', async () => {
  const office = path.join(folder, 'filled');
  const filled = JSON.parse((await bench('fill', '--dossiers', '300', '--office', office, '--json')).stdout);
  assert.ok(filled.figure > 0 && filled.store_bytes > 1_000_000, `${filled.figure} ${filled.store_bytes}`);
  assert.equal(new Set(filled.codes).size, 300);
  assert.match(filled.requests.read.target, /^\/api\/v1\/dossiers\/G11-/);
  assert.match(filled.requests.submit.headers, /^Authorization: Bearer \S+\r\nIdempotency-Key: /);
  const again = (await bench('fill', '--dossiers', '300', '--office', office)).stdout;
  assert.match(again, /^fill +0 dossiers\/s +300 wait/);
  const ready = path.join(folder, 'ready');
  const server = spawn(program, ['serve', '--data', office, '--listen', '127.0.0.1:0', '--ready-file', ready, '--log-level', 'warn'], { stdio: 'ignore' });
  try {
    while (!fs.existsSync(ready) || !fs.readFileSync(ready, 'utf8').endsWith('\n')) await new Promise(soon => setTimeout(soon, 20));
    const url = fs.readFileSync(ready, 'utf8').trim();
    for (const [name, rq] of Object.entries(filled.requests)) {
      const headers = Object.fromEntries(rq.headers.split('\r\n').filter(Boolean).map(line => line.split(': ')));
      const answer = await fetch(url + rq.target, { method: rq.method, body: rq.body || undefined, headers: { ...headers, ...(rq.type && { 'Content-Type': rq.type }) } });
      assert.equal(answer.status, rq.status, `${name}: ${await answer.text()}`);
    }
  } finally {
    server.kill();
  }
});

test('bench history makes an office that has worked for weeks, by the ordinary commands', async () => {
  const office = path.join(folder, 'history');
  const said = JSON.parse((await bench('history', '--dossiers', '24', '--waiting', '12', '--days', '2', '--office', office, '--json')).stdout);
  assert.equal(said.dossiers, 36);
  assert.equal(said.refused, 0, 'nothing that it does is against the rules');
  assert.ok(said.acts > 60 && said.figure > 0, JSON.stringify(said));
  const { stdout } = await run(program, ['export', 'dossiers', '--data', office, '--json']);
  const dossiers = stdout.trim().split('\n').map(line => JSON.parse(line));
  assert.equal(dossiers.length, 36);
  assert.ok(dossiers.filter(d => d.finished_at !== null).length >= 20, 'most of them are over');
  assert.ok(dossiers.filter(d => d.status === 1).length >= 5, 'and some still wait');
  assert.ok(Date.parse(dossiers.at(-1).submitted_at) - Date.parse(dossiers[0].submitted_at) > 30 * 86400e3, 'over weeks');
});

test('asked for ten times what it can do, an office serves as much as before and tells the others when to come again', async () => {
  const office = path.join(folder, 'office');
  const said = JSON.parse((await bench('overload', '--seconds', seconds(2), '--dossiers', '200', '--clients', '8', '--office', office, '--json')).stdout);
  const { normal, overload } = said;
  assert.ok(normal.served_per_s > 0 && overload.asked_per_s > overload.served_per_s, JSON.stringify(said));
  assert.ok(overload.refused_per_s > 0, 'who is too many hears it');
  assert.equal(overload.without_retry_after + normal.without_retry_after, 0);
  assert.ok(said.goodput > 0.3, `${said.goodput} of the normal rate is served`);
});

test('slow and quiet connections are opened beside the pages that are measured', async () => {
  const office = path.join(folder, 'office');
  const said = JSON.parse((await bench('slow', '--seconds', seconds(1), '--dossiers', '200', '--connections', '40', '--rounds', '1', '--office', office, '--json')).stdout);
  assert.ok(said.rate > 0);
  for (const [name, open] of [['alone', 0], ['quiet', 40], ['elsewhere', 40], ['slow', 40]]) {
    const { p50_ms, p99_ms, answered, memory_mib, ...rest } = said[name];
    assert.ok(answered > 0 && p50_ms > 0 && p50_ms <= p99_ms && memory_mib > 1, JSON.stringify(said));
    assert.equal(rest.open, open, name);
    assert.ok(open === 0 || rest.turns > 0, `${name}: ${JSON.stringify(rest)}`);
    assert.ok(rest.broken * 20 < answered, `${name}: ${JSON.stringify(rest)}`); // a busy machine does not send all in time
  }
});

test('without --office the scratch office is gone afterwards', async () => {
  const before = fs.readdirSync(folder);
  await bench('search', '--seconds', seconds(1), '--clients', '2');
  assert.deepEqual(fs.readdirSync(folder), before);
});

test('a working office is refused, and so is a measurement that does not exist', async () => {
  const office = path.join(folder, 'real');
  await run(program, ['init', '--data', office]);
  await assert.rejects(bench('read', '--office', office), error => error.code === 1 && /real is a working office/.test(error.stderr));
  await assert.rejects(bench('everything'), error => error.code === 2 && /submit, read, page, list, progress, search, find, act, slip, steps, overload, slow, pages, fill/.test(error.stderr));
  await assert.rejects(bench('read', '--clients', '0'), error => error.code === 2);
});
