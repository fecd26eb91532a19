// What clients rely on, written from the design and the standards, not from the program's own tables; and the program's own
// OpenAPI document held against what the program does.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Client, openOffice, pdf, submission } from './support/office.mjs';
import { check, oneOf } from './support/shape.mjs';

const term = { 'minutes?': 'integer', 'days?': 'integer', 'working_days?': 'integer', 'months?': 'integer', text: 'string' };
const fee = { kind: oneOf('fee', 'charge'), amount: 'integer?', currency: 'string?', condition: 'string?', text: 'string' };
const procedure = {
  code: 'text', name: 'text', kind: 'text', initiator: oneOf('applicant', 'authority'), field: 'string', levels: ['text'], version: 'integer',
  state: 'text', decision: 'object', audience: ['text'], agencies: { performing: ['object'], competent: ['object'], coordinating: ['object'] },
  channels: [{ channel: oneOf('online', 'counter', 'postal'), cases: [{ id: 'text', label: 'string?', fees: [fee] }] }],
  components: [{ id: 'text', label: 'text', required: oneOf('always', 'if_any', 'one_of', 'case', 'shown') }],
  results: ['text'], law: ['object'],
};
const action = { name: 'text', title: 'text', required: ['text'] };
const file = { n: 'integer', component: 'string?', kind: 'text', file: 'hash', name: 'text', type: 'text', size: 'integer', replaced: 'boolean' };
const dueLine = { id: 'text', kind: oneOf('fee', 'charge', null), amount: 'integer?', currency: oneOf('VND', 'USD'), condition: 'string?', asked: 'boolean', paid: 'integer' };
const payment = {
  n: 'integer', receipt_number: 'text', fee: 'string?', kind: oneOf('fee', 'charge', null), amount: 'integer', currency: oneOf('VND', 'USD'),
  manner: oneOf('cash', 'transfer'), payer: 'string?', at: 'instant', cancelled_at: 'instant?',
};
const unit = {
  n: 'integer', agency: 'text', agency_name: 'text', login: 'string?', turn: 'integer', state: oneOf('waiting', 'asked', 'answered', 'no-answer', 'dropped'),
  question: 'text', asked_at: 'instant', due_at: 'instant', opened_at: 'instant?', answered_at: 'instant?', opinion: 'string?', files: ['integer'],
};
const contact = { n: 'integer', manner: oneOf('visit', 'call', 'message', 'paper', 'cash', 'help'), at: 'instant', note: 'string?' };
const asked = {
  n: 'integer', component: 'text?', field: 'text?', label: 'text', reason: 'text', basis: 'text?', asked_at: 'instant', until: 'text?', open: 'boolean',
  answered_at: 'instant?', before: 'string?', answer: 'string?', files: ['integer'],
};
const ruling = {
  version: 'integer', hash: 'hash', case: 'string?', open: ['text'],
  questions: [{ id: 'text', label: 'text', type: oneOf('text', 'choice', 'date', 'number'), choices: [{ value: 'text', label: 'text' }] }],
  incidents: [{ decision: 'text', line: 'integer', column: 'integer', detail: 'text' }], rules: [{ decision: 'text', rules: 'text' }],
  inputs: [{ label: 'text', value: 'text' }],
};
const ruledFee = { kind: oneOf('fee', 'charge'), amount: 'integer', currency: oneOf('VND', 'USD'), condition: 'string?', text: 'text' };
const dossier = {
  code: 'text', procedure: 'text', agency: 'text', status: oneOf(1, 2, 3, 4, 5, 6, 7, 8, 9, 10), status_name: 'text', submitted_at: 'instant',
  received_at: 'instant?', due_at: 'instant?', finished_at: 'instant?', holder: 'object?', held_at: 'instant?', handed_over_at: 'instant?', step_due: 'instant?',
  supplements: 'integer', extensions: 'integer', corrections: 'integer', rule_set: 'text',
  return: 'object?', post: 'object?', parties: [{ role: 'text', kind: 'text', basis: 'text?', name: 'text', identities: [{ type: 'text', value: 'text' }] }], files: [file], results: [file],
  version: 'integer', actions: [action], fees: [dueLine], payments: [payment], consulting: 'boolean', units: [unit], contacts: [contact], asked: [asked], mandate: 'object?', doubts: [{ place: 'text', source: 'text' }],
};
const batch = {
  id: 'text', kind: 'text', act: 'string?', title: 'text', state: oneOf('waiting', 'running', 'done', 'stopped'), state_name: 'text', total: 'integer',
  done: 'integer', refused: 'integer', started_at: 'instant', finished_at: 'instant?', items: 'text',
};
const problem = { type: 'text', title: 'text', status: 'integer' };

