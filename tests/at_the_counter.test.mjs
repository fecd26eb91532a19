// At the counter: an officer files for who stands there, who confirms on their own phone or on paper what was written; and what
// came by post is filed with what its envelope says.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openOffice, owner, pdf, submission, Visitor } from './support/office.mjs';

const CODE = '1.013124';
let office, officer, api;
before(async () => {
  office = await openOffice();
  officer = await office.signIn('tiepnhan');
  api = await office.as('tiepnhan');
});
after(() => office.close());

const where = answer => answer.headers.get('location');
const send = async (base, step, fields) => officer.post(`${base}/${step}`, { ...(await officer.get(`${base}/${step}`)).form(`${base}/${step}`), ...fields });

// Everything that the check page needs, filled in by the officer.
async function write(channel = 'counter') {
  const base = await officer.begin(`/nop-ho-so/${CODE}?kenh=${channel}&moi=1`);
  await send(base, 'nguoi-nop', { 'parties/0/name': owner.name, 'parties/0/identities/0/type': 'personal_id', 'parties/0/identities/0/value': '079203001234', 'parties/0/phone': owner.phone });
  await send(base, 'khai', { 'form/request': 'Xin giải quyết theo quy định.' });
  return base;
}

// The address behind the QR code: a phone reads the picture, the story reads the officer's cookie.
async function ask(base) {
  const page = await officer.get(`${base}/kiem-tra`);
  assert.equal(where(await officer.post(`${base}/xac-nhan`, page.form(`${base}/xac-nhan`))), `${base}/kiem-tra`);
  assert.match((await officer.get(`${base}/ma-qr.svg`)).text, /^<svg/);
  return `/xac-nhan/${officer.cookies.get('xac-nhan')}`;
}

test('the citizen confirms on their own phone, without signing in, and the officer sees it', async () => {
  const base = await write(), address = await ask(base), phone = new Visitor(office);
  const waiting = await officer.get(`${base}/kiem-tra`);
  assert.match(waiting.text, /ma-qr\.svg/);
  assert.match(waiting.text, /data-mc-watch/);
  const shown = await phone.get(address);
  assert.equal(shown.status, 200);
  assert.match(shown.words, /Nguyễn Thị Ngọc Ánh.*079\*+34.*Xin giải quyết theo quy định/);
  assert.doesNotMatch(shown.text, /079203001234/, 'numbers are masked');
  assert.equal(where(await phone.post(address, { ...shown.form(address), answer: 'yes' })), address);
  assert.match((await phone.get(address)).words, /Quý vị đã xác nhận nội dung đúng/);
  assert.equal((await phone.post(address, { answer: 'no', said: 'đổi ý' })).status, 409, 'once');

  const check = await officer.get(`${base}/kiem-tra`);
  assert.match(check.words, /Đã xác nhận Trên điện thoại của người dân/);
  assert.doesNotMatch(check.text, /name="confirmed"/);
  const receipt = where(await officer.post(`${base}/kiem-tra`, check.form(`${base}/kiem-tra`)));
  const code = receipt.split('/')[2], dossier = (await api.get(`/api/v1/dossiers/${code}`)).body;
  assert.equal(dossier.confirmation.manner, 'phone');
  assert.match((await officer.get(`/ho-so/${code}`)).words, /Người dân xác nhận Trên điện thoại của người dân/);
  assert.match(office.stored(), new RegExp(`"code":"${code}","confirmed":"phone"`), 'and the journal tells it');
  assert.equal((await phone.get(address)).status, 404, 'the page is gone with the draft');
});

test('the citizen says what is wrong, the officer mends it and asks again', async () => {
  const base = await write(), address = await ask(base), phone = new Visitor(office);
  const form = (await phone.get(address)).form(address);
  const silent = await phone.post(address, { ...form, answer: 'no', said: '' });
  assert.equal(silent.status, 422);
  assert.match(silent.text, /href="#said"/);
  await phone.post(address, { ...form, answer: 'no', said: 'Sai số điện thoại <b>' });
  assert.match((await officer.get(`${base}/kiem-tra`)).words, /Sai số điện thoại <b>/);
  await send(base, 'nguoi-nop', { 'parties/0/phone': '0987 000 111' });
  assert.match((await officer.get(`${base}/kiem-tra`)).words, /Nội dung đã thay đổi sau khi hiển thị/);
  assert.match((await phone.get(address)).words, /đề nghị cán bộ cấp mã mới/, 'what was changed is not shown to an old code');
  assert.doesNotMatch((await phone.get(address)).words, /0987 000 111/);
  const again = await ask(base);
  assert.notEqual(again, address);
  assert.match((await phone.get(again)).words, /0987 000 111/);
});

