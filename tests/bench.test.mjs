// Every measurement runs and says what it says in numbers. How large they are is not a matter for tests.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import { program } from './support/office.mjs';

const run = promisify(execFile);
let folder;
before(() => { folder = fs.mkdtempSync(path.join(os.tmpdir(), 'motcua-bench-test-')); });
after(() => fs.rmSync(folder, { recursive: true, force: true }));

const bench = (...args) => run(program, ['bench', ...args], { env: { ...process.env, MOTCUA_BENCH_DIR: folder, LC_ALL: 'C' } });

for (const name of ['submit', 'read', 'page', 'list', 'search', 'slip'])
  test(`bench ${name} measures itself and its bound`, async () => {
    const office = path.join(folder, 'office');
    const { stdout } = await bench(name, '--seconds', '1', '--dossiers', '200', '--clients', '4', '--office', office, '--json');
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
  const { stdout } = await bench('pages', '--seconds', '1', '--dossiers', '200', '--clients', '2', '--only', 'dossier', '--office', office, '--json');
  const pages = stdout.trim().split('\n').map(line => JSON.parse(line));
  assert.deepEqual(pages.map(page => page.name), ['my dossiers', "applicant's dossier", "officer's dossier", "specialist's dossier"]);
  for (const page of pages) {
    assert.ok(page.figure > 0 && page.p99_ms > 0 && page.server_p99_ms_at_most > 0, page.name);
    assert.ok(page.bytes > 500 && page.bytes < 30_000, `${page.name}: ${page.bytes} bytes`);
  }
});

test('without --office the scratch office is gone afterwards', async () => {
  const before = fs.readdirSync(folder);
  await bench('search', '--seconds', '1', '--clients', '2');
  assert.deepEqual(fs.readdirSync(folder), before);
});

test('a working office is refused, and so is a measurement that does not exist', async () => {
  const office = path.join(folder, 'real');
  await run(program, ['init', '--data', office]);
  await assert.rejects(bench('read', '--office', office), error => error.code === 1 && /real is a working office/.test(error.stderr));
  await assert.rejects(bench('everything'), error => error.code === 2 && /submit, read, page, list, progress, search, act, slip, pages/.test(error.stderr));
  await assert.rejects(bench('read', '--clients', '0'), error => error.code === 2);
});
