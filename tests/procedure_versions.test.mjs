// The versions of a procedure: a draft is nobody's yet, a decision publishes it from a day, and what is in force on a day decides
// what is submitted, found and read. Running dossiers keep their version; a withdrawn procedure takes no new ones.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Client, openOffice, submission } from './support/office.mjs';
import { check, oneOf } from './support/shape.mjs';

const code = '1.013285';
const at = day => ({ MOTCUA_CLOCK: `${day}T08:00:00+07:00` });
let office, nobody, citizen, admin;
const open = async day => {
  await office.stop();
  await office.serve([], at(day));
  [citizen, admin] = [await office.as('congdan'), await office.as('quantri')];
  nobody = new Client(office);
};
before(async () => {
  office = await openOffice({ made: '2026-11-02T08:00:00+07:00', env: at('2026-11-02') });
  [citizen, admin] = [await office.as('congdan'), await office.as('quantri')];
  nobody = new Client(office);
});
after(() => office.close());

const record = async () => {
  const { version, hash, force, ...own } = (await nobody.get(`/api/v1/procedures/${code}`)).body;
  return { own, version, hash, force };
};
const file = async () => citizen.post('/api/v1/dossiers', await submission(citizen, code, { agency: 'G11' }));
const decision = { number: '7001/QĐ-BQP', date: '2026-11-02', authority: 'Bộ Quốc phòng', level: 'ministry', from: '2026-12-14' };
const dossiers = {};

test('a version as it is: in force, its decisions readable by everybody', async () => {
  const list = (await nobody.get(`/api/v1/procedures/${code}/versions`)).body;
  check(list, { items: [{ version: 'integer', state: oneOf('in_force'), since: 'string?', hash: 'hash', source: 'string', taken_at: 'instant' }], next_cursor: 'string?' });
  const decisions = (await nobody.get(`/api/v1/procedures/${code}/decisions`)).body.items;
  assert.deepEqual(decisions.map(d => [d.act, d.version, d.from]), [['import', 1, null]]);
  assert.equal((await record()).force, 'in_force');
  dossiers.old = (await file()).body.code;
});

test('a draft is read by who makes it, and by nobody else', async () => {
  const { own } = await record();
  const changed = structuredClone(own);
  changed.name = `${own.name} (sửa đổi)`;
  changed.channels[0].cases[0].term = { working_days: 7, text: '07 ngày làm việc' };
  changed.channels[0].cases[0].fees = [{ kind: 'charge', amount: 50000, currency: 'VND', text: 'Lệ phí: 50.000 đồng' }];
  changed.components.push({ id: 'cmoi00001', label: 'Bản cam kết', originals: 1, copies: 0, required: 'if_any' });
  assert.equal((await nobody.post(`/api/v1/procedures/${code}/versions`, changed)).status, 401);
  assert.equal((await citizen.post(`/api/v1/procedures/${code}/versions`, changed)).status, 403);
  const made = await admin.post(`/api/v1/procedures/${code}/versions`, changed);
  assert.equal(made.status, 201, made.text);
  assert.deepEqual(made.body, { procedure: code, version: 2, state: 'draft' });
  assert.equal(made.headers.get('location'), `/api/v1/procedures/${code}?version=2`);
  assert.equal((await admin.get(made.headers.get('location'))).body.name, changed.name);
  assert.equal((await citizen.get(made.headers.get('location'))).status, 404);
  assert.deepEqual((await nobody.get(`/api/v1/procedures/${code}/versions`)).body.items.map(v => v.version), [1]);
  assert.deepEqual((await admin.get(`/api/v1/procedures/${code}/versions`)).body.items.map(v => [v.version, v.state]), [[2, 'draft'], [1, 'in_force']]);
  assert.equal((await admin.post(`/api/v1/procedures/${code}/versions`, changed)).status, 409, 'nothing differs');
});

test('a draft with mistakes is refused by the reader of every record, each with its place', async () => {
  const { own } = await record();
  const wrong = { ...own, phi: 1, components: [...own.components, own.components[0]] };
  const refused = await admin.post(`/api/v1/procedures/${code}/versions`, wrong);
  assert.equal(refused.status, 422);
  assert.deepEqual(refused.body.errors.map(e => e.pointer).sort(), ['#/components/3/id', '#/phi'].sort());
  const other = await admin.post(`/api/v1/procedures/${code}/versions`, { ...own, code: '1.013124' });
  assert.equal(other.body.errors[0].pointer, '#/code');
  assert.equal((await admin.post('/api/v1/procedures/9.999999/versions', { ...own, code: '9.999999' })).status, 404);
});

