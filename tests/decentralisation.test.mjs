// A decree moves procedures from a day: what is filed the day before goes to the old agency, on the day to the new one. Open
// dossiers stay or move, as the decree says; a merger of agencies is followed by the successor.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { Client, eventually, openOffice, pdf, root, submission, wholeWay } from './support/office.mjs';

const dayBefore = { MOTCUA_CLOCK: '2026-12-28T08:00:00+07:00' }, theDay = { MOTCUA_CLOCK: '2026-12-29T00:00:30+07:00' };
const staying = '1.013285', moving = '1.013124';

let office, citizen;
before(async () => {
  office = await openOffice({ made: '2026-12-01T08:00:00+07:00', env: dayBefore });
  citizen = await office.as('congdan');
});
after(() => office.close());

const file = async (code, agency) => citizen.post('/api/v1/dossiers', await submission(citizen, code, { agency, channel: 'online' }));
const move = (...args) => office.command('competence', 'move', ...args, '--on', '2026-12-29', '--decree', '131/2026/NĐ-CP', '--json');
const dossiers = {};

test('the day before: both procedures go to the ministry, and a move is refused that says nothing', async () => {
  for (const code of [staying, moving]) {
    const made = await file(code, 'G11');
    assert.equal(made.status, 201, made.text);
    dossiers[code] = made.body.code;
  }
  const officer = await office.as('tiepnhan');
  dossiers.received = (await file(moving, 'G11')).body.code;
  const received = await officer.act(dossiers.received, 'receive');
  assert.equal(received.status, 200, received.text);
  dossiers.due = received.body.due_at;
  // One that the leader has before them, one that waits for papers.
  const specialist = await office.as('chuyenvien');
  for (const name of ['proposed', 'waiting']) {
    dossiers[name] = (await file(moving, 'G11')).body.code;
    await officer.act(dossiers[name], 'receive');
  }
  assert.equal((await specialist.act(dossiers.proposed, 'propose', { outcome: 'granted' })).status, 200);
  assert.equal((await specialist.act(dossiers.waiting, 'request-supplement', { reason: 'Thiếu bản vẽ.' })).status, 200);
  const wrong = await move(staying, '--from', 'H36.22963', '--to', 'G11.68', '--in-flight', 'stay');
  assert.equal(wrong.code, 1);
  assert.match(wrong.stderr, /1\.013285/);
  assert.equal((await move(staying, '--from', 'G11', '--to', 'G11.68')).code, 1, 'what becomes of open dossiers must be said');
  assert.equal((await move(staying, '--from', 'G11', '--to', 'X99', '--in-flight', 'stay')).code, 1);
  assert.equal((await move('9.999999', '--from', 'G11', '--to', 'G11.68', '--in-flight', 'stay')).code, 1);
});

test('the decree is entered: rows end and begin, citizens read who decides from which day', async () => {
  const stay = await move(staying, '--from', 'G11', '--to', 'G11.68', '--in-flight', 'stay');
  assert.equal(stay.code, 0, stay.stderr);
  assert.equal((await move(moving, '--from', 'G11', '--to', 'G11.68', '--in-flight', 'move')).code, 0);
  const rows = JSON.parse((await office.command('competence', 'list', staying, '--json')).stdout);
  for (const role of ['performing', 'competent']) {
    const own = rows.filter(r => r.role === role);
    assert.deepEqual(own.map(r => [r.agency, r.from, r.to]), [['G11.68', '2026-12-29', null], ['G11', null, '2026-12-28']]);
    assert.equal(own[0].decree, '131/2026/NĐ-CP');
  }
  assert.equal((await file(staying, 'G11')).status, 201, 'until then the ministry takes it');
  const early = await file(staying, 'G11.68');
  assert.equal(early.status, 422);
  assert.equal(early.body.errors[0].pointer, '/agency');
  const page = await (await fetch(`${office.url}/thu-tuc/${staying}`)).text();
  assert.match(page, /29\/12\/2026/);
  assert.match(page, /131\/2026\/NĐ-CP/);
});

test('on the day: the old agency is refused with the identifier of the new one, which takes it', async () => {
  await office.stop();
  await office.serve([], theDay);
  citizen = await office.as('congdan');
  const refused = await file(staying, 'G11');
  assert.equal(refused.status, 422, refused.text);
  const problem = refused.body.errors.find(e => e.pointer === '/agency');
  assert.equal(problem.code, 'moved');
  assert.ok(problem.values.includes('G11.68'), problem.detail);
  assert.match(problem.detail, /G11\.68/);
  const made = await file(staying, 'G11.68');
  assert.equal(made.status, 201, made.text);
  assert.equal(made.body.agency, 'G11.68');
});

