// Letters: nothing before the address is confirmed, every public act afterwards, at least once under one Message-ID, whatever the mail
// server does; and an end to them with one click.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { eventually, openOffice, submission, Visitor } from './support/office.mjs';
import { link, MailServer } from './support/mail.mjs';

const settings = server => ({ MOTCUA_SMTP_URL: server.url, MOTCUA_SMTP_TLS: 'never', MOTCUA_MAIL_FROM: 'motcua@office.example.vn', MOTCUA_RETRY_SECONDS: '1', MOTCUA_SEND_SECONDS: '10' });

let office, server, receiver, body, count = 0;
before(async () => {
  server = await new MailServer().open();
  office = await openOffice({ env: settings(server) });
  receiver = await office.as('tiepnhan');
});
after(async () => { await office?.close(); await server?.close(); });

// A person with an account and this address; signed in.
async function person(email) {
  const visitor = new Visitor(office), login = `nguoi${++count}`;
  await visitor.get('/dang-ky');
  const answer = await visitor.post('/dang-ky', { kind: 'citizen', name: 'Lê Thị "Hoa" <b>', number: `0792030${String(10000 + count)}`, email, phone: '', login, password: 'bốn từ dễ nhớ' });
  assert.equal(answer.status, 303, answer.text);
  visitor.login = login;
  return visitor;
}

const follow = (address, method = 'GET') => fetch(address, { method, redirect: 'manual' });

async function confirmed(email) {
  const visitor = await person(email);
  const page = await visitor.get('/tai-khoan/thong-bao');
  assert.equal((await visitor.post('/tai-khoan/thong-bao/xac-nhan', page.form('/tai-khoan/thong-bao/xac-nhan'))).status, 303);
  const asked = await server.wait(l => l.to === email);
  const address = link(asked, '/thong-bao/xac-nhan/');
  assert.equal((await follow(address, 'POST')).status, 200);
  visitor.client = await office.as(visitor.login);
  return visitor;
}

async function submit(client) {
  body ??= await submission(client, '1.013285', { agency: 'G11' });
  for (const { file } of body.files) assert.ok(file);
  const own = await submission(client, '1.013285', { agency: 'G11' });
  const answer = await client.post('/api/v1/dossiers', own);
  assert.equal(answer.status, 201, answer.text);
  return answer.body.code;
}

test('nothing is sent before the owner of an address has agreed to it', async () => {
  const visitor = await person('an@example.vn');
  const client = await office.as(visitor.login);
  await submit(client);
  const page = await visitor.get('/tai-khoan/thong-bao');
  assert.match(page.words, /an@example\.vn: Chưa xác nhận/);
  await visitor.post('/tai-khoan/thong-bao/xac-nhan', page.form('/tai-khoan/thong-bao/xac-nhan'));
  const asked = await server.wait(l => l.to === 'an@example.vn');
  assert.equal(server.letters.filter(l => l.to === 'an@example.vn').length, 1);
  assert.equal(asked.subject, 'Xác nhận địa chỉ thư điện tử');
  assert.equal(asked.headers.get('list-unsubscribe'), undefined);
  // Looking at the link changes nothing, as programs that scan mail do; the button does.
  const address = link(asked, '/thong-bao/xac-nhan/');
  assert.match(await (await follow(address)).text(), /<form method="post"/);
  assert.match((await visitor.get('/tai-khoan/thong-bao')).words, /Chưa xác nhận/);
  for (const wrong of [address.slice(0, -1), `${address}x`, address.replace(/xac-nhan\/\d/, 'xac-nhan/8')]) assert.equal((await follow(wrong, 'POST')).status, 404, wrong);
  assert.equal((await follow(address, 'POST')).status, 200);
  assert.match((await visitor.get('/tai-khoan/thong-bao')).words, /an@example\.vn: Đã xác nhận/);
  const again = await visitor.post('/tai-khoan/thong-bao/xac-nhan', { csrf: page.form('/tai-khoan/thong-bao/xac-nhan').csrf });
  assert.equal(again.status, 409);
});

