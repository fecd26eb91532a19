// A leader approves many at once: what is proposed stands side by side, what is not like the others first and with why; colleagues'
// batches can be seen by the leader and by nobody else.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { eventually, openOffice, submission } from './support/office.mjs';

let office;
before(async () => { office = await openOffice(); });
after(() => office?.close());

test('what is proposed stands side by side, and what is not like the others first', async () => {
  const [citizen, receiver, specialist] = await Promise.all(['congdan', 'tiepnhan', 'chuyenvien'].map(l => office.as(l)));
  const body = await submission(citizen, '1.013285', { agency: 'G11' });
  const codes = [];
  for (let i = 0; i < 50; i++) {
    const { code } = (await citizen.post('/api/v1/dossiers', body)).body;
    assert.equal((await receiver.act(code, 'receive')).status, 200);
    assert.equal((await specialist.act(code, 'propose', i === 30 ? { outcome: 'refused', reason: 'Không đủ điều kiện theo Điều 5.' } : { outcome: 'granted' })).status, 200);
    codes.push(code);
  }
  const leader = await office.signIn('lanhdao');
  const inbox = await leader.get('/viec');
  const page = await leader.post('/viec/chon', { ...inbox.form('/viec/chon'), viec: 'approve', 'tat-ca': '1' });
  assert.equal(page.status, 200);
  assert.match(page.words, /1\/50 hồ sơ khác với số còn lại/);
  const shown = [...page.text.matchAll(/data-mc-row-link>([^<]+)</g)].map(m => m[1]);
  assert.equal(shown.length, 50);
  assert.equal(shown[0], codes[30]);
  assert.match(page.words, /đề xuất không giải quyết/);
  assert.match(page.words, /Không đủ điều kiện theo Điều 5\./);
  assert.equal(page.text.match(/Như các hồ sơ khác/g).length, 49);
  const order = await leader.post('/viec/hang-loat', page.form('/viec/hang-loat'));
  assert.equal(order.status, 303);
  await eventually('all fifty', async () => /50\/50/.test((await leader.get(order.headers.get('location'))).words));
});

test('a leader sees the batches of colleagues, colleagues do not see each other\'s', async () => {
  const [citizen, receiver] = await Promise.all(['congdan', 'tiepnhan'].map(l => office.as(l)));
  const { code } = (await citizen.post('/api/v1/dossiers', await submission(citizen, '1.013285', { agency: 'G11' }))).body;
  const started = await receiver.post('/api/v1/batches', { act: 'receive', dossiers: [code] });
  assert.equal(started.status, 202, started.text);
  const leader = await office.signIn('lanhdao'), colleague = await office.signIn('chuyenvien'), own = await office.signIn('tiepnhan');
  const address = `/viec/hang-loat/${started.body.id}`;
  assert.match((await leader.get('/viec/hang-loat')).words, /Việc hàng loạt của đồng nghiệp.*Tiếp nhận: 1 hồ sơ/);
  assert.equal((await leader.get(address)).status, 200);
  assert.equal((await own.get(address)).status, 200);
  assert.equal((await colleague.get(address)).status, 404);
  assert.doesNotMatch((await colleague.get('/viec/hang-loat')).words, /Tiếp nhận: 1 hồ sơ/);
  assert.equal((await leader.get(address)).actions.some(a => a.endsWith('/dung')), false);
});

test("a leader's numbers lead to the dossiers that they count, for the whole agency too", async () => {
  const citizen = await office.as('congdan');
  const { code } = (await citizen.post('/api/v1/dossiers', await submission(citizen, '1.013285', { agency: 'G11' }))).body;
  const leader = await office.signIn('lanhdao'), specialist = await office.signIn('chuyenvien');
  const progress = await leader.get('/tien-do?co-quan=G11');
  const link = /href="(\/viec\?loc=ca-co-quan\.3-ngay)">(\d+)/.exec(progress.text);
  assert.ok(link, progress.words);
  const list = await leader.get(link[1]);
  assert.match(list.text, new RegExp(`/ho-so/${code}"`)); // at the counter's step, in nobody's list of the leader
  assert.equal([...list.text.matchAll(/data-mc-row-link/g)].length, Number(link[2]));
  assert.doesNotMatch((await leader.get('/viec')).text, new RegExp(`/ho-so/${code}"`));
  assert.equal((await specialist.get(link[1])).status, 403);
});
