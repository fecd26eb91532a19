// Every one of the 207 real procedures works the same minute it is imported: submitted on a channel of its record, received by an
// agency that performs it, and carried to its result by the process of its kind. What the authority begins by itself its officer
// opens; nobody can apply for it.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openOffice, submission, wholeWay } from './support/office.mjs';

let office, clients;
const codes = [];
const suffixes = { G11: '', 'G11.68': '.tinh', 'H36.22963': '.xa' };
const as = async login => (clients[login] ??= await office.as(login));

before(async () => {
  office = await openOffice();
  clients = {};
  for (let cursor = ''; cursor !== null;) {
    const page = (await (await as('congdan')).get(`/api/v1/procedures?limit=100${cursor && `&cursor=${encodeURIComponent(cursor)}`}`)).body;
    codes.push(...page.items.map(p => [p.code, p.initiator, p.process]));
    cursor = page.next_cursor;
  }
});
after(() => office.close());

// The way of each kind through the office; a denunciation is looked into by whoever the leader charges with it, nobody else.
const ways = {
  application: wholeWay,
  complaint: wholeWay,
  denunciation: suffix => [wholeWay(suffix)[0], [`lanhdao${suffix}`, 'assign', { to: `chuyenvien${suffix}` }], ...wholeWay(suffix).slice(1)],
  suspension_or_revocation: suffix => wholeWay(suffix).slice(1),
};

async function goAllTheWay(code) {
  const citizen = await as('congdan');
  const procedure = (await citizen.get(`/api/v1/procedures/${code}`)).body;
  const channel = procedure.channels[0].channel;
  const agencies = (await citizen.get(`/api/v1/agencies?procedure=${code}&limit=5`)).body.items.map(a => a.identifier);
  const agency = agencies.find(a => a in suffixes);
  assert.ok(agency !== undefined, `${code} has an agency with staff among ${agencies}`);
  const isOpened = procedure.initiator === 'authority';
  const who = isOpened ? await as(`chuyenvien${suffixes[agency]}`) : channel === 'online' ? citizen : await as(`tiepnhan${suffixes[agency]}`);
  const body = { ...await submission(who, code, { agency, channel }), ...(isOpened && { channel: 'internal', case: null }) };
  const made = await who.post('/api/v1/dossiers', body);
  assert.equal(made.status, 201, `${code}: ${made.text}`);
  for (const [login, act, fields] of ways[procedure.process](suffixes[agency])) {
    const done = await (await as(login)).act(made.body.code, act, fields);
    assert.equal(done.status, 200, `${code} ${act}: ${done.text}`);
    if (act !== 'receive') continue;
    const cases = procedure.channels[0].cases;
    assert.equal(done.body.due_at === null, cases[0].term === null, `${code}: due when the record states a term, else not`);
  }
  const end = (await who.get(`/api/v1/dossiers/${made.body.code}`)).body;
  assert.equal(end.status, 10, code);
  assert.equal(end.results.length, 1, code);
}

test('207 procedures were imported', () => assert.equal(codes.length, 207));

test('each goes all the way: applications, complaints, denunciations, and what the authority begins', async () => {
  const count = process => codes.filter(([, , of]) => of === process).length;
  assert.deepEqual([count('application'), count('complaint'), count('denunciation'), count('suspension_or_revocation')], [181, 10, 7, 9]);
  for (let i = 0; i < codes.length; i += 8) await Promise.all(codes.slice(i, i + 8).map(([code]) => goAllTheWay(code)));
});

test('each that the authority begins is refused to applicants with a sentence', async () => {
  const citizen = await as('congdan');
  for (const [code] of codes.filter(([, initiator]) => initiator === 'authority')) {
    const channel = (await citizen.get(`/api/v1/procedures/${code}`)).body.channels[0]?.channel ?? 'online';
    const refused = await citizen.post('/api/v1/dossiers', await submission(citizen, code, { channel, agency: 'G11' }));
    assert.equal(refused.status, 422, code);
    assert.ok(refused.body.errors.some(e => e.pointer === '/procedure' && e.code === 'not-an-application'), `${code}: ${refused.text}`);
  }
});

test('the journal of all of it verifies', async () => {
  const verified = await office.command('audit', 'verify', '--json');
  assert.equal(verified.code, 0, verified.stderr);
  assert.ok(JSON.parse(verified.stdout).size > 207 * 6);
});
