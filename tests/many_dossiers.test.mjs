// Many dossiers at once: one order, answered at once, worked off as ordinary acts, each exactly once. What cannot be done is told
// with its reason and hinders nothing else; a kill in the middle loses nothing and repeats nothing.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { eventually, openOffice, password, patiently, submission } from './support/office.mjs';

const procedure = '1.013285', agency = 'G11';
const pause = ms => new Promise(done => setTimeout(done, ms));
let office, citizen, receiver, specialist, leader, body, others;

before(async () => {
  office = await openOffice();
  await everybody();
  body = await submission(citizen, procedure, { agency });
});
after(() => office.close());

async function everybody() {
  [citizen, receiver, specialist, leader] = await Promise.all(['congdan', 'tiepnhan', 'chuyenvien', 'lanhdao'].map(login => office.as(login)));
}

async function submitted(count) {
  const codes = [];
  while (codes.length < count) {
    const answers = await Promise.all(Array.from({ length: Math.min(50, count - codes.length) }, () => patiently(() => citizen.post('/api/v1/dossiers', body))));
    for (const a of answers) assert.equal(a.status, 201, a.text);
    codes.push(...answers.map(a => a.body.code));
  }
  return codes;
}

async function order(who, act, dossiers, fields = {}, headers = {}) {
  const answer = await who.post('/api/v1/batches', { act, dossiers, fields }, { headers });
  assert.equal(answer.status, 202, answer.text);
  assert.equal(answer.headers.get('location'), `/api/v1/batches/${answer.body.id}`);
  return answer.body;
}

async function finished(who, id) {
  return eventually(`the end of batch ${id}`, async () => {
    const { body: batch } = await who.get(`/api/v1/batches/${id}`);
    return batch.finished_at !== null && batch;
  }, 120);
}

// Eight other orders that have their turns too: however quick the machine, what comes next takes nine times as long and is met in its middle.
async function amongOthers() {
  others ??= await submitted(400);
  for (let n = 0; n < 8; n++) await order(receiver, 'note-contact', others, { manner: 'call', note: 'Đã gọi điện.' });
}

const done = async (who, act, dossiers, fields) => finished(who, (await order(who, act, dossiers, fields)).id);

async function items(who, id, state = '') {
  const all = [];
  for (let cursor = ''; cursor !== null;) {
    const page = (await who.get(`/api/v1/batches/${id}/items?limit=100&state=${state}&cursor=${cursor}`)).body;
    all.push(...page.items);
    cursor = page.next_cursor;
  }
  return all;
}

const acts = async code => (await patiently(() => leader.get(`/api/v1/dossiers/${code}/history`))).body.items.map(line => line.action);

test('500 dossiers are received and assigned by two orders', async () => {
  const codes = await submitted(500);
  const received = await done(receiver, 'receive', codes, { note: 'Đủ giấy tờ.' });
  assert.deepEqual([received.state, received.total, received.done, received.refused], ['done', 500, 500, 0]);
  const started = Date.now();
  const assigned = await done(leader, 'assign', codes, { to: 'chuyenvien' });
  console.log(`# 500 assigned in ${Date.now() - started} ms`);
  assert.equal(assigned.done, 500);
  for (const code of codes) assert.deepEqual(await acts(code), ['submit', 'receive', 'assign']);
  assert.equal((await leader.get(`/api/v1/dossiers/${codes[499]}`)).body.holder.login, 'chuyenvien');
  const verified = await office.command('audit', 'verify', '--json');
  assert.equal(verified.code, 0, verified.stderr);
  const told = await office.command('audit', 'show', codes[7], '--lang', 'vi');
  assert.match(told.stdout, new RegExp(`Đợt xử lý hàng loạt: ${assigned.id}`));
});

