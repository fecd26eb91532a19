// An office moves from its folder to a database server and back, and nobody who works in it sees a difference; every table and the
// journal are proven equal; what is broken off leaves the office where it was; backups are one kind of file on both.
import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import { Office, openOffice, program, submission, wholeWay } from './support/office.mjs';
import { Server } from './support/server.mjs';

const run = promisify(execFile);
const motcua = async (...args) => run(program, args, { maxBuffer: 1 << 28 }).then(r => ({ code: 0, ...r }), e => ({ code: e.code, stdout: e.stdout, stderr: e.stderr }));
const skip = process.env.MOTCUA_TEST_POSTGRES ? 'it has a server of its own' : false;
let server, office, url;
before(async () => {
  if (skip) return;
  server = new Server();
  office = await openOffice();
});
after(async () => {
  await office?.close();
  server?.stop();
});

const conf = () => fs.readFileSync(path.join(office.data, 'motcua.conf'), 'utf8');
const head = async () => JSON.parse((await office.command('audit', 'verify', '--json')).stdout);
const moved = answer => {
  assert.equal(answer.code, 0, answer.stderr);
  return JSON.parse(answer.stdout);
};

// What a day at the office is: a dossier all the way, a list, a search, a page.
async function workADay(label) {
  const citizen = await office.as('congdan');
  const submitted = await citizen.post('/api/v1/dossiers', await submission(citizen, '1.013285', { agency: 'G11', label }));
  assert.equal(submitted.status, 201, submitted.text);
  for (const [login, act, fields] of wholeWay('')) {
    const done = await (await office.as(login)).act(submitted.body.code, act, fields);
    assert.equal(done.status, 200, `${act}: ${done.text}`);
  }
  const end = (await citizen.get(`/api/v1/dossiers/${submitted.body.code}`)).body;
  assert.equal(end.status, 10);
  assert.equal((await citizen.get(end.results[0].href)).status, 200, 'its result is there');
  const page = await (await office.signIn('congdan')).get('/ho-so-cua-toi');
  assert.match(page.text, new RegExp(submitted.body.code));
  return submitted.body.code;
}

// Seen by everybody as before.
async function stillThere(codes) {
  const citizen = await office.as('congdan');
  for (const code of codes) {
    const dossier = await citizen.get(`/api/v1/dossiers/${code}`);
    assert.equal(dossier.status, 200, dossier.text);
    assert.equal(dossier.body.parties[0].name, 'Nguyễn Thị Ngọc Ánh');
    assert.equal((await citizen.get(`/api/v1/dossiers/${code}/history`)).body.items.at(-1).action, 'return');
  }
}

const codes = [];

test('an office goes to a server: every table and the journal are equal, and work goes on', { skip }, async () => {
  codes.push(await workADay('in the folder'));
  assert.equal((await motcua('migrate-store', office.data, await server.database('early'))).code, 1, 'not under a running server');
  await office.stop();
  const then = await head();
  url = await server.database('office');
  const report = moved(await motcua('migrate-store', office.data, url, '--json'));
  assert.equal(report.to, 'PostgreSQL');
  assert.deepEqual(report.journal, then);
  assert.ok(report.signed_head.size > 0 && report.signatures > 0);
  const rows = Object.fromEntries(report.tables.map(t => [t.name, t.rows]));
  for (const table of ['dossier', 'account', 'territory', 'checkpoint']) assert.equal(await server.ask('office', `SELECT count(*) FROM ${table}`) >= rows[table], true, table);
  assert.equal(Number(await server.ask('office', 'SELECT count(*) FROM dossier')), rows.dossier);
  assert.match(conf(), /^store = postgresql:/m);
  assert.ok(!fs.existsSync(path.join(office.data, 'motcua.db')), 'the file is set aside');
  assert.equal((await head()).size, then.size + 1, 'the move is an entry of the journal');
  await office.serve();
  await stillThere(codes);
  codes.push(await workADay('on the server'));
});

