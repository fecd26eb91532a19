// Strangers with bad intentions against the real program: raw bytes, foreign pages, scripts in every field. The server answers with
// the right refusal, or closes; it lives, and honest people do not notice.
import assert from 'node:assert/strict';
import net from 'node:net';
import { after, before, test } from 'node:test';
import { Client, openOffice, owner, password, pdf, submission } from './support/office.mjs';

let office, nobody, citizen;
before(async () => {
  office = await openOffice();
  nobody = new Client(office);
  citizen = await office.as('congdan');
});
after(() => office.close());

// Sends bytes, gives whatever comes back until the end, until enough of it came, or the patience ends.
function raw(bytes, { patience = 60000, enough, more } = {}) {
  const { hostname, port } = new URL(office.url);
  return new Promise(done => {
    const socket = net.connect(Number(port), hostname);
    let answer = '', timer;
    const end = () => { clearTimeout(timer); socket.destroy(); done(answer); };
    timer = setTimeout(end, patience);
    socket.on('data', d => { answer += d.toString('latin1'); if (enough?.test(answer)) end(); });
    socket.on('error', () => {});
    socket.on('close', end);
    socket.on('connect', () => { socket.write(bytes); more?.(socket); });
  });
}
const host = () => new URL(office.url).host;
const status = answer => Number(/^HTTP\/1\.1 (\d{3}) /.exec(answer)?.[1] ?? 0);
const answers = text => [...text.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map(m => Number(m[1]));
const get = (target, headers = '') => `GET ${target} HTTP/1.1\r\nHost: ${host()}\r\n${headers}Connection: close\r\n\r\n`;
const isAlive = async () => assert.equal((await nobody.get('/healthz')).status, 200);

/* ---- framing: what two servers could read differently ---- */

const hidden = 'GET /hidden HTTP/1.1\r\nHost: x\r\n\r\n';
const framings = [
  ['length and chunks together', h => `POST /dang-nhap HTTP/1.1\r\nHost: ${h}\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n${hidden}`],
  ['two lengths', h => `POST /dang-nhap HTTP/1.1\r\nHost: ${h}\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nabcdef${hidden}`],
  ['a length of several', h => `POST /dang-nhap HTTP/1.1\r\nHost: ${h}\r\nContent-Length: 5, 5\r\n\r\nabcde${hidden}`],
  ['a negative length', h => `POST /dang-nhap HTTP/1.1\r\nHost: ${h}\r\nContent-Length: -5\r\n\r\n${hidden}`],
  ['a length with a plus', h => `POST /dang-nhap HTTP/1.1\r\nHost: ${h}\r\nContent-Length: +5\r\n\r\nabcde${hidden}`],
  ['a length of hex', h => `POST /dang-nhap HTTP/1.1\r\nHost: ${h}\r\nContent-Length: 0x5\r\n\r\nabcde${hidden}`],
  ['a length beyond numbers', h => `POST /dang-nhap HTTP/1.1\r\nHost: ${h}\r\nContent-Length: 99999999999999999999999\r\n\r\n${hidden}`],
  ['chunked twice', h => `POST /dang-nhap HTTP/1.1\r\nHost: ${h}\r\nTransfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n${hidden}`],
  ['chunked with a tab', h => `POST /dang-nhap HTTP/1.1\r\nHost: ${h}\r\nTransfer-Encoding:\x0bchunked\r\n\r\n0\r\n\r\n${hidden}`],
  ['another coding', h => `POST /dang-nhap HTTP/1.1\r\nHost: ${h}\r\nTransfer-Encoding: gzip\r\n\r\n${hidden}`],
  ['a space before the colon', h => `POST /dang-nhap HTTP/1.1\r\nHost: ${h}\r\nContent-Length : 5\r\n\r\nabcde${hidden}`],
  ['a folded header', h => `GET / HTTP/1.1\r\nHost: ${h}\r\nX-A: b\r\n c: d\r\n\r\n`],
  ['a bad chunk size', h => `POST /dang-nhap HTTP/1.1\r\nHost: ${h}\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\n${hidden}`],
  ['a chunk size beyond numbers', h => `POST /dang-nhap HTTP/1.1\r\nHost: ${h}\r\nTransfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\n${hidden}`],
  ['a bare line feed', h => `GET / HTTP/1.1\nHost: ${h}\n\n`],
  ['a bare carriage return', h => `GET / HTTP/1.1\r\nHost: ${h}\r\nX: a\rTransfer-Encoding: chunked\r\n\r\n`],
  ['a NUL in a header', h => `GET / HTTP/1.1\r\nHost: ${h}\r\nX: a\0b\r\n\r\n`],
  ['a NUL in the line', h => `GET /\0 HTTP/1.1\r\nHost: ${h}\r\n\r\n`],
  ['no version', h => `GET /\r\nHost: ${h}\r\n\r\n`],
  ['a version of tomorrow', h => `GET / HTTP/2.0\r\nHost: ${h}\r\n\r\n`],
  ['a method of nobody', h => `BREW / HTTP/1.1\r\nHost: ${h}\r\n\r\n`],
  ['TLS', () => Buffer.from('160301020001000', 'hex')],
  ['no host', () => 'GET / HTTP/1.1\r\n\r\n'],
  ['two hosts', h => `GET / HTTP/1.1\r\nHost: ${h}\r\nHost: evil.example\r\n\r\n`],
  ['a host with a path', () => 'GET / HTTP/1.1\r\nHost: evil.example/x\r\n\r\n'],
  ['a host with a name before @', () => 'GET / HTTP/1.1\r\nHost: a@b\r\n\r\n'],
];
for (const [what, bytes] of framings)
  test(`refused and closed, nothing behind it is heard: ${what}`, async () => {
    const answer = await raw(bytes(host()));
    const all = answers(answer);
    assert.ok(all.length <= 1, `${all}`);
    if (all.length) assert.ok((all[0] >= 400 && all[0] < 500) || all[0] === 501 || all[0] === 505, `${all}`);
    await isAlive();
  });

test('a host that is not ours never comes back in an address', async () => {
  const answer = await raw('GET /viec HTTP/1.1\r\nHost: evil.example\r\nX-Forwarded-Host: evil.example\r\nConnection: close\r\n\r\n');
  assert.doesNotMatch(answer, /evil\.example/);
});

/* ---- targets ---- */

for (const target of ['/../../etc/passwd', '/assets/../../../etc/passwd', '/assets/..%2f..%2fetc%2fpasswd', '/assets/%2e%2e/%2e%2e/etc/passwd', '/assets/..%5c..%5cmotcua.conf', '/assets/....//motcua.db', '/thu-tuc/..%00', '/%ff%fe', '/%', '/%zz', '//evil.example/', '/a%0d%0aSet-Cookie:%20x=1', '/thu-tuc/%c0%ae%c0%ae/'])
  test(`a path that leads elsewhere leads nowhere: ${target}`, async () => {
    const answer = await raw(get(target));
    assert.ok([301, 303, 308, 400, 404].includes(status(answer)), answer.slice(0, 200));
    assert.doesNotMatch(answer, /root:|^set-cookie: x=1/im);
    const to = /^location: (.*)\r$/im.exec(answer)?.[1];
    if (to) assert.match(to, /^\/(?![/\\])/);
    await isAlive();
  });

test('too long an address is 414, too many headers 431, too large a body 413: and the reader is told before sending all', async () => {
  assert.equal(status(await raw(get(`/${'a'.repeat(9000)}`))), 414);
  assert.equal(status(await raw(get('/', `X: ${'a'.repeat(20000)}\r\n`))), 431);
  assert.equal(status(await raw(get('/', Array.from({ length: 200 }, (_, i) => `X-${i}: a\r\n`).join('')))), 431);
  const large = `POST /api/v1/dossiers HTTP/1.1\r\nHost: ${host()}\r\nAuthorization: Bearer ${citizen.token}\r\nContent-Type: application/json\r\nContent-Length: 999999999\r\n\r\n{`;
  assert.equal(status(await raw(large)), 413);
  const upload = `POST /api/v1/files HTTP/1.1\r\nHost: ${host()}\r\nAuthorization: Bearer ${citizen.token}\r\nContent-Type: application/pdf\r\nContent-Length: 9999999999\r\n\r\n%PDF`;
  assert.equal(status(await raw(upload)), 413);
  await isAlive();
});

test('a stranger\'s upload is refused before its bytes', async () => {
  const answer = await raw(`POST /api/v1/files HTTP/1.1\r\nHost: ${host()}\r\nContent-Type: application/pdf\r\nContent-Length: 1000000\r\n\r\n`, { enough: /\r\n\r\n/ });
  assert.equal(status(answer), 401);
});

test('deep, huge and odd JSON is refused; the server lives', async () => {
  const send = body => citizen.fetch('POST', '/api/v1/dossiers', { raw: body, headers: { 'content-type': 'application/json' } });
  for (const body of ['['.repeat(60000), `${'{"a":'.repeat(9000)}1${'}'.repeat(9000)}`, '{"procedure": "\\ud800"}', Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]), '{"parties": 7, "files": "x", "form": []}', 'null', '{}', '{"procedure":1e999}', '{"form":{"a":"\\u0000"}}']) {
    const answer = await send(body);
    assert.ok(answer.status >= 400 && answer.status < 500, `${String(body).slice(0, 40)}: ${answer.status}`);
    assert.match(answer.headers.get('content-type'), /problem\+json/);
  }
  await isAlive();
});