test('of 200 approvals the 20 that somebody changed meanwhile are refused with a sentence', async () => {
  const codes = await submitted(200);
  await done(receiver, 'receive', codes);
  await done(leader, 'assign', codes, { to: 'chuyenvien' });
  await done(specialist, 'propose', codes, { outcome: 'granted', note: 'Đủ điều kiện.' });
  const seen = await Promise.all(codes.map(async code => ({ code, version: (await patiently(() => leader.get(`/api/v1/dossiers/${code}`))).body.version })));
  for (const code of codes.slice(0, 20)) assert.equal((await leader.act(code, 'send-back', { reason: 'Xem lại căn cứ.' })).status, 200);
  const batch = await done(leader, 'approve', seen);
  assert.deepEqual([batch.state, batch.done, batch.refused], ['done', 180, 20]);
  const refused = await items(leader, batch.id, 'refused');
  assert.deepEqual(refused.map(i => i.dossier).sort(), codes.slice(0, 20).sort());
  for (const item of refused) {
    assert.equal(item.code, 'stale');
    assert.match(item.detail, /[Tt]rả lại|Chuyển lại/);
    assert.ok(item.advice.length > 20);
  }
  assert.equal((await items(leader, batch.id)).length, 200);
  assert.ok(!(await acts(codes[0])).includes('approve'));
  assert.equal((await acts(codes[20])).filter(a => a === 'approve').length, 1);
});

test('every mistake of an order is told at once, and nothing begins', async () => {
  const [code] = await submitted(1);
  const refused = await leader.post('/api/v1/batches', { act: 'assign', dossiers: [code, 'G11-000000-0000', { code, version: 1 }, 7, { code: 'G11-000000-0001', version: 3 }], fields: { to: 'khong-co-ai', files: [{ kind: 'other', file: '0'.repeat(64) }] } });
  assert.equal(refused.status, 422);
  assert.deepEqual(refused.body.errors.filter(e => e.code !== 'required').map(e => [e.pointer, e.code]).sort(), [
    ['/dossiers/1', 'unknown'], ['/dossiers/2', 'twice'], ['/dossiers/3', 'format'], ['/dossiers/4', 'unknown'], ['/fields/files', 'one-by-one'], ['/fields/to', 'unknown'],
  ]);
  for (const [order, pointer] of [[{ act: 'assign', dossiers: [code], fields: {} }, '/fields/to'], [{ act: 'withdraw', dossiers: [code] }, '/act'], [{ act: 'fly', dossiers: [code] }, '/act'], [{ dossiers: [code] }, '/act'], [{ act: 'assign', dossiers: [] }, '/dossiers']]) {
    const answer = await leader.post('/api/v1/batches', order);
    assert.equal(answer.status, 422, JSON.stringify(order));
    assert.ok(answer.body.errors.some(e => e.pointer === pointer), answer.text);
  }
  assert.equal((await leader.post('/api/v1/batches', { act: 'receive', dossiers: [code] })).status, 403);
  assert.equal((await citizen.post('/api/v1/batches', { act: 'assign', dossiers: [code] })).status, 403);
  assert.deepEqual(await acts(code), ['submit']);
});

test('an order sent twice with one key is one batch, and another body is refused', async () => {
  const codes = await submitted(3), headers = { 'idempotency-key': 'once' };
  const first = await order(receiver, 'receive', codes, {}, headers), again = await order(receiver, 'receive', codes, {}, headers);
  assert.equal(first.id, again.id);
  assert.equal((await receiver.post('/api/v1/batches', { act: 'receive', dossiers: codes.slice(1) }, { headers })).status, 422);
  await finished(receiver, first.id);
  assert.deepEqual(await acts(codes[0]), ['submit', 'receive']);
});