let office, citizen, officer, nobody;
before(async () => {
  office = await openOffice();
  [citizen, officer] = await Promise.all([office.as('congdan'), office.as('tiepnhan')]);
  nobody = new Client(office);
});
after(() => office.close());

test('all 207 procedures have the documented shape', async () => {
  const codes = [];
  for (let cursor = ''; cursor !== null;) {
    const page = (await nobody.get(`/api/v1/procedures?limit=100${cursor ? `&cursor=${encodeURIComponent(cursor)}` : ''}`)).body;
    codes.push(...page.items.map(p => p.code));
    cursor = page.next_cursor;
  }
  assert.equal(new Set(codes).size, 207);
  for (const code of codes) {
    const { body, status } = await nobody.get(`/api/v1/procedures/${code}`);
    assert.equal(status, 200);
    check(body, procedure, code);
    for (const channel of body.channels) for (const item of channel.cases) if (item.term !== null) check(item.term, term, `${code} term`);
  }
});

test('a procedure has an ETag and answers 304 to whoever has it', async () => {
  const { etag } = await nobody.get('/api/v1/procedures/1.013285');
  assert.match(etag, /^"[^"]+"$/);
  const again = await nobody.get('/api/v1/procedures/1.013285', { headers: { 'if-none-match': etag } });
  assert.equal(again.status, 304);
  assert.equal(again.text, '');
});

test('typed accents come first and a search folds accents', async () => {
  const typed = (await nobody.get(`/api/v1/procedures?q=${encodeURIComponent('độ cao công trình')}`)).body.items;
  const plain = (await nobody.get('/api/v1/procedures?q=do+cao+cong+trinh')).body.items;
  assert.equal(typed[0].code, '1.013285');
  assert.ok(plain.some(p => p.code === '1.013285'));
});

test('agencies are found by words and by identifier', async () => {
  const list = (await nobody.get(`/api/v1/agencies?q=${encodeURIComponent('quốc phòng')}`)).body;
  check(list, { items: [{ identifier: 'text', name: 'text' }], next_cursor: 'string?' });
  assert.ok(list.items.some(a => a.identifier === 'G11'));
  assert.equal((await nobody.get('/api/v1/agencies/G11')).body.identifier, 'G11');
  assert.equal((await nobody.get('/api/v1/agencies/X99')).status, 404);
});

test('an upload gives its hash, and its type by its content', async () => {
  const sent = await citizen.upload(pdf('hợp đồng'), 'hợp đồng.exe');
  assert.equal(sent.status, 201);
  check(sent.body, { id: 'hash', size: 'integer', type: oneOf('application/pdf') });
  assert.equal((await citizen.upload(Buffer.from('#!/bin/sh\necho'))).status, 415);
  const bare = await citizen.fetch('POST', '/api/v1/files', { raw: pdf('hợp đồng'), headers: { 'content-type': 'application/x-www-form-urlencoded' } });
  assert.equal(bare.body.id, sent.body.id, 'as curl --data-binary sends it');
});

