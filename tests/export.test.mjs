// What leaves the office whole: every dossier and every entry of the journal as lines of JSON, with a server and without, in the memory
// of one portion, whoever reads it however slowly; and what must not leave it.
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { openOffice, owner, pdf, program, submission } from './support/office.mjs';

const secret = { ...owner, name: 'Lưu Thị Bích Trâm', identities: [{ type: 'personal_id', value: '038188777123' }] };
let office, desk;
const codes = [];
before(async () => {
  office = await openOffice({ dossiers: true });
  desk = await office.as('tiepnhan');
  for (let i = 0; i < 3; i++) codes.push((await desk.post('/api/v1/dossiers', await submission(desk, '1.013285', { agency: 'G11', channel: 'counter' }))).body.code);
  await desk.act(codes[0], 'receive', {});
});
after(() => office.close());

async function lines(...args) {
  const { code, stdout, stderr } = await office.command('export', ...args);
  assert.equal(code, 0, stderr);
  return stdout.split('\n').filter(Boolean).map(line => JSON.parse(line));
}

test('each dossier is one line, in the words of the API', async () => {
  const all = await lines('dossiers');
  assert.equal(new Set(all.map(d => d.code)).size, all.length);
  for (const code of codes) {
    const line = all.find(d => d.code === code), { body } = await desk.get(`/api/v1/dossiers/${code}`);
    for (const key of ['procedure', 'agency', 'channel', 'status', 'owner', 'submitted_at', 'received_at', 'due_at', 'version', 'rule_set', 'form'])
      assert.deepEqual(line[key], body[key], `${code} ${key}`);
  }
  assert.ok(all.length > 50, 'the office had dossiers before');
  assert.ok(!JSON.stringify(all).includes('079203001234'), 'no number that identifies a person');
});

test('of one agency, of some days', async () => {
  const all = await lines('dossiers'), today = all.find(d => d.code === codes[0]).submitted_at;
  const local = at => new Date(Date.parse(at) + 7 * 3600e3).toISOString().slice(0, 10);
  const wanted = all.filter(d => d.agency === 'G11' && local(d.submitted_at) === local(today));
  assert.deepEqual(await lines('dossiers', '--agency', 'G11', '--from', local(today), '--to', local(today)), wanted);
  assert.ok(wanted.length >= 3 && wanted.length < all.length);
});

test('what asks for too much, or for nothing, is told so', async () => {
  for (const [args, code, sentence] of [
    [['dossiers', '--agency', 'X99'], 1, /X99/], [['dossiers', '--from', '2026-02-30'], 1, /2026-02-30/], [['journal', '--agency', 'G11'], 1, /--agency/],
    [['journal', '--after', 'never'], 1, /never/], [['papers'], 2, /motcua export/], [['dossiers', '--after', '7'], 1, /--after/],
  ]) {
    const done = await office.command('export', ...args, '--lang', 'en');
    assert.equal(done.code, code, args.join(' '));
    assert.match(done.stderr, sentence);
    assert.equal(done.stdout, '');
  }
});

test('whose a denunciation is stays in the office', async () => {
  const body = await submission(desk, '1.013519', { agency: 'G11', channel: 'counter', party: secret });
  body.form = { request: 'Tố cáo việc lấn chiếm lô đất sau nhà tôi.' };
  const paper = await desk.upload(pdf('đơn tố cáo'));
  body.files[0] = { component: (await desk.get('/api/v1/procedures/1.013519')).body.components[0].id, file: paper.body.id };
  const made = await desk.post('/api/v1/dossiers', body);
  assert.equal(made.status, 201, made.text);
  const line = (await lines('dossiers')).find(d => d.code === made.body.code);
  assert.equal(line.protected, true);
  const { stdout } = await office.command('export', 'journal');
  assert.ok(!/Bích Trâm|lô đất sau nhà|038188777/.test(JSON.stringify(line) + stdout));
});

test('the journal in its order without a gap, and from any place on; that it left is an entry too', async () => {
  const all = await lines('journal');
  assert.deepEqual(all.map(e => e.position), all.map((_, i) => i + 1));
  const verified = JSON.parse((await office.command('audit', 'verify', '--json')).stdout);
  assert.ok(verified.size > all.length);
  const rest = await lines('journal', '--after', String(all.length));
  assert.equal(rest[0].act, 'export');
  assert.deepEqual(rest[0].payload, { lines: all.length, what: 'journal' });
  assert.match(all[0].leaf, /^[0-9a-f]{64}$/);
});

test('a reader that takes nothing holds neither other commands up nor the end of the server; afterwards all is there', async () => {
  const pipe = path.join(office.folder, 'pipe');
  execFileSync('mkfifo', [pipe]);
  const reader = fs.openSync(pipe, 'r+'), writer = fs.openSync(pipe, 'w');
  const slow = spawn(program, ['export', 'journal', '--data', office.data, '--lang', 'en'], { stdio: ['ignore', writer, 'pipe'] });
  const closed = once(slow, 'close');
  let said = '';
  slow.stderr.on('data', text => { said += text; });
  fs.readSync(reader, Buffer.alloc(1)); // waits until it has begun
  assert.equal((await office.command('user', 'list')).code, 0);
  assert.equal((await office.command('audit', 'verify')).code, 0);
  assert.deepEqual(await office.stop(), { code: 0, signal: null });
  await closed;
  for (const fd of [reader, writer]) fs.closeSync(fd);
  assert.deepEqual([slow.exitCode, said], [3, 'motcua export: The server is ending: the output is not whole.\n']);
  const entries = await lines('journal');
  assert.deepEqual(entries.at(-1).position, entries.length, 'without a server too');
  assert.ok(entries.some(e => e.act === 'export' && e.payload.lines < entries.length));
});
