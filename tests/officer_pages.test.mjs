// Officers at work on the pages alone, without scripts: the inbox, the dossier with its papers, every act from receipt to return;
// what was typed survives a refusal, and two officers at once do not overwrite each other.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openOffice, owner, pdf, submission } from './support/office.mjs';

let office, citizen;
before(async () => {
  office = await openOffice();
  citizen = await office.as('congdan');
});
after(() => office.close());

async function submitted(procedure = '1.013285') {
  const answer = await citizen.post('/api/v1/dossiers', await submission(citizen, procedure, { agency: 'G11' }));
  assert.equal(answer.status, 201, answer.text);
  return answer.body.code;
}

// The forms of acts, without the check-list beside the papers.
const actsOf = (page, code) => page.actions.filter(a => a.startsWith(`/ho-so/${code}/`) && !a.endsWith('/kiem-tra'));
const onPage = async (visitor, code) => (await visitor.get('/viec')).text.includes(`/ho-so/${code}"`);

test('a new dossier stands in the receiver\'s inbox at once, and in nobody else\'s', async () => {
  const receiver = await office.signIn('tiepnhan'), specialist = await office.signIn('chuyenvien');
  const code = await submitted();
  assert.ok(await onPage(receiver, code));
  assert.ok(!await onPage(specialist, code));
});

