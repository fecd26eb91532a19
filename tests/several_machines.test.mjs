// Two machines serve one office over one database: each has a folder of its own with the same settings and keys, and `files/` is a
// folder that both mount, on another disk than the spool. And a webhook misses nothing, in whatever order the database's transactions end.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import crypto from 'node:crypto';
import fs from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { ask, stopPostgres } from './support/own_postgres.mjs';
import { Client, Office, openOffice, pdf, submission } from './support/office.mjs';

const pause = ms => new Promise(done => setTimeout(done, ms));
const until = async (what, check) => {
  for (let tries = 0; tries < 1200; tries++) {
    const found = await check();
    if (found) return found;
    await pause(50);
  }
  throw new Error(`never: ${what}`);
};

let office, shared, a, b, token, admin, database;

// A machine: the settings and keys are copied to it, the papers are mounted. /dev/shm is another disk than /tmp.
function machine(name) {
  const folder = path.join(office.folder, name), own = Object.assign(new Office(folder), { name });
  fs.mkdirSync(own.data, { recursive: true, mode: 0o700 });
  fs.cpSync(path.join(office.data, 'keys'), path.join(own.data, 'keys'), { recursive: true });
  fs.copyFileSync(path.join(office.data, 'motcua.conf'), path.join(own.data, 'motcua.conf'));
  fs.symlinkSync(shared, path.join(own.data, 'files'));
  return own;
}
const env = { MOTCUA_WEBHOOK_ALLOW: '127.0.0.1', MOTCUA_RETRY_SECONDS: '1', MOTCUA_SEND_SECONDS: '10' };
const serve = own => own.serve(['--node', own.name], env);

before(async () => {
  office = await openOffice({ serve: false });
  database = /postgresql:\/\/\/([^?]+)/.exec(fs.readFileSync(path.join(office.data, 'motcua.conf'), 'utf8'))[1];
  token = await office.token('congdan');
  admin = await office.token('quantri');
  shared = fs.mkdtempSync('/dev/shm/motcua-files-');
  fs.cpSync(path.join(office.data, 'files'), shared, { recursive: true });
  [a, b] = [machine('a'), machine('b')];
  await Promise.all([serve(a), serve(b)]);
});
after(async () => {
  await a?.stop();
  await b?.stop();
  await office?.close();
  if (shared) fs.rmSync(shared, { recursive: true, force: true });
  stopPostgres();
});

test('the two disks are two, and a paper that came to one machine is there on the other', async () => {
  assert.notEqual(fs.statSync(shared).dev, fs.statSync(a.data).dev);
  const bytes = pdf('gửi ở máy a'), at = node => new Client(node, token), body = await submission(at(a), '1.013285', { agency: 'G11', label: 'gửi ở máy a' });
  const sent = await at(a).upload(bytes);
  assert.equal(sent.status, 201, sent.text);
  const hex = crypto.createHash('sha256').update(bytes).digest('hex');
  assert.deepEqual(fs.readdirSync(path.join(shared, hex.slice(0, 2))), [hex.slice(2)], 'whole, and nothing beside it');
  const filed = await at(b).post('/api/v1/dossiers', body);
  assert.equal(filed.status, 201, filed.text);
  const seen = await at(b).get(`/api/v1/dossiers/${filed.body.code}`);
  assert.equal(seen.body.parties[0].name, 'Nguyễn Thị Ngọc Ánh');
  for (const node of [a, b]) {
    const paper = await at(node).get(seen.body.files[0].href);
    assert.equal(paper.status, 200);
    assert.match(paper.text, /^%PDF/);
  }
});

test('who signs in at one machine is known at the other; numbers sealed at one are read at the other', async () => {
  const visitor = await a.signIn('congdan');
  visitor.office = b;
  const page = await visitor.get('/tai-khoan');
  assert.equal(page.status, 200);
});

