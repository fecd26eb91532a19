// No query of a request reads a large table whole, on either engine; one that may says why beside its text.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { promisify } from 'node:util';
import { program, root } from './support/office.mjs';
import { Server } from './support/server.mjs';

const run = promisify(execFile);
const motcua = async (...args) => run(program, args, { maxBuffer: 1 << 28 }).then(r => ({ code: 0, ...r }), e => ({ code: e.code, stdout: e.stdout, stderr: e.stderr }));
const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'motcua-story-'));
const server = new Server();
after(() => {
  server.stop();
  fs.rmSync(scratch, { recursive: true, force: true });
});

const unwanted = queries => queries.flatMap(q => q.scans.filter(s => !s.allowed).map(s => `${q.name} reads ${s.table} whole:\n${q.plan}`));
const plans = async (isFar, ...args) => {
  const answer = await motcua('queries', '--plan', '--json', ...args), all = JSON.parse(answer.stdout);
  assert.deepEqual(unwanted(all), []);
  assert.equal(answer.code, 0, answer.stderr);
  const here = all.filter(q => isFar || !q.only_postgres);
  assert.ok(here.length > 300 && here.every(q => q.plan.length > 0 || q.is_write), 'every one has its plan');
  return all;
};

test('on SQLite', async () => {
  const all = await plans(false, '--data', path.join(scratch, 'none'));
  assert.match(all.find(q => q.name === 'entries_of_subject').plan, /SEARCH e USING INDEX entry_of_subject/);
  assert.deepEqual(all.filter(q => q.only_postgres).map(q => q.name), ['worklist_place', 'worklist_of_role', 'worklist_of_role_more']);
  assert.deepEqual(all.find(q => q.name === 'identity_all').scans, [{ table: 'identity', allowed: true }], 'what does is seen');
});

test('on PostgreSQL', async () => {
  const url = await server.database('office'), data = path.join(scratch, 'data');
  const made = await motcua('init', '--data', data, '--store', url);
  assert.equal(made.code, 0, made.stderr);
  const all = await plans(true, '--data', data);
  assert.match(all.find(q => q.name === 'entries_of_subject').plan, /Index Scan using entry_of_subject|Bitmap Index Scan on entry_of_subject/);
  assert.deepEqual(all.find(q => q.name === 'identity_all').scans, [{ table: 'identity', allowed: true }], 'what does is seen');
  await server.ask('office', 'DROP INDEX entry_of_subject');
  const without = await motcua('queries', '--plan', '--json', '--data', data);
  assert.equal(without.code, 1, 'an index that is missing is told');
  assert.match(unwanted(JSON.parse(without.stdout)).join(), /entries_of_subject reads entry whole/);
});

test('every large table is a table', async () => {
  const names = fs.readFileSync(path.join(root, 'schema/large_tables'), 'utf8').split('\n').filter(line => line && !line.startsWith('#'));
  const schema = fs.readdirSync(path.join(root, 'schema')).filter(f => f.endsWith('.sql')).map(f => fs.readFileSync(path.join(root, 'schema', f), 'utf8')).join('\n');
  for (const name of names) assert.match(schema, new RegExp(`CREATE TABLE ${name} \\(`), name);
});
