// Sixteen people write at the same moment to an office on PostgreSQL, through two processes: what is decided on what was read (codes
// without a gap, a key that is used once, the version of a dossier, the last place of a day, the number of a receipt) is decided as if they had come
// one after the other, although many of them share a commit.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { ask, stopPostgres } from './support/own_postgres.mjs';
import { Client, Office, openOffice, patiently, pdf, program, submission } from './support/office.mjs';

const CLIENTS = 16, EACH = 8;
let office, database, bodies;
const nodes = [], tokens = {};
const at = (i, login = 'congdan') => new Client(nodes[i % nodes.length], tokens[login]);
const all = (count, what) => Promise.all(Array.from({ length: count }, (_, i) => patiently(() => what(i))));
const statuses = answers => answers.map(a => a.status).sort();
const tally = async () => {
  const text = await Promise.all(nodes.map(async (_, i) => (await at(i, 'quantri').get('/metrics')).text));
  const sum = name => text.map(t => Number(new RegExp(`^${name} (\\d+)$`, 'm').exec(t)[1])).reduce((a, b) => a + b);
  return { commands: sum('motcua_store_commands_total'), commits: sum('motcua_store_batches_total') };
};

before(async () => {
  office = await openOffice({ serve: false });
  database = /postgresql:\/\/\/([^?]+)/.exec(fs.readFileSync(path.join(office.data, 'motcua.conf'), 'utf8'))[1];
  for (const login of ['congdan', 'tiepnhan', 'quantri']) tokens[login] = await office.token(login);
  for (const name of ['a', 'b']) {
    const folder = path.join(office.folder, name);
    fs.mkdirSync(folder);
    const node = Object.assign(new Office(folder), { data: office.data, name });
    await node.serve(['--node', name]);
    nodes.push(node);
  }
  bodies = [await submission(at(0), '1.013285', { agency: 'G11' }), await submission(at(1), '1.013124', { agency: 'G11' })];
});
after(async () => {
  await Promise.all(nodes.map(n => n.stop()));
  await office?.close();
  stopPostgres();
});

test('codes have no gap and none is given twice, and far fewer commits than changes were waited for', async () => {
  const before = await tally();
  const answers = (await Promise.all(Array.from({ length: CLIENTS }, async (_, i) => {
    const mine = [];
    for (let n = 0; n < EACH; n++) mine.push(await patiently(() => at(i).post('/api/v1/dossiers', bodies[n % 2], { headers: { 'idempotency-key': `w-${i}-${n}` } })));
    return mine;
  }))).flat();
  assert.deepEqual([...new Set(answers.map(a => a.status))], [201], answers.find(a => a.status !== 201)?.text);
  const numbers = answers.map(a => Number(a.body.code.split('-').at(-1))).sort((a, b) => a - b);
  assert.equal(new Set(numbers).size, CLIENTS * EACH);
  assert.equal(numbers.at(-1) - numbers[0], CLIENTS * EACH - 1);
  const after = await tally(), changes = after.commands - before.commands, commits = after.commits - before.commits;
  assert.ok(changes >= CLIENTS * EACH && commits < changes, `${changes} changes in ${commits} commits`);
});

test('one key sent by all at once is done once; with another body by half of them, one of the two is refused', async () => {
  const same = await all(CLIENTS, i => at(i).post('/api/v1/dossiers', bodies[0], { headers: { 'idempotency-key': 'all-of-us' } }));
  assert.deepEqual([...new Set(same.map(a => a.status))], [201]);
  assert.equal(new Set(same.map(a => a.body.code)).size, 1);
  const mixed = await all(CLIENTS, i => at(i).post('/api/v1/dossiers', bodies[i % 4 < 2 ? 0 : 1], { headers: { 'idempotency-key': 'half-of-us' } }));
  assert.deepEqual(statuses(mixed), [...Array(CLIENTS / 2).fill(201), ...Array(CLIENTS / 2).fill(422)]);
  assert.equal(new Set(mixed.filter(a => a.status === 201).map(a => a.body.code)).size, 1);
});

test('of sixteen officers who receive one dossier one does, and those who were refused took no other change with them', async () => {
  const own = await Promise.all(Array.from({ length: CLIENTS }, (_, i) => at(i).post('/api/v1/dossiers', bodies[0])));
  const { body: { code } } = await at(0).post('/api/v1/dossiers', bodies[0]);
  const answers = await Promise.all([
    all(CLIENTS, i => at(i, 'tiepnhan').act(code, 'receive', {}, '"1"')),
    all(CLIENTS, i => at(i, 'tiepnhan').act(own[i].body.code, 'receive', {}, '"1"')),
    all(CLIENTS, i => at(i).post('/api/v1/dossiers', { ...bodies[0], files: [{ ...bodies[0].files[0], file: 'f'.repeat(64) }] })),
    all(CLIENTS, i => at(i).upload(pdf(`của ${i}`))),
  ]);
  assert.deepEqual(statuses(answers[0]), [200, ...Array(CLIENTS - 1).fill(412)]);
  assert.deepEqual([...new Set(statuses(answers[1]))], [200]);
  assert.deepEqual([...new Set(statuses(answers[2]))], [422]);
  assert.deepEqual([...new Set(statuses(answers[3]))], [201]);
  for (const filed of own) assert.equal((await at(0).get(`/api/v1/dossiers/${filed.body.code}`)).body.version, 2);
});

test('what was acknowledged stands in the journal once, and all of it verifies', async () => {
  const dossiers = ask(database, "SELECT count(*), count(DISTINCT code) FROM dossier")[0].map(Number);
  assert.equal(dossiers[0], dossiers[1]);
  const submitted = Number(ask(database, "SELECT count(*) FROM entry WHERE act = 'submit'")[0][0]);
  assert.equal(submitted, dossiers[0]);
  const verified = await office.command('audit', 'verify', '--json');
  assert.equal(verified.code, 0, verified.stderr);
  const doubled = ask(database, 'SELECT subject, version FROM entry WHERE subject_kind = 1 GROUP BY subject, version HAVING count(*) > 1');
  assert.deepEqual(doubled, []);
  assert.deepEqual(ask(database, 'SELECT position FROM (SELECT position, row_number() OVER (ORDER BY position) - 1 + (SELECT min(position) FROM leaf) AS wanted FROM leaf) AS l WHERE position <> wanted'), []);
});

// Commits and readings of followers and chores are among them, so each has a little more than it asks for itself.
test('what people do most waits for the server a few times only, however many statements it is', () => {
  const server = process.env.MOTCUA_TEST_POSTGRES, folder = path.join(office.folder, 'bench');
  ask('postgres', 'CREATE DATABASE bench_trips');
  try {
    // One to two more than it takes, without what comes from the machine's haste: who is known is looked up again after two seconds.
    for (const [kind, most, dossiers] of [['submit', 5.5, 60], ['read', 1.5, 60], ['page', 4.5, 60], ['list', 3.5, 60], ['find', 6.5, 60], ['act', 5.5, 1300]]) {
      const said = execFileSync(program, ['bench', kind, '--explain', '--json', '--office', folder, '--store', `postgresql:///bench_trips?host=${server}&user=motcua`, '--dossiers', `${dossiers}`], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
      const { statements, round_trips, queries } = JSON.parse(said), trips = round_trips - (queries.find(q => q.name === 'session_by_key')?.round_trips ?? 0);
      assert.ok(trips > 0 && trips <= most && trips < statements, `${kind}: ${trips} waits for ${statements} statements`);
    }
  } finally {
    ask('postgres', 'DROP DATABASE bench_trips WITH (FORCE)');
  }
});
