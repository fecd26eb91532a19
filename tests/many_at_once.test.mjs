// Two hundred people submit at the same moment; two officers decide at the same moment; one sends twice.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openOffice, owner, patiently, pdf, slow, submission } from './support/office.mjs';

let office, citizen, body;
before(async () => {
  office = await openOffice();
  citizen = await office.as('congdan');
  body = await submission(citizen, '1.013285', { agency: 'G11' });
});
after(() => office.close());

test('200 submissions at once get 200 different codes without a gap', async () => {
  const answers = await Promise.all(Array.from({ length: 200 }, () => patiently(() => citizen.post('/api/v1/dossiers', body))));
  assert.deepEqual([...new Set(answers.map(a => a.status))], [201]);
  const numbers = answers.map(a => Number(a.body.code.split('-').at(-1))).sort((a, b) => a - b);
  assert.equal(new Set(numbers).size, 200);
  assert.equal(numbers.at(-1) - numbers[0], 199);
  const verified = await office.command('audit', 'verify', '--json');
  assert.equal(verified.code, 0, verified.stderr);
});

test('the same key gives the first answer again, another body is refused', async () => {
  const headers = { 'idempotency-key': 'once-and-only' };
  const first = await citizen.post('/api/v1/dossiers', body, { headers });
  const again = await citizen.post('/api/v1/dossiers', body, { headers });
  assert.equal(first.status, 201);
  assert.equal(again.status, 201);
  assert.equal(again.body.code, first.body.code);
  const other = await citizen.post('/api/v1/dossiers', { ...body, parties: [{ ...owner, name: 'Người khác' }] }, { headers });
  assert.equal(other.status, 422);
});

test('twenty sends of one key at the same moment make one dossier', async () => {
  const headers = { 'idempotency-key': 'twenty' };
  const answers = await Promise.all(Array.from({ length: 20 }, () => citizen.post('/api/v1/dossiers', body, { headers })));
  assert.deepEqual([...new Set(answers.map(a => a.status))], [201]);
  assert.equal(new Set(answers.map(a => a.body.code)).size, 1);
});

test('of two officers at once one acts, the other gets 412 and hears what changed', async () => {
  const officer = await office.as('tiepnhan');
  const code = (await citizen.post('/api/v1/dossiers', body)).body.code;
  const { etag } = await officer.get(`/api/v1/dossiers/${code}`);
  const [a, b] = await Promise.all([officer.act(code, 'receive', {}, etag), officer.act(code, 'refuse', { reason: 'Không thuộc phạm vi.' }, etag)]);
  assert.deepEqual([a.status, b.status].sort(), [200, 412]);
  const stale = a.status === 412 ? a : b;
  assert.match(stale.body.detail, /Đã tiếp nhận|Từ chối tiếp nhận|Không tiếp nhận/);
  assert.equal((await officer.act(code, 'examine', {}, undefined)).status, 403);
  assert.equal((await officer.post(`/api/v1/dossiers/${code}/assign`, { to: 'chuyenvien' })).status, 428);
});

test('a file that somebody else sent cannot be attached by its hash', async () => {
  const stranger = await office.as('doanhnghiep');
  const upload = await stranger.upload(pdf('của người khác'));
  const files = body.files.map((f, i) => (i === 0 ? { ...f, file: upload.body.id } : f));
  const refused = await citizen.post('/api/v1/dossiers', { ...body, files });
  assert.equal(refused.status, 422);
  assert.equal(refused.body.errors[0].pointer, '/files/0/file');
});

test('every mistake of a submission is told at once', async () => {
  const refused = await citizen.post('/api/v1/dossiers', {
    procedure: '1.013285', agency: 'G11', channel: 'telegraph', parties: [{ role: 'owner', kind: 'citizen', name: '', email: 'x', identities: [{ type: 'personal_id', value: '12' }] }], files: [],
  });
  assert.equal(refused.status, 422);
  assert.match(refused.headers.get('content-type'), /problem\+json/);
  const places = refused.body.errors.map(e => e.pointer);
  for (const place of ['/channel', '/parties/0/name', '/parties/0/email', '/parties/0/identities/0/value']) assert.ok(places.includes(place), `${place} in ${places}`);
});

test('sixty pages of a dossier opened at the same moment are all answered', async () => {
  const officer = await office.as('tiepnhan');
  const code = (await citizen.post('/api/v1/dossiers', body)).body.code;
  const open = () => officer.get(`/ho-so/${code}`, { headers: { accept: 'text/html' } });
  const pages = await Promise.all(Array.from({ length: 60 }, () => (slow > 1 ? patiently(open) : open()))); // under a sanitizer some hear 503 first
  assert.deepEqual([...new Set(pages.map(p => p.status))], [200]);
});
