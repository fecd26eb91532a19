// A standing authorisation from one account to another: both say yes, after the counter compared their cards; it fills in the owner
// when the other applies, keeps to its field and its days, and either ends it.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openOffice, pdf, submission } from './support/office.mjs';

const CODE = '1.013124', PAGE = '/uy-quyen', COUNTER = '/tiep-nhan/tai-khoan';
let office, giver, taker, receiver;
before(async () => {
  office = await openOffice();
  [giver, taker, receiver] = await Promise.all(['congdan', 'doanhnghiep', 'tiepnhan'].map(login => office.signIn(login)));
});
after(() => office.close());

const offer = async (fields, who = giver) => who.post(PAGE, { ...(await who.get(PAGE)).form(PAGE), ...fields });
const compare = async fields => receiver.post(COUNTER, { ...(await receiver.get(COUNTER)).form(COUNTER), compared: 'yes', ...fields });
async function press(who, word) {
  const page = await who.get(PAGE), act = page.actions.find(a => a.endsWith(`/${word}`));
  assert.ok(act, `${word}: ${page.words}`);
  return [act, await who.post(act, page.form(act))];
}
async function behalf() {
  const base = await taker.begin(`/nop-ho-so/${CODE}`);
  return [`${base}/thay-mat`, await taker.get(`${base}/thay-mat`), base];
}
const paper = name => new File([pdf(name)], name, { type: 'application/pdf' });
// The rest of the way on pages, to the code of the dossier.
async function file(base) {
  const step = async (name, fields = {}, files) => {
    const address = `${base}/${name}`;
    return taker.post(address, { ...(await taker.get(address)).form(address), ...fields }, files);
  };
  for (const [name, fields] of [['nguoi-nop', { 'parties/1/kind': 'citizen', 'parties/1/name': 'Lê Văn Đức' }], ['khai', { 'form/request': 'Đề nghị giải quyết.' }]]) await step(name, fields);
  const places = [...(await taker.get(`${base}/giay-to`)).text.matchAll(/name="(files\/[^"]+)"/g)].map(m => m[1]);
  await step('giay-to', { upload: '1' }, Object.fromEntries(places.map((place, i) => [place, [paper(`giay-${i}.pdf`)]])));
  const sent = await step('kiem-tra', { declare: 'yes' });
  assert.equal(sent.status, 303, sent.words);
  return /ho-so\/([^/?]+)/.exec(sent.headers.get('location'))[1];
}
async function byProgram(program) {
  const body = await submission(program, CODE), { id } = (await program.upload(pdf('ủy quyền'))).body;
  const agent = { role: 'representative', kind: 'citizen', basis: 'authorised', name: 'Lê Văn Đức' };
  return { ...body, parties: [...body.parties, agent], files: [...body.files, { component: 'authority', file: id }] };
}

test('without a card compared at the counter nobody gives and nobody accepts', async () => {
  assert.match((await giver.get(PAGE)).words, /chưa đối chiếu thẻ của quý vị/, 'told before anything is typed');
  assert.match((await offer({ taker: 'doanhnghiep' })).words, /mang thẻ đến bộ phận một cửa/);
  await compare({ card: '068190999901', name: 'Nguyễn Thị Ngọc Ánh' });
  assert.doesNotMatch((await giver.get(PAGE)).words, /chưa đối chiếu/);
  const offered = await offer({ taker: 'doanhnghiep' });
  assert.equal(offered.status, 303, offered.words);
  const [, answer] = await press(taker, 'accept');
  assert.equal(answer.status, 409);
  assert.match((await giver.get(PAGE)).words, /Đức Phú Chờ trả lời Tất cả thủ tục/);
});

test('mistakes are told in their places', async () => {
  const wrong = await offer({ taker: '', valid_from: 'nay', valid_to: 'mai' });
  for (const place of ['taker', 'valid_from', 'valid_to']) assert.match(wrong.text, new RegExp(`href="#${place}"`));
  assert.match((await offer({ taker: 'khong.co' })).text, /href="#taker"/);
  assert.match((await offer({ taker: 'congdan' })).words, /chính mình/);
  assert.match((await offer({ taker: 'tiepnhan' })).words, /không thể đại diện/);
  assert.match((await offer({ taker: 'doanhnghiep', valid_from: '2026-01-01', valid_to: '2026-01-02' })).text, /href="#valid_to"/);
});