test('what differs, field by field, papers and cases by their ids', async () => {
  const { items } = (await admin.get(`/api/v1/procedures/${code}/versions/2/difference`)).body;
  const found = Object.fromEntries(items.map(d => [d.key, d]));
  assert.deepEqual(Object.keys(found).sort(), ['name', 'channels/online/10-working-days/term', 'channels/online/10-working-days/fees', 'components/cmoi00001'].sort());
  assert.equal(found['components/cmoi00001'].change, 'added');
  assert.equal(found['components/cmoi00001'].item, 'Bản cam kết');
  assert.match(found['channels/online/10-working-days/term'].before, /10/);
  assert.match(found['channels/online/10-working-days/term'].after, /7/);
  assert.match(found['channels/online/10-working-days/fees'].after, /50\.000/);
  assert.deepEqual((await admin.get(`/api/v1/procedures/${code}/versions/1/difference?from=2`)).body.items.find(d => d.key === 'components/cmoi00001').change, 'removed');
  assert.equal((await citizen.get(`/api/v1/procedures/${code}/versions/2/difference`)).status, 403);
});

test('a decision is recorded whole or refused with every mistake', async () => {
  const publish = body => admin.post(`/api/v1/procedures/${code}/versions/2/publish`, body);
  const empty = await publish({});
  assert.deepEqual(empty.body.errors.map(e => e.pointer).sort(), ['/authority', '/date', '/from', '/level', '/number']);
  const wrong = await publish({ ...decision, date: '2026-11-03', from: '2026-11-01' });
  assert.deepEqual(wrong.body.errors.map(e => [e.pointer, e.code]).sort(), [['/date', 'future'], ['/from', 'past']]);
  const noDays = await publish({ ...decision, date: 'hôm qua', from: '2026-02-30' });
  assert.deepEqual(noDays.body.errors.map(e => [e.pointer, e.code]).sort(), [['/date', 'format'], ['/from', 'format']], 'told once each');
  assert.equal((await citizen.post(`/api/v1/procedures/${code}/versions/2/publish`, decision)).status, 403);
  assert.equal((await admin.post(`/api/v1/procedures/${code}/versions/9/publish`, decision)).status, 404);
  const stolen = await publish({ ...decision, file: 'a'.repeat(64) });
  assert.equal(stolen.body.errors[0].pointer, '/file');
  const upload = await admin.upload(Buffer.from('%PDF-1.4\n% quyết định\n%%EOF\n'), 'quyet-dinh.pdf');
  const done = await publish({ ...decision, file: upload.body.id });
  assert.equal(done.status, 200, done.text);
  assert.equal(done.body.late, false, '20 working days lie between');
  assert.equal(done.body.file, upload.body.id);
  const [latest] = (await nobody.get(`/api/v1/procedures/${code}/decisions`)).body.items;
  assert.deepEqual(done.body, latest, 'the answer is what the list of decisions says of it');
  for (const from of ['0', 'x', '9']) assert.equal((await admin.get(`/api/v1/procedures/${code}/versions/2/difference?from=${from}`)).status, 404, from);
  assert.equal((await admin.get(`/api/v1/procedures/${code}/versions/2/difference`)).status, 200, 'from the one before it');
  const states = (await nobody.get(`/api/v1/procedures/${code}/versions`)).body.items.map(v => [v.version, v.state, v.since]);
  assert.deepEqual(states, [[2, 'published', '2026-12-14'], [1, 'in_force', null]]);
});

test('until its day the earlier version is submitted and found; the page says what comes', async () => {
  await open('2026-12-13');
  assert.equal((await record()).version, 1);
  dossiers.eve = (await file()).body.code;
  const page = await (await fetch(`${office.url}/thu-tuc/${code}`)).text();
  assert.match(page, /14\/12\/2026/);
  assert.match(page, /7001\/QĐ-BQP/);
});

test('on its day the new version decides for submissions, search and pages; running dossiers keep theirs', async () => {
  await open('2026-12-14');
  const now = await record();
  assert.equal(now.version, 2);
  const found = (await nobody.get(`/api/v1/procedures?q=${code}`)).body.items[0];
  assert.equal(found.name, now.own.name);
  assert.match(found.name, /sửa đổi/);
  dossiers.fresh = (await file()).body.code;
  const officer = await office.as('tiepnhan');
  for (const [name, term] of [['old', '10wd'], ['eve', '10wd'], ['fresh', '7wd']]) {
    const received = await officer.act(dossiers[name], 'receive');
    assert.equal(received.body.due_rule.term, term, name);
  }
  assert.deepEqual((await nobody.get(`/api/v1/procedures/${code}/versions`)).body.items.map(v => [v.version, v.state]), [[2, 'in_force'], [1, 'replaced']]);
});

