// Officials on pages: a version from fields, what it changes with the words marked, a decision with its file, withdrawing, who may do
// what, and competence moved by a decree; every mistake beside its field.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openOffice } from './support/office.mjs';

const code = '1.013285', base = `/quan-tri/thu-tuc/${code}`;
let office, admin;
before(async () => {
  office = await openOffice({ made: '2026-11-02T08:00:00+07:00', env: { MOTCUA_CLOCK: '2026-11-02T08:00:00+07:00' } });
  admin = await office.signIn('quantri');
});
after(() => office.close());

const decision = { number: '7001/QĐ-BQP', date: '2026-11-02', authority: 'Bộ Quốc phòng', level: 'ministry', from: '2026-11-10', note: '' };

test('the catalogue leads to a procedure with its versions and what can be done', async () => {
  const list = await admin.get(`/quan-tri/thu-tuc?q=${code}`);
  assert.match(list.text, new RegExp(`href="${base}"`));
  const page = await admin.get(base);
  assert.equal(page.status, 200);
  assert.match(page.words, /Đang có hiệu lực/);
  assert.match(page.text, new RegExp(`${base}/sua\\?tu=1`));
  assert.equal((await admin.get('/quan-tri/thu-tuc/9.999999')).status, 404);
  const officer = await office.signIn('tiepnhan');
  for (const address of [base, `${base}/sua?tu=1`, `${base}/bai-bo`, `${base}/tham-quyen`, '/quan-tri/phan-cap']) assert.equal((await officer.get(address)).status, 403, address);
});

test('fields are edited as a draft; a mistake stands beside its field and nothing typed is lost', async () => {
  const address = `${base}/sua?tu=1`;
  const fields = (await admin.get(address)).form(address);
  assert.equal(fields['channels/0/cases/0/term'], '10');
  const same = await admin.post(address, fields);
  assert.equal(same.status, 409, 'nothing differs');
  const wrong = await admin.post(address, { ...fields, name: '', 'channels/0/cases/0/term': 'mười', 'components/0/originals': 'hai' });
  assert.equal(wrong.status, 422);
  assert.equal(wrong.form(address)['channels/0/cases/0/term'], 'mười');
  for (const id of ['channels-0-cases-0-term', 'components-0-originals']) assert.match(wrong.text, new RegExp(`href="#${id}"`));
  const fewer = await admin.post(address, { ...fields, 'components/0/remove': 'yes', 'components/2/label': '' });
  assert.equal(fewer.status, 422);
  assert.match(fewer.text, /href="#components-2-label"/, 'counted as the form has them, although the record has one less');
  assert.doesNotMatch(fewer.text, /href="#components-1-label"/);
  const done = await admin.post(address, { ...fields, name: `${fields.name} (sửa đổi)`, 'channels/0/cases/0/term': '7', 'channels/0/cases/0/fees/0/amount': '50000',
    'components/3/label': 'Bản cam kết', 'components/3/originals': '1', 'components/3/required': 'if_any', 'components/2/remove': 'yes' });
  assert.equal(done.status, 303, done.words);
  assert.equal(done.headers.get('location'), `${base}/so-sanh?tu=1&den=2`);
});

test('what differs is a table with the words marked', async () => {
  const page = await admin.get(`${base}/so-sanh?tu=1&den=2`);
  assert.match(page.text, /<ins>[^<]*\(sửa đổi\)\s*<\/ins>/);
  assert.match(page.text, /<del>[^<]*10[^<]*<\/del>\s*<ins>[^<]*7/);
  assert.match(page.words, /Bản cam kết/);
  assert.match(page.words, /50\.000/);
  assert.match(page.words, /Thêm mới/);
  assert.match(page.words, /Bỏ đi/);
  assert.match((await admin.get(`${base}/so-sanh?tu=1&den=1`)).words, /giống nhau/);
});

test('a decision publishes it, with its file; a late one is marked', async () => {
  const address = `${base}/cong-bo?phien-ban=2`;
  const page = await admin.get(address);
  const empty = await admin.post(address, { ...page.form(address) }, { file: [] });
  assert.equal(empty.status, 422);
  for (const id of ['number', 'date', 'authority', 'level', 'from']) assert.match(empty.text, new RegExp(`href="#${id}`), id);
  const file = new File(['%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n'], 'quyết định.pdf', { type: 'application/pdf' });
  const done = await admin.post(address, { ...page.form(address), ...decision }, { file: [file] });
  assert.equal(done.status, 303, done.words);
  const after = await admin.get(base);
  assert.match(after.words, /10\/11\/2026/);
  assert.match(after.words, /7001\/QĐ-BQP/);
  assert.match(after.words, /Ban hành chậm/);
  const href = /href="([^"]*\/quyet-dinh\/\d+)"/.exec(after.text)[1];
  assert.equal((await admin.get(href)).headers.get('content-type'), 'application/pdf');
  const nobody = await (await fetch(`${office.url}/thu-tuc/${code}`)).text();
  assert.match(nobody, /10\/11\/2026/);
});

test('a sheet as a file becomes a draft; another procedure’s is refused', async () => {
  const { readFileSync } = await import('node:fs');
  const { root } = await import('./support/office.mjs');
  const form = (await admin.get(base)).form(`${base}/phieu`);
  const sheet = name => new File([readFileSync(`${root}/procedures/bqp/${name}.json`)], `${name}.json`, { type: 'application/json' });
  const other = await admin.post(`${base}/phieu`, form, { sheet: [sheet('1.013124')] });
  assert.equal(other.status, 422);
  const done = await admin.post(`${base}/phieu`, form, { sheet: [sheet(code)] });
  assert.equal(done.status, 303, done.words);
  assert.match((await admin.get(base)).words, /Bản nháp/);
});

test('withdrawn from a day by a decision', async () => {
  const address = `${base}/bai-bo`;
  const form = (await admin.get(address)).form(address);
  const done = await admin.post(address, { ...form, ...decision, number: '8000/QĐ-BQP', from: '2026-12-31' }, { file: [] });
  assert.equal(done.status, 303, done.words);
  assert.match((await admin.get(base)).words, /8000\/QĐ-BQP/);
  const again = await admin.post(address, { ...form, ...decision, from: '2026-12-31' }, { file: [] });
  assert.equal(again.status, 409);
});

test('who may do what: by decree, by step and role, by post', async () => {
  const page = await admin.get(`${base}/tham-quyen`);
  assert.equal(page.status, 200);
  assert.match(page.words, /Thẩm định/);
  assert.match(page.words, /G11/);
  assert.match(page.words, /Chuyên viên/);
});

test('competence on its page: a mistake beside its field, then a decree on record', async () => {
  const address = '/quan-tri/phan-cap';
  const form = (await admin.get(address)).form(address);
  const wrong = await admin.post(address, { ...form, procedures: '9.999999', from: 'X99', to: '', on: '', decree: '' });
  assert.equal(wrong.status, 422);
  for (const id of ['procedures', 'from', 'to', 'on', 'in_flight']) assert.match(wrong.text, new RegExp(`href="#${id}`), id);
  const done = await admin.post(address, { ...form, procedures: '1.013124\n1.013125\n', from: 'G11', to: 'G11.68', on: '2026-12-01', decree: '131/2026/NĐ-CP', in_flight: 'move' });
  assert.equal(done.status, 303, done.words);
  const page = await admin.get(address);
  assert.match(page.words, /131\/2026\/NĐ-CP/);
  assert.match(page.words, /1\.013124, 1\.013125/);
});