test('a batch is seen by who started it and by the leaders of the agency, and stopped by who started it alone', async () => {
  const codes = await submitted(600);
  await amongOthers();
  const { id } = await order(receiver, 'receive', codes);
  for (const path of ['', '/items']) {
    assert.equal((await specialist.get(`/api/v1/batches/${id}${path}`)).status, 404);
    assert.equal((await leader.get(`/api/v1/batches/${id}${path}`)).status, 200);
  }
  for (const other of [specialist, leader]) assert.equal((await other.post(`/api/v1/batches/${id}/stop`)).status, 404);
  const stopped = await receiver.change(`/api/v1/batches/${id}`, `/api/v1/batches/${id}/stop`);
  assert.equal(stopped.status, 200, stopped.text);
  assert.equal(stopped.body.state, 'stopped');
  assert.ok(stopped.body.done < 600);
  const all = await items(receiver, id);
  assert.equal(all.filter(i => i.state === 'done').length, stopped.body.done);
  await pause(500);
  assert.deepEqual((await receiver.get(`/api/v1/batches/${id}`)).body, stopped.body, 'what waits is left alone');
  for (const item of all) assert.equal((await leader.get(`/api/v1/dossiers/${item.dossier}`)).body.status, item.state === 'done' ? 2 : 1);
  assert.equal((await receiver.change(`/api/v1/batches/${id}`, `/api/v1/batches/${id}/stop`)).status, 409);
  assert.equal((await receiver.get('/api/v1/batches')).body.items[0].id, id);
});

test('a kill in the middle and a restart: every dossier is received exactly once', async () => {
  const codes = await submitted(2000);
  const { id } = await order(receiver, 'receive', codes);
  for (let kills = 0; kills < 3; kills++) {
    const { finished_at } = await eventually('a part of it', async () => {
      const { body: batch } = await receiver.get(`/api/v1/batches/${id}`);
      return (batch.done >= 300 * kills + 100 || batch.finished_at !== null) && batch;
    });
    assert.ok(finished_at === null || kills > 0, 'it was killed in the middle');
    await office.stop('SIGKILL');
    await office.serve();
    await everybody();
  }
  const batch = await finished(receiver, id);
  assert.deepEqual([batch.state, batch.done, batch.refused], ['done', 2000, 0]);
  for (const code of codes) assert.deepEqual(await acts(code), ['submit', 'receive'], code);
  assert.deepEqual(await told(id), ['start', 'finish']);
  const verified = await office.command('audit', 'verify', '--json');
  assert.equal(verified.code, 0, verified.stderr);
});

// The journal's entries about a batch: what happened to it, in order.
async function told(id) {
  const admin = await office.as('quantri'), events = [];
  await office.settled();
  for (let after = '0', more = true; more;) {
    const page = (await admin.get(`/api/v1/events?after=${after}&limit=1000`)).body;
    events.push(...page.items.filter(e => e.subject === id));
    more = page.items.length > 0;
    after = page.next_cursor;
  }
  return events.map(e => e.type.replace('motcua.batch.', ''));
}

test('who loses their account in the middle does nothing more', async () => {
  const added = await office.command('user', 'add', 'nguoi.di', '--name', 'Người Sắp Đi', '--agency', agency, '--role', 'specialist', '--password', password);
  assert.equal(added.code, 0, added.stderr);
  const leaver = await office.as('nguoi.di');
  const codes = await submitted(600);
  await done(receiver, 'receive', codes);
  await amongOthers();
  const { id } = await order(leaver, 'assign', codes, { to: 'chuyenvien' });
  const disabled = await office.command('user', 'disable', 'nguoi.di');
  assert.equal(disabled.code, 0, disabled.stderr);
  await eventually('the end of the batch', async () => (await told(id)).includes('finish'), 120);
  const lives = await Promise.all(codes.map(acts));
  const assigned = lives.filter(list => list.includes('assign')).length;
  assert.ok(assigned < 600, `${assigned} were assigned`);
  for (const list of lives) assert.ok(list.length <= 3, list.join());
});

