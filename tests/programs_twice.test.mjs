// A program that does not know whether its request arrived sends it again with the same key: it is done once and answered the same, one
// after the other or both at the same moment. A key stands for method, address and body. What changes something names what it saw.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, test } from 'node:test';
import { openOffice, submission } from './support/office.mjs';

let office, citizen, officer, admin;
const codes = [];
before(async () => {
  office = await openOffice({ env: { MOTCUA_WEBHOOK_ALLOW: '127.0.0.1' } });
  [citizen, officer, admin] = [await office.as('congdan'), await office.as('tiepnhan'), await office.as('quantri')];
  for (let i = 0; i < 2; i++) codes.push((await citizen.post('/api/v1/dossiers', await submission(citizen, '1.013285', { agency: 'G11', label: `${i}` }))).body.code);
});
after(() => office.close());

const send = (who, target, body, key) => who.post(target, body, { headers: { 'idempotency-key': key } });
const count = async (who, target) => (await who.get(target)).body.items.length;

// What creates, who does it, where one counts what there is, and the body; another body is made of it.
const creating = [
  ['a message', () => officer, () => `/api/v1/dossiers/${codes[0]}/messages`, () => ({ text: 'Mời ông bà mang bản gốc.' }), { text: 'Khác.' }],
  ['a note', () => officer, () => `/api/v1/dossiers/${codes[0]}/notes`, () => ({ text: 'Đã gọi điện.' }), { text: 'Khác.' }],
  ['a batch', () => officer, () => '/api/v1/batches', () => ({ act: 'receive', dossiers: [codes[1]] }), { act: 'receive', dossiers: ['G11-000000-0001'] }],
  ['a webhook', () => admin, () => '/api/v1/webhooks', () => ({ url: 'http://127.0.0.1:9/a' }), { url: 'http://127.0.0.1:9/b' }],
];
for (const [what, who, target, body, other] of creating)
  test(`${what} sent again with its key is one, also at the same moment`, async () => {
    const key = randomUUID(), before = await count(who(), target());
    const both = await Promise.all([send(who(), target(), body(), key), send(who(), target(), body(), key)]);
    const third = await send(who(), target(), body(), key);
    for (const answer of [...both, third]) assert.ok([201, 202].includes(answer.status), answer.text);
    assert.equal(new Set([...both, third].map(a => a.headers.get('location'))).size, 1, 'all three tell of the same');
    assert.equal(await count(who(), target()), before + 1);
    assert.equal((await send(who(), target(), other, key)).status, 422, 'the key belongs to that body');
    assert.equal(await count(who(), target()), before + 1);
  });

test('a key of one address is not taken for the same words at another', async () => {
  const key = randomUUID(), words = { text: 'Hồ sơ đã đủ.' };
  assert.equal((await send(officer, `/api/v1/dossiers/${codes[0]}/messages`, words, key)).status, 201);
  for (const target of [`/api/v1/dossiers/${codes[1]}/messages`, `/api/v1/dossiers/${codes[0]}/notes`]) {
    const before = await count(officer, target), answer = await send(officer, target, words, key);
    assert.equal(answer.status, 422, `${target}: ${answer.text}`);
    assert.equal(await count(officer, target), before, 'nothing is written, and nobody believes that it was');
  }
});

test('a key of mine is nobody else\'s, and one that is too long is refused', async () => {
  const key = randomUUID(), words = { text: 'Xin chào.' }, target = `/api/v1/dossiers/${codes[0]}/messages`;
  assert.equal((await send(officer, target, words, key)).status, 201);
  const answer = await send(citizen, target, words, key);
  assert.equal(answer.status, 201);
  assert.equal(answer.headers.get('idempotency-replayed'), null);
  assert.equal((await send(officer, target, words, 'k'.repeat(256))).status, 422);
});

test('a webhook that was added and not heard of tells its secret again to the same request, and to no other', async () => {
  const key = randomUUID(), body = { url: 'http://127.0.0.1:9/c' };
  const first = await send(admin, '/api/v1/webhooks', body, key), again = await send(admin, '/api/v1/webhooks', body, key);
  assert.match(first.body.secret, /^whsec_/);
  assert.equal(again.body.secret, first.body.secret);
  assert.equal(again.headers.get('idempotency-replayed'), 'true');
  assert.equal((await admin.post('/api/v1/webhooks', body)).status, 409, 'without the key it is another request for the same address');
  assert.equal((await admin.get(`/api/v1/webhooks/${first.body.id}`)).body.secret, undefined);
});

test('who changes a webhook names the version that was seen', async () => {
  const { body: hook } = await admin.post('/api/v1/webhooks', { url: 'http://127.0.0.1:9/d' }), address = `/api/v1/webhooks/${hook.id}`;
  const seen = (await admin.get(address)).etag, act = (name, match) => admin.post(`${address}/${name}`, {}, { headers: match ? { 'if-match': match } : {} });
  assert.equal((await admin.get(address, { headers: { 'if-none-match': seen } })).status, 304);
  assert.equal((await act('disable')).status, 428);
  for (const wrong of ['*', '""', '"999"', 'W/"1"', seen.slice(0, -1)]) assert.equal((await act('disable', wrong)).status, 412, wrong);
  const done = await act('disable', seen);
  assert.equal(done.status, 200, done.text);
  assert.notEqual(done.etag, seen);
  assert.equal((await act('rotate', seen)).status, 412, 'somebody changed it meanwhile');
  assert.equal((await act('rotate', done.etag)).status, 200);
});