test('a letter tells each public act, in Vietnamese, under an id of its own', async () => {
  const visitor = await confirmed('binh@example.vn');
  const code = await submit(visitor.client);
  const sent = await server.wait(l => l.to === 'binh@example.vn' && l.subject === `Hồ sơ ${code}: đã gửi đến cơ quan`);
  assert.equal((await receiver.act(code, 'receive')).status, 200);
  const received = await server.wait(l => l.subject === `Hồ sơ ${code}: đã được tiếp nhận`);
  assert.match(received.text, /^Kính gửi: Lê Thị "Hoa" <b>\n\n/);
  assert.match(received.text, /Thời hạn trả kết quả: \d\d:\d\d \d\d\/\d\d\/\d{4}/);
  assert.equal(link(received, '/ho-so/'), `${office.url}/ho-so/${code}`);
  for (const [name, value] of [['auto-submitted', 'auto-generated'], ['mime-version', '1.0'], ['content-type', 'text/plain; charset=utf-8'], ['list-id', '<thong-bao.office.example.vn>'], ['list-unsubscribe-post', 'List-Unsubscribe=One-Click'], ['to', '<binh@example.vn>'], ['content-language', 'vi']])
    assert.deepEqual(received.headers.get(name), [value], name);
  assert.match(received.headers.get('from')[0], /^Bộ Quốc phòng <motcua@office\.example\.vn>$|^Motcua <motcua@office\.example\.vn>$/);
  assert.match(received.id, /^<[0-9a-f]{16}-\d+@office\.example\.vn>$/);
  assert.notEqual(received.id, sent.id);
  assert.ok(Math.abs(Date.parse(received.headers.get('date')[0]) - Date.now()) < 60000);
  assert.equal(received.headers.get('date').length, 1);
  // Numbers that identify people are in no letter.
  for (const l of server.letters) assert.doesNotMatch(l.raw + l.text, /0792030\d{5}/);
  for (const line of received.raw.split('\r\n')) assert.ok(line.length <= 998, line);
});

test('the letter about the end asks how it went, once, without signing in; nothing else gives that address', async () => {
  const visitor = await confirmed('khanh@example.vn'), nobody = new Visitor(office), code = await submit(visitor.client);
  assert.equal((await receiver.act(code, 'refuse', { reason: 'Không thuộc thẩm quyền, theo Điều 5.' })).status, 200);
  const told = await server.wait(l => l.to === 'khanh@example.vn' && l.subject.startsWith(`Hồ sơ ${code}: không`));
  const address = link(told, '/danh-gia/').slice(office.url.length), page = await nobody.get(address);
  assert.equal(page.status, 200, page.words);
  assert.equal(page.headers.get('referrer-policy'), 'same-origin', 'no-referrer would take the origin from the page\'s own form');
  assert.doesNotMatch(page.text, new RegExp(`href="/ho-so/${code}`), 'no way to the dossier itself');
  assert.ok(!server.letters.filter(l => l !== told).some(l => l.text.includes('/danh-gia/')), 'not while it is on its way');
  const token = address.split('/')[2], follow = /\/tra-cuu\/([\w-]{32})/.exec((await visitor.get(`/ho-so/${code}/da-nop`)).text)[1];
  for (const other of [follow, token.slice(0, -1) + (token.endsWith('A') ? 'B' : 'A'), 'x']) assert.equal((await nobody.get(`/danh-gia/${other}`)).status, 404, 'the receipt is printed by the office: it does not do');
  assert.equal((await nobody.get(address.replace('danh-gia', 'tra-cuu'))).status, 404, 'and the letter opens no time line');
  assert.equal((await nobody.post(address, page.form(address))).status, 422, 'each answer is asked for');
  const answers = { ...page.form(address), satisfaction: '4', time: '1', contacts: '2', bodies: '1', attitude: '2', comment: 'Thư dễ hiểu.' };
  const said = await nobody.post(address, answers);
  assert.equal(said.status, 200, said.words);
  assert.match(said.words, /Đã gửi đánh giá của quý vị/);
  assert.equal((await nobody.post(address, answers)).status, 409, 'once');
  assert.doesNotMatch((await visitor.get(`/ho-so/${code}`)).text, /danh-gia/, 'nor on the page of the dossier');
});

test('a text with line breaks stays in the text', async () => {
  const visitor = await confirmed('chi@example.vn');
  const code = await submit(visitor.client);
  const reason = 'Thiếu đơn.\r\nBcc: everybody@example.vn\r\n\r\n.\r\nMAIL FROM:<x@example.vn>';
  assert.equal((await receiver.act(code, 'request-supplement', { reason })).status, 200);
  const l = await server.wait(m => m.to === 'chi@example.vn' && m.subject === `Hồ sơ ${code}: cần bổ sung giấy tờ`);
  assert.equal(l.headers.get('bcc'), undefined);
  assert.deepEqual(l.recipients, ['chi@example.vn']);
  assert.ok(l.text.includes('Thiếu đơn.\nBcc: everybody@example.vn'), l.text);
});