// The boxes that are ticked on the page of the inbox.
const ticked = page => [...page.text.matchAll(/<input[^>]*name="hs"[^>]*>/g)].map(m => m[0]).filter(tag => /\schecked/.test(tag)).map(tag => /value="([^"]+)"/.exec(tag)[1]);

const untilOver = (visitor, address) => eventually('the end of the batch', async () => {
  const page = await visitor.get(address);
  assert.equal(page.status, 200);
  return page.headers.get('refresh') === null && page;
}, 120);

test('on pages: ticked in the inbox, one act, its fields, and what became of each', async () => {
  const codes = await submitted(30);
  await done(receiver, 'receive', codes);
  const visitor = await office.signIn('chuyenvien');
  const inbox = await visitor.get('/viec?chon=het');
  const hs = ticked(inbox);
  assert.equal(hs.length, 25);
  assert.equal(ticked(await visitor.get('/viec')).length, 0);
  const form = inbox.form('/viec/chon');
  const nothing = await visitor.post('/viec/chon', { csrf: form.csrf, loc: '', viec: 'assign' });
  assert.equal(nothing.headers.get('location'), '/viec');
  const shown = await visitor.post('/viec/chon', { csrf: form.csrf, loc: '', viec: 'assign', hs });
  assert.equal(shown.status, 200);
  assert.ok(shown.words.includes('25 hồ sơ'));
  const order = { ...shown.form('/viec/hang-loat'), hs };
  const refused = await visitor.post('/viec/hang-loat', { ...order, to: '' });
  assert.equal(refused.status, 422);
  assert.match(refused.text, /govuk-error-summary/);
  const sent = await visitor.post('/viec/hang-loat', { ...order, to: 'chuyenvien2', note: 'Giao theo kế hoạch.' });
  assert.equal(sent.status, 303, sent.words);
  const again = await visitor.post('/viec/hang-loat', { ...order, to: 'chuyenvien2', note: 'Giao theo kế hoạch.' });
  assert.equal(again.headers.get('location'), sent.headers.get('location'), 'a second click is the same order');
  const over = await untilOver(visitor, sent.headers.get('location'));
  assert.ok(over.words.includes('Đã xong 25/25 hồ sơ'), over.words);
  assert.ok((await visitor.get('/viec/hang-loat')).text.includes(sent.headers.get('location')));
  assert.equal((await leader.get(`/api/v1/dossiers/${hs[0].split('@')[0]}`)).body.holder.login, 'chuyenvien2');
});

test('on pages: what was changed meanwhile is left out and said so; all of a list goes beyond the page', async () => {
  const codes = await submitted(40);
  await done(receiver, 'receive', codes);
  const visitor = await office.signIn('chuyenvien');
  const inbox = await visitor.get('/viec?loc=chua-giao&chon=het'), hs = ticked(inbox), { csrf } = inbox.form('/viec/chon');
  const changed = hs[0].split('@')[0];
  assert.equal((await specialist.act(changed, 'assign', { to: 'chuyenvien2' })).status, 200);
  const shown = await visitor.post('/viec/chon', { csrf, loc: 'chua-giao', viec: 'assign', hs });
  assert.ok(shown.words.includes(`${hs.length - 1} hồ sơ`));
  assert.ok(shown.words.includes(changed));
  const all = await visitor.post('/viec/chon', { csrf, loc: 'chua-giao', viec: 'assign', 'tat-ca': '1' });
  const [, count] = /(\d+) hồ sơ/.exec(all.words);
  assert.ok(Number(count) >= 39, count);
  const sent = await visitor.post('/viec/hang-loat', { ...all.form('/viec/hang-loat'), to: 'chuyenvien' });
  const over = await untilOver(visitor, sent.headers.get('location'));
  assert.ok(over.words.includes(`Đã xong ${count}/${count} hồ sơ`), over.words);
  assert.equal(ticked(await visitor.get('/viec?loc=chua-giao&chon=het')).length, 0);
});

