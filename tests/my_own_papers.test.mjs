// What a person keeps: a result comes by itself when it is issued, is replaced when it is corrected; own papers are put in and taken out; nobody else sees any of it, and nothing of a complaint ever comes here.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { eventually, openOffice, pdf, submission, wholeWay } from './support/office.mjs';

const CODE = '1.013124', COMPLAINT = '1.013531';
let office, citizen, page, stranger, stranger2;
before(async () => {
  office = await openOffice();
  [citizen, page, stranger] = [await office.as('congdan'), await office.signIn('congdan'), await office.signIn('doanhnghiep')];
  stranger2 = await office.as('doanhnghiep');
});
after(() => office.close());

const mine = async (client = citizen) => (await client.get('/api/v1/vault')).body.items;
const soon = (look, until, told) => eventually(told, async () => {
  const seen = await look();
  return until(seen) && seen;
});
async function finish(code, until = 'return') {
  for (const [login, act, fields] of wholeWay('')) {
    const done = await (await office.as(login)).act(code, act, fields);
    assert.equal(done.status, 200, done.text);
    if (act === until) return;
  }
}
const kept = code => soon(() => mine(), items => items.some(i => i.dossier === code), `the result of ${code} did not come`);
const paper = (name, bytes = pdf(name)) => new File([bytes], name, { type: 'application/pdf' });

test('an issued result is in the store of who submitted it, to download, and in nobody else\'s', async () => {
  const { code } = (await citizen.post('/api/v1/dossiers', await submission(citizen, CODE))).body;
  assert.deepEqual(await mine(), []);
  await finish(code);
  const [item] = await kept(code);
  assert.equal(item.kind, 'result');
  assert.equal(item.procedure, CODE);
  assert.match(item.agency, /Bộ Quốc phòng/);
  assert.match(item.issued, /^\d{4}-\d\d-\d\d$/);
  const list = await page.get('/kho-giay-to');
  assert.match(list.words, new RegExp(`Cơ quan cấp.*hồ sơ ${code}`));
  assert.equal(list.form(`/kho-giay-to/${item.id}/xoa`), undefined, 'what an agency issued is not removed');
  const file = await page.get(`/kho-giay-to/${item.id}/tep`);
  assert.equal(file.status, 200);
  assert.match(file.headers.get('content-disposition'), /^attachment/);
  assert.equal((await stranger.get(`/kho-giay-to/${item.id}/tep`)).status, 404);
  assert.doesNotMatch((await stranger.get('/kho-giay-to')).words, new RegExp(code));
  assert.deepEqual(await mine(await office.as('tiepnhan')), []);
});

test('a corrected result takes the place of the wrong one', async () => {
  const { code } = (await citizen.post('/api/v1/dossiers', await submission(citizen, CODE, { label: 'thứ hai' }))).body;
  await finish(code, 'issue');
  const [first] = (await kept(code)).filter(i => i.dossier === code);
  const clerk = await office.as('vanthu'), right = await clerk.upload(pdf('bản đính chính'));
  const corrected = await clerk.act(code, 'correct', { reason: 'Sai ngày sinh.', files: [{ kind: 'result', file: right.body.id }] });
  assert.equal(corrected.status, 200, corrected.text);
  const now = await soon(() => mine(), items => items.some(i => i.dossier === code && i.file === right.body.id), 'the corrected one did not come');
  assert.deepEqual(now.filter(i => i.dossier === code).map(i => i.file), [right.body.id]);
  assert.equal((await page.get(`/kho-giay-to/${first.id}/tep`)).status, 404);
});

test('an own paper is put in, said what it is, and taken out; mistakes are told all at once', async () => {
  const form = (await page.get('/kho-giay-to')).form('/kho-giay-to');
  const wrong = await page.post('/kho-giay-to', { ...form, valid_until: 'mai' }, {});
  assert.equal(wrong.status, 422);
  for (const place of ['#title', '#valid_until', '#file']) assert.match(wrong.text, new RegExp(`href="${place}"`));
  const exe = await page.post('/kho-giay-to', { ...form, title: 'Chương trình' }, { file: [paper('x.exe', Buffer.from('MZ'))] });
  assert.equal(exe.status, 422);
  assert.match(exe.words, /x\.exe/);
  const done = await page.post('/kho-giay-to', { ...form, title: 'Giấy khai sinh của con', valid_until: '2020-01-31' }, { file: [paper('khai-sinh.pdf')] });
  assert.equal(done.status, 303);
  const [own] = (await mine()).filter(i => i.kind === 'own');
  assert.deepEqual([own.title, own.valid_until, own.name, own.agency], ['Giấy khai sinh của con', '2020-01-31', 'khai-sinh.pdf', null]);
  assert.match((await page.get('/kho-giay-to')).words, /Giấy khai sinh của con Hết hiệu lực/);
  const remove = `/kho-giay-to/${own.id}/xoa`, csrf = form.csrf;
  const theirs = (await stranger.get('/kho-giay-to')).form('/kho-giay-to').csrf;
  assert.equal((await stranger.post(remove, { csrf: theirs })).status, 404);
  assert.equal((await page.post(remove, { csrf })).status, 303);
  assert.equal((await page.post(remove, { csrf })).status, 404);
});