test('a dossier has the documented shape at each step, for each reader', async () => {
  const body = await submission(citizen, '1.013285', { agency: 'G11' });
  const made = await citizen.post('/api/v1/dossiers', body);
  assert.equal(made.status, 201, made.text);
  assert.equal(made.headers.get('location'), `/api/v1/dossiers/${made.body.code}`);
  check(made.body, dossier);
  assert.match(made.body.parties[0].identities[0].value, /^\d{3}\*+\d{2}$/, 'numbers are masked');
  assert.match(made.body.code, /^G11-\d{6}-\d{4,}$/);
  const received = await officer.act(made.body.code, 'receive');
  check(received.body, dossier);
  assert.equal(received.body.status, 2);
  assert.ok(Date.parse(received.body.due_at) > Date.parse(received.body.received_at));
  const history = (await citizen.get(`/api/v1/dossiers/${made.body.code}/history`)).body;
  check(history, { items: [{ at: 'instant', action: 'text', title: 'text', manner: 'string?', until: 'string?', undone: 'string?', agency_name: 'string?' }], next_cursor: 'string?' });
  assert.deepEqual(history.items.map(h => h.action), ['submit', 'receive']);
  const slips = (await citizen.get(`/api/v1/dossiers/${made.body.code}/slips`)).body;
  check(slips, { items: [{ id: 'text', kind: 'text', title: 'text', form: 'string?', at: 'instant', href: 'text' }], next_cursor: 'string?' });
  assert.deepEqual(slips.items.map(s => s.kind), ['receipt']);
  const mine = (await citizen.get('/api/v1/dossiers?status=2')).body;
  check(mine, { items: [{ code: 'text', status: oneOf(2) }], next_cursor: 'string?' });
});

test('the money of a dossier is answered by itself too', async () => {
  const made = await citizen.post('/api/v1/dossiers', await submission(citizen, '1.013285', { agency: 'G11' }));
  const { body } = await citizen.get(`/api/v1/dossiers/${made.body.code}/payments`);
  check(body, { items: [payment], fees: [dueLine], sums: [{ kind: oneOf('fee', 'charge', null), currency: oneOf('VND', 'USD'), due: 'integer?', paid: 'integer' }], next_cursor: 'string?' });
});

test('the contacts of an agency are counted for those who work there', async () => {
  const counts = { dossiers: 'integer', no_paper: 'integer', no_cash: 'integer', no_visit: 'integer', helped: 'integer' };
  const { status, body } = await officer.get('/api/v1/contacts/summary?from=2020-01-01');
  assert.equal(status, 200);
  check(body, { agency: oneOf('G11'), from: 'text', to: 'text', total: counts, items: [{ procedure: 'text', name: 'text', ...counts }], next_cursor: 'string?' });
  assert.equal((await officer.get('/api/v1/contacts/summary?agency=H36.22963')).status, 403);
  assert.equal((await officer.get('/api/v1/contacts/summary?agency=G11.68')).status, 200, 'an agency below');
  assert.equal((await officer.get('/api/v1/contacts/summary?from=2026-02-31')).status, 422);
});

test('what the rules said of a dossier, and their versions', async () => {
  const made = await citizen.post('/api/v1/dossiers', { ...await submission(citizen, '1.013285', { agency: 'G11' }), form: { chieu_cao: '20', vuot_be_mat: 'no', loai_cong_trinh: 'công trình khác' } });
  assert.equal(made.status, 201, made.text);
  const { body } = await officer.get(`/api/v1/dossiers/${made.body.code}`);
  check(body.ruling, { ...ruling, fees: [ruledFee], eligibility: { eligible: 'boolean', reason: 'text' } });
  assert.ok(body.ruling.questions.some(q => q.id === 'loai_cong_trinh' && q.type === 'choice' && q.choices.length === 4));
  const admin = await office.as('quantri');
  const decision = { from: 'text?', number: 'text?', date: 'text?', authority: 'text?', at: 'instant' };
  const versions = (await nobody.get('/api/v1/procedures/1.013285/rules')).body;
  check(versions, { items: [{ version: 'integer', hash: 'hash', source: 'text', taken_at: 'instant', in_force: 'boolean', decisions: [decision] }], next_cursor: oneOf(null) });
  check((await admin.get('/api/v1/procedures/1.013285/rules/1/difference')).body,
    { items: [{ change: oneOf('added', 'changed', 'removed'), decision: 'text', rule: 'integer', before: 'text?', after: 'text?' }], next_cursor: oneOf(null) });
  const effect = (await admin.get('/api/v1/procedures/1.013285/rules/1/effect')).body;
  check(effect, { items: [{ sample: 'text', dossier: 'boolean', changed: 'boolean', before: 'text?', after: 'text?' }], next_cursor: oneOf(null) });
  assert.ok(effect.items.some(e => e.sample === made.body.code && !e.changed));
});

