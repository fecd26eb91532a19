// Servers that the office writes to answer what they like: markup, control characters, lines without an end, bytes that are no text,
// headers of their own. What they said is shown to whoever runs the office as text, in one line, and does nothing else.
import assert from 'node:assert/strict';
import net from 'node:net';
import { after, before, test } from 'node:test';
import { broken, tags } from './support/forms.mjs';
import { eventually, openOffice, submission, Visitor } from './support/office.mjs';

const MARK = 'xevil';
const bytes = text => Buffer.from(text, 'latin1');
// [what, what stands where an answer says why]; a line ends only where one is written.
const said = [
  ['markup', bytes(`no <${MARK} on${MARK}=1> "'><script>${MARK}()</script> {{csrf}} {0} %s%n`)],
  ['control characters', bytes(`no \x1b]0;${MARK}\x07\x1b[31m \x01\x02\x08\x7f\x00 end`)],
  ['bytes that are no text', Buffer.concat([bytes('no '), Buffer.from([0xff, 0xc0, 0x80, 0xe1, 0xba]), bytes(` ${MARK}`)])],
  ['text that runs backwards', Buffer.from(`no \u202e${MARK}\u2066\ufeff\u2028\u2029`)],
  ['a line of 60,000 letters', bytes(`no ${'a'.repeat(60000)}`)],
  ['half a letter where it is cut', Buffer.from(`no ${'ế'.repeat(2000)}`)],
  ['a line that seems to end', bytes(`no\rlevel=error event=${MARK}\rSet-Cookie: ${MARK}=1`)],
];

let office, admin, browser, mailTurn = 0;
const servers = [];
async function listen(serve) {
  const server = net.createServer(socket => { socket.on('error', () => {}); serve(socket); });
  await new Promise(done => server.listen(0, '127.0.0.1', done));
  servers.push(server);
  return server.address().port;
}

// A mail server that refuses each letter in other words.
const refusing = socket => {
  let heard = '';
  socket.write('220 here\r\n');
  socket.on('data', piece => {
    heard += piece;
    for (let end; (end = heard.indexOf('\r\n')) >= 0; heard = heard.slice(end + 2)) {
      const word = heard.slice(0, 4).toUpperCase();
      if (word === 'RCPT') socket.write(Buffer.concat([bytes('550 5.1.1 '), said[mailTurn++ % said.length][1], bytes('\r\n')]));
      else socket.write(word === 'QUIT' ? '221 bye\r\n' : '250 OK\r\n');
    }
  });
};

// A receiver of webhooks that refuses with these words in its reason, a header and its body.
const answering = words => socket => socket.on('data', () => {
  const line = bytes(words.toString('latin1').replace(/[\r\n\0]/g, ' ').slice(0, 4000));
  socket.end(Buffer.concat([bytes('HTTP/1.1 500 '), line, bytes('\r\nX-Why: '), line, bytes(`\r\nContent-Type: text/html\r\nContent-Length: ${words.length}\r\nConnection: close\r\n\r\n`), words]));
});

before(async () => {
  const port = await listen(refusing);
  office = await openOffice({ env: { MOTCUA_SMTP_URL: `smtp://127.0.0.1:${port}`, MOTCUA_SMTP_TLS: 'never', MOTCUA_MAIL_FROM: 'motcua@office.example.vn', MOTCUA_RETRY_SECONDS: '600', MOTCUA_SEND_SECONDS: '10', MOTCUA_WEBHOOK_ALLOW: '127.0.0.1' } });
  admin = await office.as('quantri');
  browser = await office.signIn('quantri');
});
after(async () => { await office?.close(); for (const s of servers) s.close(); });

function isText(text, what) {
  assert.doesNotMatch(text, /[\0-\x08\x0b\x0c\x0e-\x1f\x7f\ufffd\u202a-\u202e\u2066-\u2069]/, what);
}
function isWholePage(page, what) {
  assert.equal(page.status, 200, what);
  assert.deepEqual(broken(page.text, MARK), [], what);
  assert.ok(tags(page.text).length > 50 && page.text.trimEnd().endsWith('</html>'), `${what}: the page ends early`);
  assert.ok(page.text.length < 200_000, `${what}: ${page.text.length} bytes`);
  isText(page.text, what);
}

test('what a mail server says is text for whoever looks after the office', async () => {
  const failures = async () => Number(/^motcua_message_failures_total (\d+)/m.exec((await admin.get('/metrics')).text)[1]);
  for (const [n, [what]] of said.entries()) {
    const visitor = new Visitor(office);
    await visitor.get('/dang-ky');
    const made = await visitor.post('/dang-ky', { kind: 'citizen', name: 'Lê Thị Hoa', number: `0792030${20000 + n}`, email: `nguoi${n}@example.vn`, phone: '', login: `nguoi${n}`, password: 'bốn từ dễ nhớ' });
    assert.equal(made.status, 303, made.words);
    const page = await visitor.get('/tai-khoan/thong-bao');
    await visitor.post('/tai-khoan/thong-bao/xac-nhan', page.form('/tai-khoan/thong-bao/xac-nhan'));
    await eventually(`the failure: ${what}`, async () => await failures() > n);
    for (const [who, place] of [[browser, '/quan-tri/suc-khoe'], [browser, '/quan-tri'], [visitor, '/tai-khoan/thong-bao']]) isWholePage(await who.get(place), `${place}: ${what}`);
    const { stdout, stderr } = await office.command('doctor', '--json');
    const found = JSON.parse(stdout).find(f => f.name === 'messages');
    assert.match(found.detail, /550|\.\.\./, what);
    assert.ok(found.detail.length < 2000, `${what}: ${found.detail.length} letters`);
    isText(found.detail + stderr, `${what}: ${JSON.stringify(found.detail)}`);
    isText((await office.command('doctor')).stdout.replaceAll('\n', ' '), `${what}, at a terminal`);
  }
  assert.equal(mailTurn, said.length, 'each was said once, and a refusal for good is not tried again');
});

test('what a receiver of webhooks answers is text on its page and in the interface', async () => {
  const hooks = [];
  for (const [what, words] of said) {
    const made = await admin.post('/api/v1/webhooks', { url: `http://127.0.0.1:${await listen(answering(words))}/hook` });
    assert.equal(made.status, 201, made.text);
    hooks.push([what, made.body.id]);
  }
  const citizen = await office.as('congdan');
  assert.equal((await citizen.post('/api/v1/dossiers', await submission(citizen, '1.013285', { agency: 'G11' }))).status, 201);
  for (const [what, id] of hooks) {
    const [message] = await eventually(`an attempt: ${what}`, async () => {
      const { items } = (await admin.get(`/api/v1/webhooks/${id}/messages`)).body;
      return items[0]?.attempts > 0 && items[0].reason && items;
    });
    isText(JSON.stringify(Object.values(message)), what);
    isWholePage(await browser.get(`/quan-tri/webhook/${id}`), `its page: ${what}`);
  }
  isWholePage(await browser.get('/quan-tri/webhook'), 'the list');
});

test('the log has one line for each, and the office is well', async () => {
  assert.equal(office.process.exitCode, null, office.log.slice(-2000));
  for (const line of office.log.split('\n').filter(l => l.startsWith('time='))) isText(line, line.slice(0, 200));
  assert.deepEqual(office.log.split('\n').filter(l => l && !/^(time=|Motcua |Một cửa|Set up|http)/.test(l) && l.includes(MARK)), []);
  assert.ok(!office.log.split('\n').some(l => / level=error/.test(l)), office.log.slice(-2000));
  assert.equal((await office.command('audit', 'verify')).code, 0);
});