test('a machine with other keys is refused with a sentence', async () => {
  for (const key of ['identity.key', 'journal.key']) {
    const c = machine(`c-${key.slice(0, 3)}`), other = machine(`d-${key.slice(0, 3)}`);
    const made = new Office(path.join(office.folder, `other-${key}`));
    fs.mkdirSync(made.folder);
    const { code, stderr } = await made.command('init', '--agency', 'H36', '--name', 'Đơn vị khác');
    assert.equal(code, 0, stderr);
    fs.copyFileSync(path.join(made.data, 'keys', key), path.join(c.data, 'keys', key));
    await assert.rejects(serve(c));
    assert.match(c.log, /not those of this office|không phải của văn phòng này/);
    await serve(other); // and one with the office's own is not
    await other.stop();
  }
});

// An endpoint that keeps what it was told: ids of events in the order in which they came.
async function listen() {
  const told = [], server = http.createServer((rq, rs) => {
    let text = '';
    rq.on('data', piece => { text += piece; });
    rq.on('end', () => { told.push({ id: rq.headers['webhook-id'], ...JSON.parse(text) }); rs.end(); });
  });
  await new Promise(done => server.listen(0, '127.0.0.1', done));
  return { told, url: `http://127.0.0.1:${server.address().port}/events`, close: () => { server.closeAllConnections(); return new Promise(done => server.close(done)); } };
}

test('a transaction that is held open while others commit: the webhook misses no entry', async () => {
  const hook = await listen(), at = node => new Client(node, token);
  let psql;
  try {
    const made = await new Client(a, admin).post('/api/v1/webhooks', { url: hook.url, events: ['motcua.dossier.submit'] });
    assert.ok([200, 201].includes(made.status), made.text);
    const body = await submission(at(a), '1.013285', { agency: 'G11', label: 'giữ lại' });
    const file = async (node, key) => {
      const answer = await at(node).post('/api/v1/dossiers', body, { headers: { 'idempotency-key': key } });
      assert.equal(answer.status, 201, answer.text);
      return answer.body.code;
    };
    psql = spawn('psql', ['-h', process.env.MOTCUA_TEST_POSTGRES, '-U', 'motcua', '-d', database, '-X', '-q'], { stdio: ['pipe', 'ignore', 'inherit'] });
    const first = await file(a, 'before');
    // What a command that has written its entry and has not committed looks like: an entry of a dossier, begun before all the others.
    psql.stdin.write(`BEGIN; SET application_name = 'held';
      CREATE TEMP TABLE late AS SELECT * FROM entry WHERE act = 'submit' ORDER BY id DESC LIMIT 1;
      UPDATE late SET id = id + 1;
      INSERT INTO entry SELECT * FROM late;
      INSERT INTO leaf_waiting (entry, hash) SELECT l.id, x.hash FROM late l JOIN leaf x ON x.entry = l.id - 1; SELECT 1;\n`);
    await until('the transaction is open', () => ask(database, "SELECT 1 FROM pg_stat_activity WHERE application_name = 'held' AND state = 'idle in transaction'").length > 0);
    const [[lateId]] = ask(database, "SELECT max(id) + 1 FROM entry WHERE act = 'submit'");
    const codes = [first];
    for (let i = 0; i < 12; i++) codes.push(await file(i % 2 ? a : b, `held-${i}`));
    await until('what was committed is told meanwhile', () => codes.every(c => hook.told.some(e => JSON.stringify(e).includes(c))));
    const before = hook.told.length;
    psql.stdin.write('COMMIT;\n');
    psql.stdin.end();
    await new Promise(done => psql.once('exit', done));
    await until('and what was committed last, though it was written first', () => hook.told.length > before);
    const place = Number(ask(database, `SELECT l.position FROM leaf l JOIN entry e ON e.id = l.entry WHERE e.id = ${lateId}`)[0][0]);
    assert.equal(place, Number(ask(database, "SELECT max(l.position) FROM leaf l JOIN entry e ON e.id = l.entry WHERE e.act = 'submit'")[0][0]), 'its place is the last');
    assert.equal(new Set(hook.told.map(e => e.id)).size, hook.told.length, 'each once');
  } finally {
    psql?.kill();
    await hook.close();
  }
});