test('an inbox is sorted by deadline and pages by cursor without doubles', async () => {
  const body = await submission(citizen, '1.013285', { agency: 'G11' });
  for (let i = 0; i < 12; i++) assert.equal((await citizen.post('/api/v1/dossiers', body)).status, 201);
  const seen = [];
  let cursor = null;
  do {
    const page = (await officer.get(`/api/v1/tasks?limit=5${cursor ? `&cursor=${encodeURIComponent(cursor)}` : ''}`)).body;
    check(page, { items: [{ dossier: 'text', step: 'text', due: 'instant?', actions: ['object'] }], next_cursor: 'string?' });
    seen.push(...page.items);
    cursor = page.next_cursor;
  } while (cursor !== null);
  assert.ok(seen.length >= 12);
  assert.equal(new Set(seen.map(t => t.dossier)).size, seen.length);
  const dues = seen.map(t => t.due ?? '9999');
  assert.deepEqual(dues, [...dues].sort());
});

test('an order for many dossiers is answered at once with a batch, whose items say what became of them', async () => {
  const code = (await citizen.post('/api/v1/dossiers', await submission(citizen, '1.013285', { agency: 'G11' }))).body.code;
  const made = await officer.post('/api/v1/batches', { act: 'receive', dossiers: [code] });
  assert.equal(made.status, 202, made.text);
  assert.equal(made.headers.get('location'), `/api/v1/batches/${made.body.id}`);
  check(made.body, batch);
  let now;
  do now = (await officer.get(`/api/v1/batches/${made.body.id}`)).body; while (now.finished_at === null);
  check(now, batch);
  assert.deepEqual([now.kind, now.act, now.total, now.done, now.refused], ['act', 'receive', 1, 1, 0]);
  check((await officer.get(now.items)).body, { items: [{ n: 'integer', dossier: 'text', version: 'integer?', state: oneOf('done'), code: 'string?', detail: 'string?', advice: 'string?', at: 'instant?' }], next_cursor: 'string?' });
  check((await officer.get('/api/v1/batches')).body, { items: [batch], next_cursor: 'string?' });
});

test('problems are problem+json in the language of the caller', async () => {
  for (const [language, word] of [['vi', /Không có hồ sơ/], ['en', /no dossier/]]) {
    const { status, headers, body } = await citizen.get('/api/v1/dossiers/G11-000000-0000', { headers: { 'accept-language': language } });
    assert.equal(status, 404);
    assert.match(headers.get('content-type'), /^application\/problem\+json/);
    check(body, problem);
    assert.match(body.detail, word);
  }
});