test('whoever represents somebody else does not get that person\'s result into their own store', async () => {
  const body = { ...await submission(citizen, CODE, { label: 'thay mặt' }) };
  const agent = { role: 'representative', kind: 'citizen', name: 'Trần Văn Bình', basis: 'guardian', identities: [{ type: 'personal_id', value: '079078001234' }] };
  body.parties = [{ ...body.parties[0], name: 'Nguyễn Bảo An', identities: [{ type: 'personal_id', value: '079219004321' }] }, agent];
  const sent = await citizen.post('/api/v1/dossiers', body);
  assert.equal(sent.status, 201, sent.text);
  await finish(sent.body.code);
  const last = (await citizen.post('/api/v1/dossiers', await submission(citizen, CODE, { label: 'mốc' }))).body.code;
  await finish(last);
  assert.equal((await kept(last)).some(i => i.dossier === sent.body.code), false);
});

test('a kept paper is used again without sending it, and everybody reads that it was', async () => {
  const [item] = (await mine()).filter(i => i.kind === 'result');
  const body = await submission(citizen, CODE, { label: 'dùng lại' }), component = body.files[0].component;
  body.files[0] = { component, file: item.file, reused: true };
  body.files[1] = { ...body.files[1], reused: true }; // not of the store: what somebody says does not make it so
  const sent = await citizen.post('/api/v1/dossiers', body);
  assert.equal(sent.status, 201, sent.text);
  const { files } = (await citizen.get(`/api/v1/dossiers/${sent.body.code}`)).body;
  assert.deepEqual(files.slice(0, 2).map(f => f.reused), [true, false]);
  assert.match((await page.get(`/ho-so/${sent.body.code}`)).words, /lấy từ kho giấy tờ của quý vị/);
  assert.match((await (await office.signIn('tiepnhan')).get(`/ho-so/${sent.body.code}`)).words, /Kho giấy tờ của người nộp/);
  const foreign = await submission(stranger2, CODE, { label: 'người khác' });
  foreign.files[0] = { component, file: item.file, reused: true };
  assert.equal((await stranger2.post('/api/v1/dossiers', foreign)).status, 422, 'who knows a hash of somebody else has nothing');

  // The same on pages: for a new application and for what an office asks for.
  const draft = await page.begin(`/nop-ho-so/${CODE}?moi=1`), address = `${draft}/giay-to`;
  const form = (await page.get(address)).form(address), place = Object.keys(form).find(name => name.startsWith('store/'));
  assert.equal((await page.post(address, { ...form, [place]: item.id, upload: '1' }, {})).status, 303);
  assert.match((await page.get(address)).words, /lấy từ kho giấy tờ của quý vị/);
  await (await office.as('tiepnhan')).act(sent.body.code, 'request-supplement', { reason: 'Thiếu.', until: '2030-01-15', items: [{ component, reason: 'Gửi bản còn hiệu lực.' }] });
  const asked = `/ho-so/${sent.body.code}/bo-sung`, answer = (await page.get(asked)).form(asked);
  assert.equal((await page.post(asked, { ...answer, [Object.keys(answer).find(name => name.startsWith('store/'))]: item.id }, {})).status, 303);
  const last = (await citizen.get(`/api/v1/dossiers/${sent.body.code}`)).body.files.filter(f => f.kind === 'supplement');
  assert.deepEqual(last.map(f => [f.reused, f.file]), [[true, item.file]]);
});

test('the decision on a complaint never comes here', async () => {
  const body = await submission(citizen, COMPLAINT, { agency: 'G11' });
  const complaint = (await citizen.post('/api/v1/dossiers', body)).body.code;
  await finish(complaint);
  const last = (await citizen.post('/api/v1/dossiers', await submission(citizen, CODE, { label: 'mốc hai' }))).body.code;
  await finish(last);
  assert.equal((await kept(last)).some(i => i.dossier === complaint), false);
});

test('the list goes on from page to page, and a wrong place is told', async () => {
  const first = (await citizen.get('/api/v1/vault?limit=1')).body;
  assert.equal(first.items.length, 1);
  const second = (await citizen.get(`/api/v1/vault?limit=1&cursor=${first.next_cursor}`)).body;
  assert.notEqual(second.items[0].id, first.items[0].id);
  assert.equal((await citizen.get('/api/v1/vault?cursor=x')).status, 422);
});