test('a yes holds for what was shown: changed afterwards, it is filed as not confirmed', async () => {
  const base = await write(), address = await ask(base), phone = new Visitor(office);
  await phone.post(address, { ...(await phone.get(address)).form(address), answer: 'yes' });
  await send(base, 'khai', { 'form/request': 'Một nội dung khác hẳn.' });
  const receipt = where(await officer.post(`${base}/kiem-tra`, (await officer.get(`${base}/kiem-tra`)).form(`${base}/kiem-tra`)));
  assert.equal((await api.get(`/api/v1/dossiers/${receipt.split('/')[2]}`)).body.confirmation, null);
});

test('on paper: a sheet to print, and the officer says that it was signed', async () => {
  const base = await write();
  const sheet = await officer.get(`${base}/ban-in`);
  assert.match(sheet.words, /Nguyễn Thị Ngọc Ánh.*chữ ký/);
  const form = (await officer.get(`${base}/kiem-tra`)).form(`${base}/kiem-tra`);
  const receipt = where(await officer.post(`${base}/kiem-tra`, { ...form, confirmed: 'paper' }));
  assert.equal((await api.get(`/api/v1/dossiers/${receipt.split('/')[2]}`)).body.confirmation.manner, 'paper');
  const body = await submission(api, CODE, { channel: 'counter', agency: 'G11' });
  assert.equal((await api.post('/api/v1/dossiers', { ...body, confirmation: { manner: 'paper' } })).body.confirmation.manner, 'paper');
  const citizen = await office.as('congdan');
  const online = { ...await submission(citizen, CODE), confirmation: { manner: 'paper' } };
  assert.deepEqual((await citizen.post('/api/v1/dossiers', online)).body.errors.map(e => e.pointer), ['/confirmation']);
});

test('a code is good for half an hour, belongs to one draft and cannot be guessed', async () => {
  const base = await write(), address = await ask(base), phone = new Visitor(office);
  assert.equal((await phone.get(address.slice(0, -1) + (address.endsWith('A') ? 'B' : 'A'))).status, 404);
  assert.equal((await phone.get('/xac-nhan/abc')).status, 404);
  const citizen = await office.signIn('congdan');
  assert.equal((await citizen.get(`${base}/ma-qr.svg`)).status, 403);
  let answer;
  for (let i = 0; i < 40 && answer?.status !== 429; i++) answer = await phone.get(`/xac-nhan/${'A'.repeat(22)}`);
  assert.equal(answer.status, 429);
});

test('half an hour later the page says so', async () => {
  const later = await openOffice({ serve: false });
  try {
    await later.serve();
    const clerk = await later.signIn('tiepnhan');
    const base = await clerk.begin(`/nop-ho-so/${CODE}?kenh=counter&moi=1`);
    const form = (await clerk.get(`${base}/nguoi-nop`)).form(`${base}/nguoi-nop`);
    await clerk.post(`${base}/nguoi-nop`, { ...form, 'parties/0/name': owner.name });
    await clerk.post(`${base}/xac-nhan`, { csrf: form.csrf });
    const address = `/xac-nhan/${clerk.cookies.get('xac-nhan')}`;
    assert.match((await new Visitor(later).get(address)).words, /Nguyễn Thị Ngọc Ánh/);
    await later.stop();
    await later.serve([], { MOTCUA_CLOCK: new Date(Date.now() + 31 * 60e3).toISOString() });
    const old = await new Visitor(later).get(address);
    assert.match(old.words, /quá 30 phút/);
    assert.doesNotMatch(old.words, /Ngọc Ánh/);
  } finally {
    await later.close();
  }
});

test('what came by post keeps its sender and postmark, and nobody is asked to confirm', async () => {
  const base = await write('postal');
  assert.equal(where(await send(base, 'nhan-ket-qua', { 'post/sender': 'Nguyễn Thị Ngọc Ánh, Hà Nội', 'post/postmarked': '5/1/2026' })), `${base}/kiem-tra`);
  const check = await officer.get(`${base}/kiem-tra`);
  assert.doesNotMatch(check.text, /ma-qr|name="confirmed"/);
  const receipt = where(await officer.post(`${base}/kiem-tra`, check.form(`${base}/kiem-tra`)));
  const dossier = (await api.get(`/api/v1/dossiers/${receipt.split('/')[2]}`)).body;
  assert.deepEqual([dossier.channel, dossier.post], ['postal', { sender: 'Nguyễn Thị Ngọc Ánh, Hà Nội', postmarked: '2026-01-05' }]);
});