const refusals = [
  ['not signed in', () => nobody.get('/api/v1/tasks'), 401],
  ['a citizen in the inbox', () => citizen.get('/api/v1/tasks'), 403],
  ['an officer of another role', async () => (await office.as('vanthu')).act((await citizen.post('/api/v1/dossiers', await submission(citizen, '1.013285', { agency: 'G11' }))).body.code, 'receive'), 403],
  ['no such path', () => nobody.get('/api/v1/nothing'), 404],
  ['another method', () => citizen.fetch('DELETE', '/api/v1/dossiers'), 405],
  ['not JSON', () => citizen.fetch('POST', '/api/v1/dossiers', { raw: '{"a":', headers: { 'content-type': 'application/json' } }), 400],
  ['another type', () => citizen.fetch('POST', '/api/v1/dossiers', { raw: '<a/>', headers: { 'content-type': 'text/xml' } }), 415],
  ['a cursor of nobody', () => officer.get('/api/v1/tasks?cursor=xyz'), 422],
  ['a limit out of range', () => officer.get('/api/v1/tasks?limit=100000'), 422],
  ['a wrong token', () => new Client(office, 'wrong').get('/api/v1/tasks'), 401],
];
for (const [what, ask, status] of refusals)
  test(`refused: ${what}`, async () => {
    const answer = await ask();
    assert.ok(answer.status === status || (status === 422 && answer.status === 400), `${answer.status} ${answer.text}`);
    check(answer.body, problem);
  });

test("nobody sees another person's dossier, nor learns that it exists", async () => {
  const made = await citizen.post('/api/v1/dossiers', await submission(citizen, '1.013285', { agency: 'G11' }));
  const stranger = await office.as('doanhnghiep'), commune = await office.as('tiepnhan.xa');
  for (const other of [stranger, commune])
    for (const target of ['', '/history', '/files/1']) assert.equal((await other.get(`/api/v1/dossiers/${made.body.code}${target}`)).status, 404);
  assert.equal((await stranger.act(made.body.code, 'withdraw', {}, made.etag)).status, 404);
});

test('the feed of events tells in order what happened, to whoever may follow', async () => {
  const admin = await office.as('quantri');
  assert.equal((await citizen.get('/api/v1/events')).status, 403);
  const { status, body: made, text } = await citizen.post('/api/v1/dossiers', await submission(citizen, '1.013285', { agency: 'G11' }));
  assert.equal(status, 201, text);
  await office.settled();
  const all = [];
  for (let after = '0', more = true; more;) {
    const page = (await admin.get(`/api/v1/events?after=${after}&limit=500`)).body;
    check(page, { items: [{ specversion: oneOf('1.0'), id: 'text', source: 'text', type: 'text', subject: 'text', time: 'instant' }], next_cursor: 'text' });
    all.push(...page.items);
    more = page.items.length > 0;
    after = page.next_cursor;
  }
  assert.deepEqual(all.map(e => Number(e.id)), all.map((_, i) => i + 1));
  const mine = all.filter(e => e.subject === made.code);
  assert.deepEqual(mine.map(e => e.type), ['motcua.dossier.submit']);
});

test('what a person keeps', async () => {
  const { status, body } = await citizen.get('/api/v1/vault');
  assert.equal(status, 200);
  check(body, { items: ['object'], next_cursor: 'string?' });
  assert.equal((await nobody.get('/api/v1/vault')).status, 401);
});