test('one click without a sign-in ends the letters; the list inside goes on', async () => {
  const visitor = await confirmed('dung@example.vn');
  const code = await submit(visitor.client);
  const first = await server.wait(l => l.to === 'dung@example.vn' && l.subject.includes(code));
  const address = /^<(.*)>$/.exec(first.headers.get('list-unsubscribe')[0])[1];
  assert.equal(address, link(first, '/thong-bao/ngung/'));
  const answer = await fetch(address, { method: 'POST', headers: { 'content-type': 'application/x-www-form-urlencoded' }, body: 'List-Unsubscribe=One-Click' });
  assert.equal(answer.status, 200);
  assert.equal((await receiver.act(code, 'receive')).status, 200);
  const [notice] = await eventually('the notice', async () => {
    const { items } = (await visitor.client.get('/api/v1/notices')).body;
    return items.length > 0 && items;
  });
  assert.equal(notice.action, 'receive');
  await office.settled({ sent: true });
  assert.equal(server.letters.filter(l => l.to === 'dung@example.vn' && l.subject.includes('tiếp nhận')).length, 0);
});

test('an appointment is confirmed by a letter with agency, day and the address of its code', async () => {
  const admin = await office.signIn('quantri'), counter = await admin.get('/quan-tri/quay');
  assert.equal((await admin.post('/quan-tri/quay', { ...counter.form('/quan-tri/quay'), slot_minutes: '30', slot_places: '2', days_ahead: '14' })).status, 303);
  const visitor = await confirmed('hen@example.vn'), page = await visitor.get('/dat-hen?thu-tuc=1.013124&co-quan=G11');
  const at = /name="at" value="([^"]+)"/.exec(page.text)[1];
  assert.equal((await visitor.post('/dat-hen', { ...page.form('/dat-hen'), at })).status, 303);
  const letter = await server.wait(l => l.to === 'hen@example.vn' && l.subject.startsWith('Lịch hẹn của quý vị:'));
  assert.match(letter.text, /Bộ Quốc phòng/);
  assert.match(letter.text, /http\S+\/lich-hen/);
  assert.match(letter.text, /\/thong-bao\/ngung\//, 'with its end');
});

test('a person chooses the kinds, on the page and as a program', async () => {
  const visitor = await confirmed('em@example.vn');
  const page = await visitor.get('/tai-khoan/thong-bao');
  const saved = await visitor.post('/tai-khoan/thong-bao', { csrf: page.form('/tai-khoan/thong-bao').csrf, kinds: ['asked', 'result'] });
  assert.equal(saved.status, 303);
  const { body: kinds } = await visitor.client.get('/api/v1/account/notices');
  assert.deepEqual(kinds.kinds.map(k => [k.kind, k.by_email]), [['receipt', false], ['asked', true], ['progress', false], ['result', true], ['appointment', false]]);
  const code = await submit(visitor.client);
  assert.equal((await receiver.act(code, 'refuse', { reason: 'Không thuộc thẩm quyền.' })).status, 200);
  await server.wait(l => l.to === 'em@example.vn' && l.subject === `Hồ sơ ${code}: không được tiếp nhận`);
  assert.equal(server.letters.filter(l => l.to === 'em@example.vn' && l.subject.includes(code)).length, 1);
  const put = await visitor.client.change('/api/v1/account/notices', '/api/v1/account/notices', { kinds: [{ kind: 'receipt', by_email: true }] }, 'PUT');
  assert.deepEqual(put.body.kinds.map(k => k.by_email), [true, true, false, true, false]);
  const wrong = await visitor.client.change('/api/v1/account/notices', '/api/v1/account/notices', { kinds: [{ kind: 'reminder', by_email: true }, { kind: 'x', by_email: true }] }, 'PUT');
  assert.equal(wrong.status, 422);
  assert.equal(wrong.body.errors.length, 2);
});