test('a backup of an office on a server is the same kind of file, and comes back on either engine', { skip }, async () => {
  const file = path.join(office.folder, 'one.tar');
  const made = await office.command('backup', file, '--json');
  assert.equal(made.code, 0, made.stderr);
  const said = JSON.parse(made.stdout).journal;
  for (const [name, args] of [['plain', []], ['onserver', ['--store', await server.database('restored')]]]) {
    const other = new Office(path.join(office.folder, name));
    fs.mkdirSync(other.folder);
    const restored = await motcua('restore', file, '--data', other.data, ...args);
    assert.equal(restored.code, 0, restored.stderr);
    assert.equal(JSON.parse((await other.command('audit', 'verify', '--json')).stdout).size, said.size + 1);
    assert.equal(fs.existsSync(path.join(other.data, 'motcua.db')), name === 'plain');
    await other.serve();
    try {
      const dossier = await (await other.as('congdan')).get(`/api/v1/dossiers/${codes[1]}`);
      assert.equal(dossier.body?.outcome, 'granted', dossier.text);
      await other.signIn('congdan');
    } finally {
      await other.stop();
    }
  }
  const refused = await motcua('restore', file, '--data', path.join(office.folder, 'third'), '--store', server.address('restored'));
  assert.equal(refused.code, 1, 'never over an office');
  assert.match(refused.stderr, /There is an office in the database already/);
});

test('and back into its folder', { skip }, async () => {
  await office.stop();
  const then = await head();
  const report = moved(await motcua('migrate-store', url, office.data, '--json'));
  assert.equal(report.to, 'SQLite');
  assert.deepEqual(report.journal, then);
  assert.doesNotMatch(conf(), /store/);
  const left = path.join(office.folder, 'left'); // whoever still names the database
  fs.mkdirSync(left, { mode: 0o700 });
  for (const part of ['keys', 'files']) fs.cpSync(path.join(office.data, part), path.join(left, part), { recursive: true });
  fs.writeFileSync(path.join(left, 'motcua.conf'), `store = ${url}\n`, { mode: 0o600 });
  for (const args of [[], ['--node', 'a']]) {
    const refused = await motcua('serve', '--data', left, '--listen', '127.0.0.1:0', ...args);
    assert.equal(refused.code, 1);
    assert.match(refused.stderr, /was moved into a folder at 20\d\d-/);
  }
  await office.serve();
  await stillThere(codes);
  codes.push(await workADay('in the folder again'));
  assert.deepEqual(await office.unwell('--full'), []);
});

test('a place that has an office is refused, and so is one that is not the office\'s', { skip }, async () => {
  await office.stop();
  const then = await head();
  for (const [from, to, said] of [
    [office.data, url, /There is an office in the database already/],
    [url, office.data, /its motcua.conf says another place/],
    [office.data, office.data, /One of the two is the folder/],
    [path.join(office.folder, 'nothing'), url, /cannot be opened/],
    [office.data, server.address('nowhere'), /does not answer, or refuses/],
  ]) {
    const answer = await motcua('migrate-store', from, to);
    assert.notEqual(answer.code, 0);
    assert.match(answer.stderr, said);
  }
  assert.deepEqual(await head(), then);
  assert.doesNotMatch(conf(), /store/);
});

// Killed at any moment: either nothing has happened, or everything has; a half office is nowhere.
async function killAfter(ms, ...args) {
  const child = spawn(program, ['migrate-store', ...args], { stdio: 'ignore' });
  const ended = new Promise(done => child.once('exit', code => done(code)));
  const timer = setTimeout(() => child.kill('SIGKILL'), ms);
  const code = await ended;
  clearTimeout(timer);
  return code === 0;
}

test('killed in the middle it leaves the office where it was, and the other place without one', { skip }, async () => {
  const then = await head();
  for (const ms of [60, 150, 300, 500]) {
    const name = `killed${ms}`, to = await server.database(name);
    if (await killAfter(ms, office.data, to)) {
      moved(await motcua('migrate-store', to, office.data, '--json'));
      continue;
    }
    await server.ask('postgres', `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '${name}'`);
    const tables = Number(await server.ask(name, "SELECT count(*) FROM pg_class WHERE relname = 'dossier'"));
    if (/^store/m.test(conf())) continue; /* killed after all was done */
    if (tables > 0) assert.equal(Number(await server.ask(name, 'SELECT count(*) FROM entry')) >= then.size, true, 'all of it or nothing');
    assert.ok((await head()).size >= then.size);
  }
  assert.ok(fs.existsSync(path.join(office.data, 'motcua.db')));
  const to = await server.database('last');
  moved(await motcua('migrate-store', office.data, to, '--json'));
  for (const ms of [60, 150, 300]) {
    if (await killAfter(ms, to, office.data)) break;
    if (!/^store/m.test(conf())) break;
    assert.ok(!fs.existsSync(path.join(office.data, 'motcua.db')) || fs.statSync(path.join(office.data, 'motcua.db')).size > 0);
    fs.rmSync(path.join(office.data, 'motcua.db'), { force: true });
  }
  if (/^store/m.test(conf())) moved(await motcua('migrate-store', to, office.data, '--json'));
  await office.serve();
  await stillThere(codes);
});