test('from receipt to return through pages only, each officer one act', async () => {
  const code = await submitted();
  const way = [
    ['tiepnhan', 'receive', { note: 'Đủ giấy tờ.' }, 'Đã tiếp nhận'],
    ['chuyenvien', 'examine', { note: 'Đủ điều kiện.' }, 'Đã thẩm định'],
    ['chuyenvien', 'propose', { outcome: 'granted', note: 'Đề nghị cấp.' }],
    ['lanhdao', 'approve', {}],
    ['vanthu', 'issue', {}],
    ['tiepnhan', 'return', {}],
  ];
  for (const [login, act, fields] of way) {
    const officer = await office.signIn(login);
    assert.ok(await onPage(officer, code), `${login} finds ${code} before ${act}`);
    const done = await officer.act(code, act, fields);
    assert.equal(done.status, 303, `${act}: ${done.words}`);
    const next = await officer.get(done.headers.get('location'));
    assert.match(next.text, /govuk-notification-banner--success/, `${act} is confirmed`);
  }
  const last = await office.signIn('tiepnhan'), end = await last.get(`/ho-so/${code}`);
  assert.match(end.words, /Hồ sơ đã kết thúc/);
  assert.match((await last.get(`/ho-so/${code}?xem=lich-su`)).words, /Đủ điều kiện\./);
  assert.match(end.text, /\?paper=\d+#giay-to/);
  assert.equal((await citizen.get(`/api/v1/dossiers/${code}`)).body.status, 10);
});

test('only what the law allows now can be done, and only by whom it is allowed', async () => {
  const code = await submitted();
  const receiver = await (await office.signIn('tiepnhan')).get(`/ho-so/${code}`);
  const acts = actsOf(receiver, code).map(a => a.split('/').pop());
  assert.deepEqual(acts, ['receive', 'refuse', 'request-supplement', 'transfer', 'record-payment', 'note-contact']);
  const leader = await (await office.signIn('lanhdao')).get(`/ho-so/${code}`);
  assert.deepEqual(actsOf(leader, code), [`/ho-so/${code}/transfer`, `/ho-so/${code}/note-contact`]);
  assert.match(leader.words, /Hiện hồ sơ đang ở: Cán bộ một cửa/);
  const commune = await (await office.signIn('tiepnhan.xa')).get(`/ho-so/${code}`);
  assert.equal(commune.status, 404);
});

test('a refused form comes back with its reasons and with what was typed', async () => {
  const code = await submitted();
  const receiver = await office.signIn('tiepnhan');
  const empty = await receiver.act(code, 'refuse', { reason: '  ' });
  assert.equal(empty.status, 422);
  assert.match(empty.text, /href="#refuse-reason"/);
  assert.match(empty.text, /id="refuse-reason-error"/);
  const late = await receiver.act(code, 'request-supplement', { reason: 'Thiếu bản vẽ <A3> & "B".', until: '2020-01-01' });
  assert.equal(late.status, 422);
  assert.match(late.text, /href="#request-supplement-until"/);
  assert.equal(late.form(`/ho-so/${code}/request-supplement`).reason, 'Thiếu bản vẽ <A3> & "B".');
  assert.equal(late.form(`/ho-so/${code}/refuse`).reason, '', 'what was typed for one act is not typed for another');
});

test('the second of two officers reads who did what meanwhile and loses nothing', async () => {
  const code = await submitted();
  await (await office.signIn('tiepnhan')).act(code, 'receive');
  const first = await office.signIn('chuyenvien'), second = await office.signIn('chuyenvien2');
  const seen = (await second.get(`/ho-so/${code}`)).form(`/ho-so/${code}/propose`);
  assert.equal((await first.act(code, 'examine', { note: 'Đã xem bản đồ.' })).status, 303);
  const stale = await second.post(`/ho-so/${code}/propose`, { ...seen, outcome: 'granted', note: 'Ý kiến của người thứ hai.' });
  assert.equal(stale.status, 412);
  assert.match(stale.words, /Lê Quang Huy/);
  assert.match(stale.words, /Đã xem bản đồ\./);
  const again = stale.form(`/ho-so/${code}/propose`);
  assert.equal(again.note, 'Ý kiến của người thứ hai.');
  assert.equal(again.outcome, 'granted');
  assert.equal((await second.post(`/ho-so/${code}/propose`, again)).status, 303, 'the fresh form can be sent');
});

test('the same form sent twice by a second click does one act and says so', async () => {
  const code = await submitted();
  const receiver = await office.signIn('tiepnhan');
  const form = (await receiver.get(`/ho-so/${code}`)).form(`/ho-so/${code}/receive`);
  assert.equal((await receiver.post(`/ho-so/${code}/receive`, form)).status, 303);
  assert.equal((await receiver.post(`/ho-so/${code}/receive`, form)).status, 303);
  const history = (await (await office.as('tiepnhan')).get(`/api/v1/dossiers/${code}/history`)).body.items;
  assert.equal(history.filter(line => line.action === 'receive').length, 1);
});

test('papers asked for come from the applicant\'s page, and files survive a refusal', async () => {
  const code = await submitted();
  await (await office.signIn('tiepnhan')).act(code, 'request-supplement', { reason: 'Thiếu bản đồ theo khoản 1 Điều 5.' });
  const applicant = await office.signIn('congdan');
  const none = await applicant.act(code, 'supplement', { note: 'Đây ạ.' }, { files: [new File(['không phải PDF'], 'lạ.exe')] });
  assert.equal(none.status, 422, none.words);
  assert.equal(none.form(`/ho-so/${code}/supplement`).note, 'Đây ạ.');
  const long = await applicant.act(code, 'supplement', { note: 'a'.repeat(5000) }, { files: [new File([pdf('bản đồ')], 'bản đồ.pdf')] });
  assert.equal(long.status, 422);
  assert.match(long.words, /bản[- ]đồ\.pdf/, 'the file is listed on the page');
  const sent = await applicant.post(`/ho-so/${code}/supplement`, { ...long.form(`/ho-so/${code}/supplement`), note: '' }, {});
  assert.equal(sent.status, 303, sent.words);
  const receiver = await (await office.signIn('tiepnhan')).get(`/ho-so/${code}`);
  assert.match(receiver.words, /bản[- ]đồ\.pdf/);
});

test('the dossier is given to an officer, and the quick filters follow', async () => {
  const code = await submitted();
  await (await office.signIn('tiepnhan')).act(code, 'receive');
  const giver = await office.signIn('chuyenvien'), taker = await office.signIn('chuyenvien2');
  const account = '/quan-tri/tai-khoan/chuyenvien2', admin = await office.signIn('quantri');
  assert.equal((await admin.post(account, { ...(await admin.get(account)).form(account), act: 'post', role: 'specialist', agency: 'G11', group: 'Chính sách' })).status, 303);
  assert.equal((await giver.get(`/ho-so/${code}`)).text.match(/<option value="chuyenvien2"/g).length, 1, 'whoever has two posts is named once');
  assert.equal((await giver.act(code, 'assign', { to: 'chuyenvien2' })).status, 303);
  assert.ok((await taker.get('/viec?loc=cua-toi')).text.includes(code));
  assert.ok(!(await giver.get('/viec?loc=cua-toi')).text.includes(code));
  assert.ok(!(await taker.get('/viec?loc=chua-giao')).text.includes(code));
  const page = await giver.get(`/ho-so/${code}`);
  assert.deepEqual(actsOf(page, code),
    ['assign', 'transfer', 'note-contact', 'undo'].map(act => `/ho-so/${code}/${act}`));
});

test('the side-by-side page alone may show frames, and papers say who may frame them', async () => {
  const code = await submitted();
  const receiver = await office.signIn('tiepnhan');
  const page = await receiver.get(`/ho-so/${code}?paper=2`);
  assert.match(page.headers.get('content-security-policy'), /frame-src 'self'/);
  assert.match(page.text, new RegExp(`<iframe[^>]*src="/ho-so/${code}/giay-to/2"|<img[^>]*src="/ho-so/${code}/giay-to/2/trang/1\\?`));
  assert.doesNotMatch((await receiver.get('/viec')).headers.get('content-security-policy'), /frame-src/);
  const paper = await receiver.get(`/ho-so/${code}/giay-to/2`);
  assert.equal(paper.headers.get('content-security-policy'), "default-src 'none'; frame-ancestors 'self'");
});

test('the one-stop files for who came to the counter or wrote by post, each time on an empty form', async () => {
  const receiver = await office.signIn('tiepnhan');
  const list = await receiver.get('/tiep-nhan?q=1.013292');
  assert.match(list.text, /href="\/nop-ho-so\/1\.013292\?kenh=postal&amp;moi=1"/);
  const first = await receiver.begin('/nop-ho-so/1.013292?kenh=postal&moi=1');
  const second = await receiver.begin('/nop-ho-so/1.013292?kenh=postal&moi=1');
  assert.notEqual(first, second);
  const parties = await receiver.get(`${first}/nguoi-nop`);
  assert.equal(parties.status, 200);
  assert.ok(!parties.text.includes('Trần Thị Thu Hà"'), 'the officer is not the owner');
  assert.equal((await (await office.signIn('congdan')).get('/tiep-nhan')).status, 403);
});

test('a dossier is found by its code, the beginning of it, or its owner without accents; one find opens at once; other agencies find nothing', async () => {
  const party = { ...owner, name: 'Đoàn Quỳnh Như' };
  const { code } = (await citizen.post('/api/v1/dossiers', await submission(citizen, '1.013285', { agency: 'G11', party }))).body;
  const desk = await office.signIn('tiepnhan'), elsewhere = await office.signIn('tiepnhan.xa');
  assert.match((await desk.get('/viec')).text, /action="\/viec\/tim"/);
  for (const words of [code, code.toLowerCase(), 'doan quynh', 'Quỳnh Như']) {
    const found = await desk.get(`/viec/tim?q=${encodeURIComponent(words)}`);
    assert.equal(found.headers.get('location'), `/ho-so/${code}`, words);
  }
  const several = await desk.get(`/viec/tim?q=${code.slice(0, 8)}`);
  assert.ok(several.headers.get('location') === `/ho-so/${code}` || several.text.includes(`/ho-so/${code}`));
  assert.match((await desk.get('/viec/tim?q=khong+co+ai')).words, /không có hồ sơ nào/);
  assert.match((await elsewhere.get(`/viec/tim?q=${code}`)).words, /không có hồ sơ nào/);
  assert.equal((await (await office.signIn('congdan')).get(`/viec/tim?q=${code}`)).status, 403);
});
