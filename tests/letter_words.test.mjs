// An agency words its letters itself, checked and looked at before they count; people without an account who agreed at the counter get
// letters too, and only they; about discreet matters nothing is said.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openOffice, owner, submission } from './support/office.mjs';
import { link, MailServer } from './support/mail.mjs';

let office, server, officer, admin;
before(async () => {
  server = await new MailServer().open();
  office = await openOffice({ env: { MOTCUA_SMTP_URL: server.url, MOTCUA_SMTP_TLS: 'never', MOTCUA_MAIL_FROM: 'motcua@office.example.vn', MOTCUA_RETRY_SECONDS: '1' } });
  officer = await office.as('tiepnhan');
  admin = await office.signIn('quantri');
});
after(async () => { await office?.close(); await server?.close(); });

const address = '/quan-tri/thong-bao/receive/vi';
async function fileAtCounter(party) {
  const answer = await officer.post('/api/v1/dossiers', await submission(officer, '1.013285', { agency: 'G11', channel: 'counter', party }));
  assert.equal(answer.status, 201, answer.text);
  return answer.body.code;
}

test('the page says every mistake with line and column, and shows how a text reads', async () => {
  const page = await admin.get(address);
  const form = page.form(address);
  assert.match(form.text, /\{\{agency\}\} đã tiếp nhận hồ sơ/);
  assert.match(page.words, /Hồ sơ H36\.25159-261122-0007: đã được tiếp nhận/);
  const wrong = await admin.post(address, { ...form, subject: 'Hồ sơ {{cod}}', text: 'Kính gửi,\nquý vị {{#if due}}x', act: 'save' });
  assert.equal(wrong.status, 422);
  assert.match(wrong.words, /1:7: .*“cod”/);
  assert.match(wrong.words, /2:20: /);
  assert.match(wrong.text, /quý vị \{\{#if due\}\}x<\/textarea>/);
  const looked = await admin.post(address, { ...form, subject: 'Chào {{name}}', text: 'Đã nhận {{code}} <b>', act: 'look' });
  assert.equal(looked.status, 200);
  assert.match(looked.words, /Chào Nguyễn Văn An/);
  assert.match(looked.text, /Đã nhận H36\.25159-261122-0007 &lt;b&gt;/);
  assert.match((await admin.get('/quan-tri/thong-bao')).words, /Mẫu chuẩn/);
  assert.equal((await admin.get('/quan-tri/thong-bao/nothing/vi')).status, 404);
});

test("a letter has the agency's own words from then on, and its versions are kept", async () => {
  const form = (await admin.get(address)).form(address);
  assert.equal((await admin.post(address, { ...form, subject: 'UBND: {{code}}', text: 'Trân trọng báo tin: đã nhận.{{#if due}} Hẹn {{due}}.{{/if}}', act: 'save' })).status, 303);
  const code = await fileAtCounter({ ...owner, email: 'kim@example.vn', by_email: true });
  assert.equal((await officer.act(code, 'receive')).status, 200);
  const l = await server.wait(m => m.subject === `UBND: ${code}`);
  assert.equal(l.to, 'kim@example.vn');
  assert.match(l.text, /^Kính gửi: Nguyễn Thị Ngọc Ánh\n\nTrân trọng báo tin: đã nhận\. Hẹn \d\d:\d\d /);
  assert.match(l.text, new RegExp(`Mã hồ sơ: ${code}\n`));
  // Who saw an older version is told.
  assert.equal((await admin.post(address, { ...form, subject: 'x', text: 'y', act: 'save' })).status, 412);
  const now = await admin.get(address);
  assert.match(now.words, /1 · .* · Hoàng Đức Anh/);
  assert.equal((await admin.post(address, { ...now.form(address), act: 'standard' })).status, 303);
  const back = await admin.get(address);
  assert.match(back.form(address).text, /\{\{agency\}\} đã tiếp nhận hồ sơ/);
  assert.match(back.words, /2 · /);
  await office.settled();
  const journal = await (await office.as('quantri')).get('/api/v1/events?limit=1000');
  assert.ok(journal.body.items.filter(e => e.type === 'motcua.agency.notice.wording').length === 2);
});

test('a party without an account gets letters only when it agreed, and ends them with one click', async () => {
  const agreed = await fileAtCounter({ ...owner, email: 'lan@example.vn', by_email: true });
  const silent = await fileAtCounter({ ...owner, email: 'mai@example.vn' });
  const first = await server.wait(l => l.to === 'lan@example.vn' && l.subject.includes(agreed));
  assert.equal(link(first, '/tra-cuu'), `${office.url}/tra-cuu?ma=${agreed}`);
  assert.equal((await fetch(link(first, '/thong-bao/ngung/'), { method: 'POST', body: new URLSearchParams({ 'List-Unsubscribe': 'One-Click' }) })).status, 200);
  for (const code of [agreed, silent]) assert.equal((await officer.act(code, 'receive')).status, 200);
  await office.settled({ sent: true });
  assert.equal(server.letters.filter(l => l.to === 'lan@example.vn').length, 1);
  assert.equal(server.letters.filter(l => l.to === 'mai@example.vn').length, 0);
  const none = await officer.post('/api/v1/dossiers', await submission(officer, '1.013285', { agency: 'G11', channel: 'counter', party: { ...owner, email: '', by_email: true } }));
  assert.equal(none.status, 422);
});

test('who files for somebody else online has no letters sent to an address that nobody confirmed', async () => {
  const citizen = await office.as('congdan');
  const answer = await citizen.post('/api/v1/dossiers', await submission(citizen, '1.013285', { agency: 'G11', party: { ...owner, email: 'nam@example.vn', by_email: true } }));
  assert.equal(answer.status, 201, answer.text);
  assert.equal((await officer.act(answer.body.code, 'receive')).status, 200);
  await office.settled({ sent: true });
  assert.equal(server.letters.filter(l => l.to === 'nam@example.vn').length, 0);
});