test('which notices come by e-mail, and which programs are told', async () => {
  const wish = { email: 'string?', is_confirmed: 'boolean', kinds: [{ kind: oneOf('receipt', 'asked', 'progress', 'result', 'reminder', 'appointment'), title: 'text', by_email: 'boolean' }], digest: 'boolean' };
  check((await citizen.get('/api/v1/account/notices')).body, wish);
  const put = await citizen.change('/api/v1/account/notices', '/api/v1/account/notices', { kinds: [{ kind: 'asked', by_email: false }] }, 'PUT');
  assert.equal(put.status, 200, put.text);
  check(put.body, wish);
  assert.equal((await citizen.post('/api/v1/account/notices/confirm', {})).status, 409); // this office sends no letters
  const admin = await office.as('quantri');
  const hook = { id: 'text', url: 'text', events: ['text'], agency: 'string?', is_enabled: 'boolean', disabled_by: 'string?', made_at: 'instant', old_secret_until: 'instant?' };
  const made = await admin.post('/api/v1/webhooks', { url: 'https://192.0.2.1/hook', events: ['motcua.dossier.issue'], agency: 'G11' });
  assert.equal(made.status, 201, made.text);
  assert.equal(made.headers.get('location'), `/api/v1/webhooks/${made.body.id}`);
  assert.equal(made.headers.get('cache-control'), 'no-store');
  check(made.body, { ...hook, secret: 'text' });
  check((await admin.get('/api/v1/webhooks')).body, { items: [hook], next_cursor: 'string?' });
  check((await admin.get(`/api/v1/webhooks/${made.body.id}`)).body, hook);
  const change = async act => admin.post(`/api/v1/webhooks/${made.body.id}/${act}`, {}, { headers: { 'if-match': (await admin.get(`/api/v1/webhooks/${made.body.id}`)).etag } });
  check((await change('rotate')).body, { ...hook, secret: 'text' });
  check((await change('disable')).body, hook);
  const replayed = await admin.post(`/api/v1/webhooks/${made.body.id}/replay`, { from: '2026-01-01', to: '2026-01-02' });
  assert.equal(replayed.status, 202);
  assert.deepEqual(replayed.body, { count: 0 });
  check((await admin.get(`/api/v1/webhooks/${made.body.id}/messages`)).body, { items: [], next_cursor: 'string?' });
  for (const target of ['/api/v1/webhooks', `/api/v1/webhooks/${made.body.id}`]) assert.equal((await citizen.get(target)).status, 403);
});

test('appointments and the queue of the counter', async () => {
  const admin = await office.signIn('quantri'), page = await admin.get('/quan-tri/quay'), officer = await office.as('tiepnhan');
  assert.equal((await admin.post('/quan-tri/quay', { ...page.form('/quan-tri/quay'), slot_places: '2', slot_minutes: '30', days_ahead: '14' })).status, 303);
  const day = n => new Date(Date.now() + n * 864e5).toISOString().slice(0, 10), offers = [];
  for (let n = 1; n < 14 && offers.length === 0; n++) offers.push(...(await citizen.get(`/api/v1/appointments/slots?agency=G11&day=${day(n)}`)).body.items);
  check(offers[0], { at: 'instant', places: 'integer' });
  const appointment = { id: 'text', agency: 'text', agency_name: 'text', procedure: 'string?', at: 'instant', state: oneOf('booked', 'came', 'missed', 'cancelled'), reason: 'string?', booked_at: 'instant', version: 'integer' };
  const wish = { agency: 'G11', procedure: '1.013124', at: offers[0].at }, key = { headers: { 'idempotency-key': 'hen-1' } };
  const made = await citizen.post('/api/v1/appointments', wish, key);
  assert.equal(made.status, 201, made.text);
  check(made.body, appointment);
  assert.deepEqual((await citizen.post('/api/v1/appointments', wish, key)).body, made.body, 'sent twice it is one');
  assert.equal((await citizen.post('/api/v1/appointments', { ...wish, procedure: null }, key)).status, 422, 'another body under the same key');
  assert.equal((await citizen.post('/api/v1/appointments', wish)).body.id, made.body.id, 'the same time again is the same appointment');
  assert.equal((await citizen.post('/api/v1/appointments', { ...wish, at: offers[1].at })).status, 409, 'one a day');
  const wrong = await citizen.post('/api/v1/appointments', { agency: 'không có', procedure: 'x', at: 'mai' });
  assert.deepEqual(wrong.body.errors.map(e => e.pointer), ['/agency', '/procedure', '/at']);
  check((await citizen.get('/api/v1/appointments')).body, { items: [appointment], next_cursor: 'string?' });
  check((await officer.get(`/api/v1/counter/appointments?day=${day(0)}`)).body, { items: [], next_cursor: 'string?' });
  const there = (await officer.get(`/api/v1/counter/appointments?day=${offers[0].at.slice(0, 10)}`)).body;
  check(there.items[0], { ...appointment, name: 'text', phone: 'string?' });
  assert.equal((await officer.post(`/api/v1/counter/appointments/${made.body.id}/come`, undefined, { headers: { 'if-match': made.etag } })).status, 409, 'not before its day');
  const foreign = await (await office.as('doanhnghiep')).post(`/api/v1/appointments/${made.body.id}/cancel`, {});
  assert.equal(foreign.status, 404);
  const cancelled = await citizen.post(`/api/v1/appointments/${made.body.id}/cancel`, {}, { headers: { 'if-match': made.etag } });
  assert.equal(cancelled.body.state, 'cancelled');
  assert.equal((await citizen.post(`/api/v1/appointments/${made.body.id}/cancel`, {})).status, 428);
  assert.equal((await citizen.post(`/api/v1/appointments/${made.body.id}/cancel`, {}, { headers: { 'if-match': made.etag } })).status, 412);
  assert.equal((await citizen.post(`/api/v1/appointments/${made.body.id}/cancel`, {}, { headers: { 'if-match': cancelled.etag } })).status, 409);

  const ticket = { id: 'text', number: 'text', line: 'text', priority: 'string?', source: oneOf('kiosk', 'phone', 'desk', 'appointment'), state: oneOf('waiting', 'called', 'served', 'missed'), desk: 'integer', taken_at: 'instant', called_at: 'instant?' };
  const taken = await officer.post('/api/v1/counter/tickets', { line: 'A' });
  assert.equal(taken.status, 201, taken.text);
  check(taken.body, ticket);
  check((await officer.get('/api/v1/counter/tickets')).body, { items: [ticket], next_cursor: 'string?' });
  const called = await officer.post('/api/v1/counter/call', { act: 'next', desk: 1 });
  check(called.body, { desk: 'integer', ticket });
  assert.equal(called.body.ticket.number, taken.body.number);
  assert.deepEqual((await officer.post('/api/v1/counter/call', { act: 'done', desk: 1 })).body, { desk: 1, ticket: null });
  assert.equal((await officer.post('/api/v1/counter/call', { act: 'hát', desk: 1 })).status, 422);
  assert.equal((await officer.post('/api/v1/counter/tickets', { line: 'Z9' })).status, 422);
  assert.equal((await citizen.get('/api/v1/counter/tickets')).status, 403);
});