const holders = async codes => Promise.all(codes.map(async code => (await leader.get(`/api/v1/dossiers/${code}`)).body.holder.login));
const day = (days = 0) => new Date(Date.now() + 7 * 3600e3 + days * 86400e3).toISOString().slice(0, 10);

test('a desk is handed over: what is held goes to the substitute at once, what is assigned meanwhile follows', async () => {
  const held = await submitted(60), others = await submitted(2);
  await done(receiver, 'receive', [...held, ...others]);
  await done(leader, 'assign', held, { to: 'chuyenvien2' });
  const said = await leader.post('/api/v1/absences', { account: 'chuyenvien2', substitute: 'chuyenvien', from: day(), to: day(5), hand_over: true, note: 'Nghỉ phép năm.' });
  assert.equal(said.status, 201, said.text);
  assert.deepEqual([said.body.state, said.body.account, said.body.substitute, said.body.to], ['on', 'chuyenvien2', 'chuyenvien', day(5)]);
  const batch = await finished(leader, said.body.batch);
  assert.equal(batch.kind, 'desk');
  assert.equal(batch.refused, 0);
  assert.ok(batch.done >= 60, batch.done);
  assert.deepEqual(new Set(await holders(held)), new Set(['chuyenvien']));
  for (const code of others) assert.equal((await leader.act(code, 'assign', { to: 'chuyenvien2' })).status, 200);
  await eventually('what is assigned to the absent one goes on', async () => (await holders(others)).every(login => login === 'chuyenvien'));
  const note = (await leader.get(`/api/v1/dossiers/${others[0]}/history`)).body.items.at(-1).note;
  assert.match(note, /vắng mặt/);
  const ended = await leader.change(`/api/v1/absences/${said.body.id}`, `/api/v1/absences/${said.body.id}/end`);
  assert.equal(ended.body.state, 'over');
  assert.equal((await leader.change(`/api/v1/absences/${said.body.id}`, `/api/v1/absences/${said.body.id}/end`)).status, 409);
  assert.equal((await leader.act(others[0], 'assign', { to: 'chuyenvien2' })).status, 200);
  await office.settled();
  assert.deepEqual(await holders([others[0]]), ['chuyenvien2'], 'who is back keeps what they are given');
});

test('who covers is there and does the same work; only the officer and leaders say who is away', async () => {
  const say = async (who, body) => who.post('/api/v1/absences', { from: day(10), to: day(12), ...body });
  const refused = async (who, body, pointer) => {
    const answer = await say(who, body);
    assert.equal(answer.status, 422, answer.text);
    assert.ok(answer.body.errors.some(e => e.pointer === pointer), answer.text);
  };
  await refused(leader, { account: 'chuyenvien', substitute: 'chuyenvien' }, '/substitute');
  await refused(leader, { account: 'chuyenvien', substitute: 'tiepnhan' }, '/substitute');
  await refused(leader, { account: 'chuyenvien', substitute: 'khong-co-ai' }, '/substitute');
  await refused(leader, { account: 'tiepnhan.xa', substitute: 'chuyenvien' }, '/account');
  await refused(leader, { account: 'chuyenvien', substitute: 'chuyenvien2', from: day(-3) }, '/from');
  await refused(leader, { account: 'chuyenvien', substitute: 'chuyenvien2', to: day(9) }, '/to');
  assert.equal((await say(specialist, { account: 'chuyenvien2', substitute: 'chuyenvien' })).status, 403);
  const own = await say(specialist, { substitute: 'chuyenvien2' });
  assert.equal(own.status, 201, own.text);
  assert.equal(own.body.state, 'coming');
  await refused(leader, { account: 'chuyenvien', substitute: 'chuyenvien2', from: day(12), to: null }, '/account');
  await refused(leader, { account: 'chuyenvien2', substitute: 'chuyenvien', from: day(11), to: null }, '/account');
  assert.ok((await receiver.get('/api/v1/absences')).body.items.some(a => a.id === own.body.id));
  assert.equal((await (await office.as('tiepnhan.xa')).get(`/api/v1/absences/${own.body.id}`)).status, 404);
  assert.equal((await specialist.change(`/api/v1/absences/${own.body.id}`, `/api/v1/absences/${own.body.id}/end`)).status, 200);
});