test('those who dawdle do not keep those who work waiting', async () => {
  const { hostname, port } = new URL(office.url);
  const idle = Array.from({ length: 300 }, () => {
    const s = net.connect(Number(port), hostname);
    s.on('error', () => {});
    s.resume();
    s.write('POST /dang-nhap HTTP/1.1\r\nHost: x\r\nContent-Le');
    return s;
  });
  let beside = 0; // answers while all of them still dawdled: they have ten seconds
  const served = () => { beside += idle.every(s => !s.destroyed && !s.readableEnded); };
  for (let i = 0; i < 20; i++) await isAlive().then(served);
  const answer = await citizen.post('/api/v1/dossiers', await submission(citizen, '1.013285', { agency: 'G11' }));
  assert.equal(answer.status, 201);
  served();
  assert.ok(beside > 0, 'nobody was answered before they were sent away');
  for (const s of idle) s.destroy();
});

/* ---- foreign pages ---- */

test('no form of another site acts for who is signed in, nor one without the token', async () => {
  const code = (await citizen.post('/api/v1/dossiers', await submission(citizen, '1.013285', { agency: 'G11' }))).body.code;
  const visitor = await office.signIn('congdan');
  const form = (await visitor.get(`/ho-so/${code}`)).form(`/ho-so/${code}/withdraw`);
  const send = (fields, headers) => visitor.fetch('POST', `/ho-so/${code}/withdraw`, { body: new URLSearchParams(fields), headers });
  const { csrf, ...without } = form;
  assert.ok(csrf.length >= 20);
  assert.equal((await send(without, {})).status, 403);
  assert.equal((await send({ ...form, csrf: `${csrf}x` }, {})).status, 403);
  assert.equal((await send({ ...form, csrf: (await (await office.signIn('doanhnghiep')).get('/tai-khoan')).form('/tai-khoan').csrf }, {})).status, 403);
  for (const headers of [{ origin: 'https://evil.example' }, { origin: 'null' }, { 'sec-fetch-site': 'cross-site' }, { 'sec-fetch-site': 'same-site' }, { origin: `${office.url}.evil.example` }])
    assert.equal((await send(form, headers)).status, 403, JSON.stringify(headers));
  assert.equal((await citizen.get(`/api/v1/dossiers/${code}`)).body.status, 1, 'nothing has happened');
  const cookie = [...visitor.cookies].map(([n, v]) => `${n}=${v}`).join('; ');
  const api = await fetch(`${office.url}/api/v1/dossiers/${code}/withdraw`, { method: 'POST', headers: { cookie, 'content-type': 'text/plain', 'if-match': '"1"' }, body: '{}' });
  assert.equal(api.status, 403, 'nor through the interface with the cookie alone');
  assert.equal((await send(form, {})).status, 303);
});