test('OpenAPI names every operation of the interface and each answers as it says', async () => {
  const document = (await nobody.get('/api/v1/openapi.json')).body;
  assert.match(document.openapi, /^3\.1/);
  const { stdout } = await office.command('routes', '--json');
  const routes = JSON.parse(stdout).filter(r => r.path.startsWith('/api/v1/'));
  for (const r of routes) assert.ok(document.paths[r.path]?.[r.method.toLowerCase()], `${r.method} ${r.path} is described`);
  const described = Object.entries(document.paths).flatMap(([path, ops]) => Object.keys(ops).map(m => `${m.toUpperCase()} ${path}`));
  assert.deepEqual(new Set(described), new Set(routes.map(r => `${r.method} ${r.path}`)));
  const acts = ['receive', 'refuse', 'request-supplement', 'supplement', 'assign', 'examine', 'propose', 'approve', 'send-back', 'issue', 'return', 'stop', 'withdraw', 'hand-over', 'extend',
    'transfer', 'consult', 'answer', 'request-payment', 'record-payment', 'note-contact', 'correct', 'undo'];
  for (const act of acts) assert.ok(document.paths[`/api/v1/dossiers/{code}/${act}`]?.post, act);
  assert.deepEqual(document.paths['/api/v1/dossiers/{code}/refuse'].post.requestBody.content['application/json'].schema.required, ['reason']);
  const refs = [...JSON.stringify(document).matchAll(/"#\/components\/schemas\/(\w+)"/g)].map(m => m[1]);
  for (const name of new Set(refs)) assert.ok(document.components.schemas[name], `schema ${name}`);
});