test('a server that refuses for good, puts off, hangs or breaks off holds up nobody else', async () => {
  const people = [];
  for (const name of ['no-such-one', 'later-one', 'hang-one', 'once-one', 'plain-one']) people.push(await person(`${name}@example.vn`));
  for (const visitor of people) {
    const page = await visitor.get('/tai-khoan/thong-bao');
    await visitor.post('/tai-khoan/thong-bao/xac-nhan', page.form('/tai-khoan/thong-bao/xac-nhan'));
  }
  await server.wait(l => l.to === 'plain-one@example.vn');
  await server.wait(l => l.to === 'later-one@example.vn');
  // The letter was taken and the answer lost: it comes again, under the same id.
  const once = () => server.letters.filter(l => l.to === 'once-one@example.vn');
  await eventually('the letter again', () => once().length >= 2);
  assert.equal(new Set(once().map(l => l.id)).size, 1);
  await eventually('one is given up', async () => /motcua_messages_given_up 1\n/.test(await office.measured()));
  const doctor = await office.command('doctor', '--json');
  const found = JSON.parse(doctor.stdout).find(f => f.name === 'messages');
  assert.equal(found.well, false);
  assert.match(found.detail, /answer 550 5\.1\.1 @ no such person here/);
  const health = await (await office.signIn('quantri')).get('/quan-tri/suc-khoe');
  assert.match(health.words, /Bên nhận từ chối \(550 5\.1\.1 @ no such person here\)/);
});

test('letters of a time without a mail server come when it is there again', async () => {
  const visitor = await confirmed('giang@example.vn');
  const { port } = server;
  await server.close();
  const code = await submit(visitor.client);
  const failures = async () => Number(/motcua_message_failures_total (\d+)/.exec(await office.measured())[1]), before = await failures();
  await eventually('an attempt that finds nobody', async () => await failures() > before);
  const letters = server.letters;
  server = await new MailServer().open(['--port', String(port)]);
  await server.wait(l => l.to === 'giang@example.vn' && l.subject.includes(code));
  server.letters.unshift(...letters);
});

test('killed while sending: every letter comes, each under one id, and inside the program exactly once', async () => {
  const visitor = await confirmed('hung@example.vn');
  const codes = [];
  for (let i = 0; i < 30; i++) codes.push(await submit(visitor.client));
  for (const code of codes) assert.equal((await receiver.act(code, 'receive')).status, 200);
  const begun = server.letters.length, isReceived = code => l => l.subject === `Hồ sơ ${code}: đã được tiếp nhận`;
  for (let kill = 0; kill < 4; kill++) {
    await eventually('some of the letters', () => server.letters.length > begun + kill * 3 || codes.every(code => server.letters.some(isReceived(code))));
    await office.stop('SIGKILL');
    await office.serve([], settings(server));
  }
  for (const code of codes) await server.wait(isReceived(code));
  await office.settled();
  for (const code of codes) {
    const ids = server.letters.filter(isReceived(code)).map(l => l.id);
    assert.equal(new Set(ids).size, 1, `${code}: ${ids}`);
  }
  visitor.client = await office.as(visitor.login);
  const notices = (await visitor.client.get('/api/v1/notices?limit=100')).body.items.filter(n => n.action === 'receive');
  assert.equal(notices.length, codes.length);
});

test('over TLS with a password, and never without', async () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'motcua-tls-'));
  const key = path.join(folder, 'key.pem'), cert = path.join(folder, 'cert.pem');
  execFileSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-keyout', key, '-out', cert, '-days', '30', '-subj', '/CN=localhost', '-addext', 'subjectAltName=IP:127.0.0.1'], { stdio: 'ignore' });
  const secret = await new MailServer().open(['--tls', cert, key, '--user', 'motcua', 'mật khẩu']);
  const other = await openOffice({ env: { ...settings(secret), MOTCUA_SMTP_TLS: 'required', MOTCUA_SMTP_CA: cert, MOTCUA_SMTP_USER: 'motcua', MOTCUA_SMTP_PASSWORD: 'mật khẩu' } });
  try {
    const shown = await other.command('settings');
    assert.doesNotMatch(shown.stdout, /mật khẩu/);
    const client = await other.as('congdan');
    assert.equal((await client.post('/api/v1/account/notices/confirm', {})).status, 202);
    const l = await secret.wait(m => m.to === 'congdan@example.vn');
    assert.equal(l.tls, true);
    assert.equal(l.user, 'motcua');
    assert.equal((await client.post('/api/v1/account/notices/confirm', {})).status, 429);
    // A certificate that nobody vouches for: no letter, and the reason is said.
    await other.stop();
    await other.serve([], { ...settings(secret), MOTCUA_SMTP_TLS: 'required', MOTCUA_SMTP_USER: 'motcua', MOTCUA_SMTP_PASSWORD: 'mật khẩu' });
    const business = await other.as('doanhnghiep');
    assert.equal((await business.post('/api/v1/account/notices/confirm', {})).status, 202);
    await eventually('an attempt that fails', async () => !/motcua_message_failures_total 0\n/.test(await other.measured()));
    assert.equal(secret.letters.length, 1);
  } finally {
    await other.close();
    await secret.close();
    fs.rmSync(folder, { recursive: true });
  }
});