test('open dossiers stay where the decree leaves them, and move with their clock where it takes them along', async () => {
  const ministry = await office.as('tiepnhan'), province = await office.as('tiepnhan.tinh');
  assert.equal((await ministry.get(`/api/v1/dossiers/${dossiers[staying]}`)).body.agency, 'G11');
  const moved = await eventually('the move', async () => {
    const { body } = await province.get(`/api/v1/dossiers/${dossiers.received}`);
    return body?.agency === 'G11.68' && body;
  });
  assert.equal(moved.due_at, dossiers.due, 'the clock ran on');
  assert.equal((await province.get(`/api/v1/dossiers/${dossiers[moving]}`)).body.agency, 'G11.68');
  assert.equal((await ministry.get(`/api/v1/dossiers/${dossiers[moving]}`)).status, 404, 'it is no longer theirs');
  // What the ministry proposed the province examines itself; papers that are waited for come to the province.
  const specialist = await office.as('chuyenvien.tinh');
  const proposed = (await specialist.get(`/api/v1/dossiers/${dossiers.proposed}`)).body;
  assert.deepEqual([proposed.agency, proposed.holder.step, proposed.outcome], ['G11.68', 'examination', null]);
  const answered = await citizen.act(dossiers.waiting, 'supplement', { note: 'Tôi gửi kèm.', files: [{ component: '', file: (await citizen.upload(pdf('Bản vẽ'))).body.id }] });
  assert.equal(answered.status, 200, answered.text);
  assert.deepEqual([answered.body.agency, answered.body.status], ['G11.68', 4]);
  const history = (await citizen.get(`/api/v1/dossiers/${dossiers.received}/history`)).body.items;
  assert.equal(history.at(-1).action, 'transfer');
  for (const [login, act, fields] of wholeWay('.tinh').slice(1)) {
    const done = await (await office.as(login)).act(dossiers.received, act, fields);
    assert.equal(done.status, 200, `${login} ${act}: ${done.text}`);
  }
});

test('an import of the sheets again does not undo the decree', async () => {
  const { code } = await office.command('import', 'procedures', path.join(root, 'procedures/bqp', `${staying}.json`));
  assert.equal(code, 0);
  const rows = JSON.parse((await office.command('competence', 'list', staying, '--json')).stdout);
  assert.equal(rows.filter(r => r.agency === 'G11' && r.to === null).length, 0);
});

test('communes that merge: the successor serves their queues, sees their dossiers and takes who still comes to them', async () => {
  // Two real old communes that became Xã Cát Tiên (units/merger-2025.csv), as offices that still work for a day.
  const lines = fs.readFileSync(path.join(root, 'units/merger-2025.csv'), 'utf8').split('\n').slice(1);
  const parts = lines.map(line => line.split(',')).filter(p => p[3] === 'Tỉnh Lâm Đồng' || p[3] === 'tỉnh Lâm Đồng');
  const into = new Map();
  for (const p of parts) into.set(p[4].trim(), [...(into.get(p[4].trim()) ?? []), `${p[2]}, ${p[1]}`]);
  const nobody = new Client(office);
  const successor = (await nobody.get('/api/v1/agencies/H36.22963')).body;
  const place = successor.name.replace(/^.*?(xã|phường|đặc khu)/i, '$1').trim();
  const olds = [...into].find(([name]) => name.toLowerCase() === place.toLowerCase())?.[1] ?? [];
  assert.ok(olds.length >= 2, `${place}: ${olds}`);
  const procedure = '1.013128';
  const filed = [];
  for (const [i, name] of olds.slice(0, 2).entries()) {
    const id = `H36.22963.0${i + 1}`;
    const added = await office.command('agency', 'add', id, '--name', `Ủy ban nhân dân ${name}`, '--class', 'commune_committee', '--parent', 'H36', '--provisional');
    assert.equal(added.code, 0, added.stderr);
    const user = await office.command('user', 'add', `cu${i}`, '--name', 'Lê Văn Cũ', '--role', 'receiver', '--agency', id, '--password', 'mot-cua-2026');
    assert.equal(user.code, 0, user.stderr);
    const officer = await office.as(`cu${i}`);
    const channel = (await nobody.get(`/api/v1/procedures/${procedure}`)).body.channels[0].channel;
    const made = await officer.post('/api/v1/dossiers', await submission(officer, procedure, { agency: id, channel: channel === 'online' ? 'counter' : channel }));
    assert.equal(made.status, 201, made.text);
    filed.push(made.body.code);
  }
  const merged = await office.command('agency', 'merge', 'H36.22963.01', 'H36.22963.02', 'H36.22963', '--on', '2026-12-30', '--decree', '1671/NQ-UBTVQH15', '--json');
  assert.equal(merged.code, 0, merged.stderr);
  assert.deepEqual(JSON.parse(merged.stdout).posts.map(p => [p.agency, p.login, p.role]), [['H36.22963.01', 'cu0', 'receiver'], ['H36.22963.02', 'cu1', 'receiver']]);
  const own = await office.as('tiepnhan.xa');
  assert.equal((await own.get(`/api/v1/dossiers/${filed[0]}`)).status, 404, 'a day too early');
  assert.equal((await office.command('agency', 'merge', 'H36.22963.01', 'H36.22963', '--on', '2026-12-30', '--decree', 'x')).code, 1, 'once');
  await office.stop();
  await office.serve([], { MOTCUA_CLOCK: '2026-12-30T08:00:00+07:00' });
  const receiver = await office.as('tiepnhan.xa');
  const tasks = (await receiver.get('/api/v1/tasks?limit=100')).body.items.map(t => t.dossier);
  const list = (await receiver.get('/api/v1/dossiers?limit=100')).body.items.map(d => d.code);
  for (const code of filed) {
    assert.ok(tasks.includes(code), `${code} waits at the successor`);
    assert.ok(list.includes(code), `${code} stands in its list`);
    for (const [login, act, fields] of wholeWay('.xa')) {
      const done = await (await office.as(login)).act(code, act, fields);
      assert.equal(done.status, 200, `${login} ${act}: ${done.text}`);
    }
    assert.equal((await receiver.get(`/api/v1/dossiers/${code}`)).body.agency, 'H36.22963');
  }
  citizen = await office.as('congdan');
  const late = await submission(receiver, procedure, { agency: 'H36.22963.01', channel: 'counter' });
  const refused = await receiver.post('/api/v1/dossiers', late);
  assert.equal(refused.status, 422);
  assert.ok(refused.body.errors.some(e => e.code === 'moved' && e.values.includes('H36.22963')), refused.text);
});