test('a late decision is taken and marked; a province needs less notice', async () => {
  const { own } = await record();
  const again = await admin.post(`/api/v1/procedures/${code}/versions`, { ...own, conditions: 'Không yêu cầu.' });
  const late = await admin.post(`/api/v1/procedures/${code}/versions/${again.body.version}/publish`, { ...decision, date: '2026-12-14', from: '2026-12-28' });
  assert.equal(late.body.late, true);
  const province = await admin.post(`/api/v1/procedures/${code}/versions/${again.body.version}/publish`, { ...decision, number: '9/QĐ-UBND', level: 'province', date: '2026-12-14', from: '2026-12-28' });
  assert.equal(province.body.late, false);
});

test('withdrawn from a day: no new dossiers, running ones go on, the page says so, a draft can be published again', async () => {
  const done = await admin.post(`/api/v1/procedures/${code}/withdraw`, { ...decision, number: '8000/QĐ-BQP', date: '2026-12-14', from: '2027-01-04' });
  assert.equal(done.status, 200, done.text);
  assert.equal((await admin.post(`/api/v1/procedures/${code}/withdraw`, { ...decision, number: '8001/QĐ-BQP', date: '2026-12-14', from: '2027-01-05' })).status, 409, 'once');
  assert.equal((await file()).status, 201, 'until then');
  await open('2027-01-04');
  const refused = await file();
  assert.equal(refused.status, 422);
  assert.ok(refused.body.errors.some(e => e.pointer === '/procedure' && e.code === 'not-in-force' && /04\/01\/2027/.test(e.detail)), refused.text);
  assert.equal((await record()).force, 'withdrawn');
  assert.deepEqual((await nobody.get(`/api/v1/procedures?q=${code}`)).body.items, []);
  const visitor = await office.signIn('congdan');
  const page = await visitor.get(`/thu-tuc/${code}`);
  assert.match(page.words, /đã bị bãi bỏ từ ngày 04\/01\/2027/);
  assert.doesNotMatch(page.text, /nop-ho-so/);
  assert.equal((await visitor.get(`/nop-ho-so/${code}`)).status, 409);
  const officer = await office.as('chuyenvien');
  assert.equal((await officer.act(dossiers.fresh, 'propose', { outcome: 'granted' })).status, 200, 'running dossiers go on');
  const { own } = await record();
  const revived = await admin.post(`/api/v1/procedures/${code}/versions`, { ...own, manner: 'Trực tuyến.' });
  const published = await admin.post(`/api/v1/procedures/${code}/versions/${revived.body.version}/publish`, { ...decision, number: '8100/QĐ-BQP', date: '2027-01-04', from: '2027-01-04' });
  assert.equal(published.body.late, true);
  assert.equal((await file()).status, 201, 'in force again');
  const acts = (await nobody.get(`/api/v1/procedures/${code}/decisions`)).body.items.map(d => d.act);
  assert.deepEqual(acts, ['publish', 'withdraw', 'publish', 'publish', 'publish', 'import']);
});

test('the journal holds every decision', async () => {
  assert.equal((await office.command('audit', 'verify')).code, 0);
});

test('competence by the interface: rows for everybody, a move for who manages agencies', async () => {
  const rows = (await nobody.get('/api/v1/competence?procedure=1.013124')).body;
  check(rows, { items: [{ procedure: oneOf('1.013124'), role: oneOf('performing', 'competent'), class: 'string?', agency: 'string?', from: 'string?', to: 'string?', decree: 'text' }], next_cursor: 'string?' });
  const all = (await nobody.get('/api/v1/competence')).body;
  assert.equal(all.items.length, 100);
  const next = (await nobody.get(`/api/v1/competence?cursor=${all.next_cursor}`)).body;
  assert.notDeepEqual(next.items[0], all.items[0]);
  const move = { procedures: ['1.013124'], from: 'G11', to: 'G11.68', on: '2027-02-01', decree: '1/2027/NĐ-CP', in_flight: 'stay' };
  assert.equal((await citizen.post('/api/v1/competence/moves', move)).status, 403);
  const wrong = await admin.post('/api/v1/competence/moves', { procedures: ['9.999999'], from: 'X99', to: '', on: 'soon' });
  assert.deepEqual(wrong.body.errors.map(e => e.pointer).sort(), ['/from', '/in_flight', '/on', '/procedures/0', '/to']);
  const done = await admin.post('/api/v1/competence/moves', move);
  assert.equal(done.status, 201, done.text);
  const after = (await nobody.get('/api/v1/competence?procedure=1.013124')).body.items;
  assert.deepEqual(after.filter(r => r.role === 'performing').map(r => [r.agency, r.from, r.to]), [['G11.68', '2027-02-01', null], ['G11', null, '2027-01-31']]);
});