test('a desk that was left for good is handed over on the page, though its account is closed', async () => {
  const added = await office.command('user', 'add', 'nghi.viec', '--name', 'Người Đã Nghỉ', '--agency', agency, '--role', 'specialist', '--password', password);
  assert.equal(added.code, 0, added.stderr);
  const codes = await submitted(5);
  await done(receiver, 'receive', codes);
  await done(leader, 'assign', codes, { to: 'nghi.viec' });
  await office.command('user', 'disable', 'nghi.viec');
  const visitor = await office.signIn('lanhdao');
  const page = await visitor.get('/viec/vang-mat');
  assert.match(page.text, /Người Đã Nghỉ \(tài khoản đã khóa\)/);
  const form = page.form('/viec/vang-mat');
  assert.equal((await visitor.post('/viec/vang-mat', { ...form, account: 'nghi.viec', substitute: '' })).status, 422);
  const sent = await visitor.post('/viec/vang-mat', { ...form, account: 'nghi.viec', substitute: 'chuyenvien2', hand_over: 'yes' });
  assert.equal(sent.status, 303, sent.words);
  await eventually('the desk is empty', async () => (await holders(codes)).every(login => login === 'chuyenvien2'));
  const shown = await visitor.get('/viec/vang-mat');
  assert.match(shown.words, /Người Đã Nghỉ/);
  const end = shown.actions.find(action => /ket-thuc$/.test(action));
  assert.equal((await visitor.post(end, { csrf: form.csrf })).status, 303);
  assert.doesNotMatch((await visitor.get('/viec/vang-mat')).text, /ket-thuc/);
});

test('a colleague may be asked before work goes there; who asked hears the answer, and who is charged is told', async () => {
  const told = async (who, act) => (await who.get('/api/v1/notices')).body.items.some(n => n.action === act);
  const substitute = await office.as('chuyenvien2');
  const asked = await specialist.post('/api/v1/absences', { substitute: 'chuyenvien2', from: day(20), to: day(22), ask: true, hand_over: true });
  assert.equal(asked.status, 201, asked.text);
  assert.deepEqual([asked.body.answer, asked.body.batch], ['asked', null]);
  await eventually('the colleague is told', () => told(substitute, 'absence.ask'));
  assert.equal((await specialist.change(`/api/v1/absences/${asked.body.id}`, `/api/v1/absences/${asked.body.id}/answer`, { covers: true })).status, 403);
  assert.equal((await substitute.change(`/api/v1/absences/${asked.body.id}`, `/api/v1/absences/${asked.body.id}/answer`, { covers: 'ja' })).status, 422);
  const page = await (await office.signIn('chuyenvien2')).get('/viec/vang-mat');
  assert.match(page.words, /Đã hỏi, chưa trả lời/);
  const colleague = await office.signIn('chuyenvien2'), address = `/viec/vang-mat/${asked.body.id}/tra-loi`;
  const form = (await colleague.get('/viec/vang-mat')).form(address);
  assert.equal((await colleague.post(address, { ...form, covers: 'yes' })).status, 303);
  assert.equal((await specialist.get(`/api/v1/absences/${asked.body.id}`)).body.answer, 'covered');
  await eventually('who asked is told', () => told(specialist, 'absence.accept'));
  assert.equal((await substitute.change(`/api/v1/absences/${asked.body.id}`, `/api/v1/absences/${asked.body.id}/answer`, { covers: false })).status, 409);
  assert.equal((await specialist.change(`/api/v1/absences/${asked.body.id}`, `/api/v1/absences/${asked.body.id}/end`)).status, 200);
});