test('an address to return to is of this site only', async () => {
  for (const away of ['//evil.example', 'https://evil.example', '/\\evil.example', '/%5cevil.example', '\\\\evil.example', 'javascript:alert(1)', '/\n/evil.example', 'evil.example']) {
    const page = await nobody.get(`/language/en?return=${encodeURIComponent(away)}`);
    const to = page.headers.get('location') ?? '/';
    assert.match(to, /^\/(?![/\\])/, `${away} -> ${to}`);
    const shown = await nobody.get(`/dang-nhap?return=${encodeURIComponent(away)}`);
    assert.doesNotMatch(shown.text, /(href|action|value)="(?!\/(?![/\\]))[^"]*(evil\.example|alert)/, away);
  }
});

test('cookies are for the server alone and for this site alone', async () => {
  const page = await fetch(`${office.url}/dang-nhap`);
  const visitor = await office.signIn('congdan');
  assert.ok(visitor.cookies.size >= 1);
  const answer = await visitor.fetch('GET', '/dang-nhap', { headers: { 'x-forwarded-proto': 'https' } });
  for (const line of [...page.headers.getSetCookie(), ...answer.headers.getSetCookie()]) {
    assert.match(line, /HttpOnly/i, line);
    assert.match(line, /SameSite=(Lax|Strict)/i, line);
    assert.match(line, /Path=\//i, line);
  }
});

/* ---- headers ---- */

const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; manifest-src 'self'";
test('every page has the exact policy, data another, files the strictest', async () => {
  for (const target of ['/', '/thu-tuc', '/thu-tuc/1.013285', '/dang-nhap', '/khong-co']) {
    const { headers } = await nobody.get(target);
    assert.equal(headers.get('content-security-policy'), policy, target);
    assert.equal(headers.get('x-content-type-options'), 'nosniff');
    assert.equal(headers.get('referrer-policy'), 'same-origin');
    assert.equal(headers.get('server'), null);
  }
  assert.equal((await nobody.get('/api/v1/procedures')).headers.get('content-security-policy'), "default-src 'none'; frame-ancestors 'none'");
  const { code } = (await citizen.post('/api/v1/dossiers', await submission(citizen, '1.013285', { agency: 'G11' }))).body;
  const file = await citizen.get(`/api/v1/dossiers/${code}/files/1`);
  assert.equal(file.headers.get('content-security-policy'), "default-src 'none'; frame-ancestors 'self'");
  assert.equal(file.headers.get('x-content-type-options'), 'nosniff');
  assert.match(file.headers.get('content-type'), /^application\/pdf/);
  assert.match(file.headers.get('cache-control'), /private|no-store/);
  const officer = await office.signIn('tiepnhan');
  assert.equal((await officer.get(`/ho-so/${code}`)).headers.get('content-security-policy'), `${policy}; frame-src 'self'`);
});

test('a page that says it is a picture is no upload', async () => {
  for (const bytes of ['<html><script>alert(1)</script>', '<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>', '<?xml version="1.0"?><svg/>', 'MZ\x90', 'GIF89a<script>', '\x7fELF', '#!/bin/sh'])
    assert.equal((await citizen.upload(Buffer.from(bytes, 'latin1'), 'anh.png')).status, 415, bytes);
});

/* ---- scripts in what people write ---- */

const script = `"><script>alert(1)</script><img src=x onerror=alert(1)>'\`{{t "x"}}{{csrf}} &lt;b&gt; javascript:alert(1)`;
function assertHarmless(page, what) {
  assert.equal(page.status, 200, what);
  assert.doesNotMatch(page.text, /<script>alert|<img src=x|onerror=alert(?![^<>]*&)/, what);
  for (const tag of page.text.match(/<[a-z][^>]*>/gi) ?? []) assert.doesNotMatch(tag.replace(/"[^"]*"/g, '""'), /\son\w+\s*=/i, `${what}: ${tag}`);
}

test('what people write is shown as they wrote it, and is nothing else', async () => {
  const upload = await citizen.upload(pdf('xss'), `${script}.pdf`);
  const body = await submission(citizen, '1.013285', { agency: 'G11', party: { ...owner, name: script.slice(0, 120), address: script } });
  body.form = { request: script };
  body.files[0].file = upload.body.id;
  const made = await citizen.post('/api/v1/dossiers', body);
  assert.equal(made.status, 201, made.text);
  const { code } = made.body;
  const people = {};
  for (const login of ['congdan', 'tiepnhan', 'chuyenvien', 'lanhdao', 'vanthu']) people[login] = await office.signIn(login);
  const look = async (login, target) => {
    const page = await people[login].get(target);
    assertHarmless(page, `${login} ${target}`);
    return page;
  };
  assert.ok((await look('tiepnhan', `/ho-so/${code}`)).words.includes('<script>alert(1)</script>'));
  await look('tiepnhan', '/viec');
  for (const target of [`/ho-so/${code}`, `/ho-so/${code}/da-nop`, '/ho-so-cua-toi', '/thong-bao']) await look('congdan', target);
  const officer = await office.as('tiepnhan'), specialist = await office.as('chuyenvien');
  await officer.act(code, 'receive', { note: script });
  await specialist.act(code, 'examine', { note: script });
  assert.ok((await look('chuyenvien', `/ho-so/${code}`)).words.includes('<script>alert(1)</script>'));
  const proposed = await specialist.act(code, 'propose', { outcome: 'refused', reason: script, note: script });
  assert.equal(proposed.status, 200, proposed.text);
  await look('lanhdao', `/ho-so/${code}`);
  await (await office.as('lanhdao')).act(code, 'approve', { note: script });
  await (await office.as('vanthu')).act(code, 'issue', {});
  await officer.act(code, 'return', { note: script });
  for (const target of [`/ho-so/${code}`, '/thong-bao']) await look('congdan', target);
  const { results } = (await citizen.get(`/api/v1/dossiers/${code}`)).body;
  const result = await citizen.get(results[0].href);
  assert.doesNotMatch(result.text, /<script>alert|<img src=x/);
  assert.equal(result.headers.get('content-security-policy'), "default-src 'none'; frame-ancestors 'self'");
});

test('what people ask for is shown as they wrote it', async () => {
  const visitor = await office.signIn('congdan');
  for (const target of ['/thu-tuc?q=', '/tra-cuu?code=', '/thu-tuc?field=', '/thu-tuc?cursor=', '/dang-nhap?return=']) {
    const page = await visitor.get(target + encodeURIComponent(script));
    assert.ok([200, 303, 400, 404, 422].includes(page.status), `${target} ${page.status}`);
    assert.doesNotMatch(page.text, /<script>alert|<img src=x/, target);
  }
  const account = await visitor.get('/tai-khoan');
  const saved = await visitor.post('/tai-khoan', { ...account.form('/tai-khoan'), name: script.slice(0, 100), address: script });
  assert.ok([200, 303, 422].includes(saved.status));
  assertHarmless(await visitor.get('/tai-khoan'), 'account');
  const wrong = await visitor.get(`/thu-tuc/${encodeURIComponent('<script>alert(1)</script>')}`);
  assert.doesNotMatch(wrong.text, /<script>alert/);
});

test('guessing passwords is slowed down, and tells nothing of who exists', async () => {
  const tries = async login => {
    const seen = [];
    for (let i = 0; i < 12; i++) {
      const page = await nobody.get('/dang-nhap');
      const cookie = page.headers.getSetCookie().map(c => c.split(';')[0]).join('; ');
      const csrf = /name="csrf" value="([^"]*)"/.exec(page.text)?.[1] ?? '';
      const answer = await fetch(`${office.url}/dang-nhap`, { method: 'POST', redirect: 'manual', headers: { cookie, origin: office.url, 'accept-language': 'en' }, body: new URLSearchParams({ csrf, login, password: `wrong-${i}` }) });
      seen.push([answer.status, (await answer.text()).match(/govuk-error-summary[^]*?<\/ul>/)?.[0].replaceAll(login, '').replace(/\d+ second/, 'n second')]);
    }
    return seen;
  };
  const real = await tries('vanthu'), none = await tries('khongcothat');
  assert.deepEqual(real, none);
  assert.ok(real.some(([s]) => s === 429), `${real.map(r => r[0])}`);
  assert.ok(password.length > 8);
});

test('after all of that the server is the same process, and well', async () => {
  assert.equal(office.process.exitCode, null);
  assert.deepEqual(await office.unwell(), []);
  assert.equal((await office.command('audit', 'verify')).code, 0);
});
