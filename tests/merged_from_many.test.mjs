// An agency that goes on with the work of many: a district's communes, a province's offices. Its lists hold what all of them held, and
// cost a few queries more than those of an agency that was never merged, not some for each of its predecessors.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { onServer, openOffice, submission } from './support/office.mjs';

const many = 60, heir = 'H36.22963', procedure = '1.013128';
const olds = Array.from({ length: many }, (_, i) => `${heir}.${String(i + 1).padStart(2, '0')}`);
let office, alone, own, theirs;
before(async () => { office = await openOffice({ made: '2026-12-01T08:00:00+07:00', env: { MOTCUA_CLOCK: '2026-12-28T08:00:00+07:00' } }); });
after(() => office.close());

const command = async (...args) => {
  const done = await office.command(...args);
  assert.equal(done.code, 0, done.stderr);
};

async function file(officer, agency, count) {
  const body = await submission(officer, procedure, { agency, channel: 'counter' }), codes = [];
  for (let i = 0; i < count; i++) {
    const made = await officer.post('/api/v1/dossiers', body);
    assert.equal(made.status, 201, made.text);
    codes.push(made.body.code);
  }
  return codes;
}

async function figures() {
  const text = await office.measured();
  return ['queries', 'round_trips'].map(name => Number(new RegExp(`^motcua_store_${name}_total (\\d+)`, 'm').exec(text)[1]));
}

// Queries and waits for a server's answer of one request: the least of some, since followers and chores ask too.
async function cost(ask) {
  const seen = [];
  for (let i = 0; i < 6; i++) {
    const first = await figures(), second = await figures(); // what looking costs
    const answer = await ask();
    assert.equal(answer.status, 200, answer.text);
    const third = await figures();
    seen.push(third.map((n, k) => n - 2 * second[k] + first[k]));
  }
  return [0, 1].map(k => Math.min(...seen.map(s => s[k])));
}

async function costs(code) {
  const receiver = await office.as('tiepnhan.xa'), browser = await office.signIn('tiepnhan.xa'), leader = await office.signIn('lanhdao.xa');
  await office.settled();
  const all = {};
  for (const [name, ask] of Object.entries({
    list: () => receiver.get('/api/v1/dossiers?limit=50'),
    'list of one status': () => receiver.get('/api/v1/dossiers?status=1&limit=50'),
    'list by deadline': () => receiver.get('/api/v1/dossiers?due_before=2027-03-01&limit=50'),
    tasks: () => receiver.get('/api/v1/tasks?limit=50'),
    dossier: () => receiver.get(`/api/v1/dossiers/${code}`),
    inbox: () => browser.get('/viec'),
    found: () => browser.get('/viec?q=nguyen'),
    page: () => browser.get(`/ho-so/${code}`),
    "leader's inbox": () => leader.get('/viec'),
  })) all[name] = await cost(ask);
  return all;
}

test('sixty communes work for a day, and so does the one that will go on with their work', async () => {
  own = await file(await office.as('tiepnhan.xa'), heir, 60);
  alone = await costs(own[0]);
  theirs = [];
  for (const [i, id] of olds.entries()) {
    await command('agency', 'add', id, '--name', `Ủy ban nhân dân xã Cũ ${i + 1}`, '--class', 'commune_committee', '--parent', 'H36', '--provisional');
    await command('user', 'add', `cu${i}`, '--name', 'Lê Văn Cũ', '--role', 'receiver', '--agency', id, '--password', 'mot-cua-2026');
    theirs.push(...await file(await office.as(`cu${i}`), id, 2));
  }
  await command('agency', 'merge', ...olds, heir, '--on', '2026-12-30', '--decree', '1671/NQ-UBTVQH15');
});

test('on the day all their dossiers are in its lists, each once', async () => {
  await office.stop();
  await office.serve([], { MOTCUA_CLOCK: '2026-12-30T08:00:00+07:00' });
  const receiver = await office.as('tiepnhan.xa'), wanted = [...own, ...theirs].sort();
  for (const [what, code] of [['/api/v1/dossiers', d => d.code], ['/api/v1/dossiers?status=1', d => d.code], ['/api/v1/tasks', t => t.dossier]]) {
    const seen = [];
    for (let cursor = ''; cursor !== null;) {
      const { body } = await receiver.get(`${what}${what.includes('?') ? '&' : '?'}limit=37${cursor && `&cursor=${encodeURIComponent(cursor)}`}`);
      seen.push(...body.items.map(code));
      cursor = body.next_cursor;
    }
    assert.deepEqual(seen.sort(), wanted, what);
  }
});

// On the machine's own disk a query more for a list whose first rows are used up costs less than fetching too many of each.
const room = onServer ? 16 : 32, more = 10;
test('and they cost hardly more than before', async () => {
  const merged = await costs(theirs.at(-1));
  for (const [name, [queries, trips]] of Object.entries(merged)) {
    const before = alone[name];
    console.log(`# ${name}: ${before[0]} -> ${queries} queries, ${before[1]} -> ${trips} round trips`);
  }
  for (const [name, [queries, trips]] of Object.entries(merged)) {
    assert.ok(queries <= alone[name][0] + room, `${name}: ${alone[name][0]} queries before, ${queries} now`);
    assert.ok(trips <= alone[name][1] + more, `${name}: ${alone[name][1]} round trips before, ${trips} now`);
  }
});