test('accepted, it fills in the owner when the other applies; ended, it no longer does', async () => {
  await compare({ card: '5801999008', name: 'Công ty TNHH Xây dựng Đức Phú', kind: 'business' });
  const stranger = await office.signIn('tiepnhan'), page = await taker.get(PAGE), accept = page.actions.find(a => a.endsWith('/accept'));
  assert.equal((await stranger.post(accept, { csrf: (await stranger.get(PAGE)).form(PAGE).csrf })).status, 404);
  assert.equal((await press(taker, 'accept'))[1].status, 303);
  assert.match((await giver.get(PAGE)).words, /Đức Phú Đang có hiệu lực/);
  const [address, form, base] = await behalf();
  const choice = /value="(mandate-\d+)"/.exec(form.text)[1];
  assert.match(form.words, /Nguyễn Thị Ngọc Ánh Đã ủy quyền cho quý vị đến ngày/);
  assert.equal((await taker.post(address, { ...form.form(address), behalf: choice })).status, 303);
  const parties = (await taker.get(`${base}/nguoi-nop`)).form(`${base}/nguoi-nop`);
  assert.equal(parties['parties/0/name'], 'Nguyễn Thị Ngọc Ánh');
  assert.match((await taker.get(`${base}/kiem-tra`)).words, /Tư cách đại diện Người được ủy quyền.*Việc ủy quyền Ủy quyền đang có của chủ hồ sơ/);
  assert.match((await taker.get(address)).text, new RegExp(`value="${choice}"[^>]*checked`), 'chosen, it stays chosen');
  const code = await file(base);
  const named = /Việc ủy quyền Nguyễn Thị Ngọc Ánh; Tất cả thủ tục; [\d/]+ – [\d/]+; Đang có hiệu lực/;
  assert.match((await taker.get(`/ho-so/${code}`)).words, named, 'the applicant reads under which');
  assert.match((await office.signIn('tiepnhan').then(who => who.get(`/ho-so/${code}`))).words, named, 'and the officer');
  const [program, officer] = await Promise.all(['doanhnghiep', 'tiepnhan'].map(login => office.as(login)));
  const id = choice.slice('mandate-'.length), { mandate } = (await program.get(`/api/v1/dossiers/${code}`)).body;
  assert.deepEqual([mandate.id, mandate.field, mandate.state, mandate.giver_name], [id, null, 'accepted', 'Nguyễn Thị Ngọc Ánh']);
  const body = await byProgram(program);
  assert.deepEqual((await program.post('/api/v1/dossiers', { ...body, mandate: '77' })).body.errors.map(e => [e.pointer, e.code]), [['/mandate', 'unknown']]);
  const other = { ...body, mandate: id, parties: body.parties.map(p => (p.role === 'owner' ? { ...p, name: 'Trần Văn Khác' } : p)) };
  assert.equal((await program.post('/api/v1/dossiers', other)).body.errors[0].code, 'other-owner');
  const alone = { ...body, mandate: id, parties: body.parties.slice(0, 1) };
  assert.equal((await program.post('/api/v1/dossiers', alone)).body.errors[0].code, 'no-representative');
  const made = await program.post('/api/v1/dossiers', { ...body, mandate: id });
  assert.equal(made.status, 201, made.text);
  assert.equal((await officer.get(`/api/v1/dossiers/${made.body.code}`)).body.mandate.id, id);
  assert.equal((await (await office.as('congdan')).post('/api/v1/dossiers', { ...body, mandate: id })).body.errors.some(e => e.pointer === '/mandate'), true, 'it is for one person');
  assert.equal((await press(giver, 'end'))[1].status, 303);
  const told = (await giver.get(PAGE)).words;
  for (const filed of [code, made.body.code]) assert.match(told, new RegExp(`Hồ sơ đã nộp thay tôi.*${filed} Mới đăng ký .*Công ty TNHH Xây dựng Đức Phú`), 'the giver reads what was done, also when it has ended');
  assert.doesNotMatch((await taker.get(PAGE)).words, /Hồ sơ đã nộp thay tôi/);
  assert.match((await taker.get(PAGE)).words, /Nguyễn Thị Ngọc Ánh Đã chấm dứt/);
  assert.doesNotMatch((await behalf())[1].text, /mandate-/);
  assert.equal((await program.post('/api/v1/dossiers', { ...body, mandate: id })).body.errors[0].pointer, '/mandate', 'ended, it files nothing more');
  assert.equal((await officer.get(`/api/v1/dossiers/${code}`)).body.mandate.state, 'ended', 'what was filed stays filed, and the office reads that it ended');
});

test('an authorisation for one field says nothing of another', async () => {
  const fields = [...(await giver.get(PAGE)).text.matchAll(/<option value="([^"]+)"/g)].map(m => m[1]);
  assert.ok(fields.length > 5 && fields.includes('Quản lý biên giới'), `chosen, not typed: ${fields}`);
  assert.match((await offer({ taker: 'doanhnghiep', field: 'Một lĩnh vực khác' })).text, /href="#field"/);
  const { field: own } = (await (await office.as('congdan')).get(`/api/v1/procedures/${CODE}`)).body;
  assert.equal((await offer({ taker: 'doanhnghiep', field: fields.find(f => f !== own) })).status, 303);
  await press(taker, 'accept');
  assert.doesNotMatch((await behalf())[1].text, /mandate-/);
});
