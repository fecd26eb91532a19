// The office behind the nginx of deploy/nginx.conf, only with other ports and a certificate of the moment: HTTPS, the visitor's own
// address, bounds and refusals in the program's words, papers that pass through without lying anywhere on their way.
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import fs from 'node:fs';
import http from 'node:http';
import http2 from 'node:http2';
import https from 'node:https';
import net from 'node:net';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { eventually, openOffice, password, pdf, root, submission } from './support/office.mjs';

const HOST = 'motcua.example.vn';
let office, nginx, folder, plain, secure, certificate;
const freePort = () => new Promise(done => { const s = net.createServer().listen(0, '127.0.0.1', () => { const { port } = s.address(); s.close(() => done(port)); }); });

before(async () => {
  office = await openOffice({ args: ['--public-host', HOST] });
  folder = path.join(office.folder, 'nginx');
  fs.mkdirSync(path.join(folder, 'logs'), { recursive: true });
  [plain, secure] = [await freePort(), await freePort()];
  execFileSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2', '-subj', `/CN=${HOST}`, '-addext', `subjectAltName=DNS:${HOST}`, '-keyout', `${folder}/key.pem`, '-out', `${folder}/cert.pem`], { stdio: 'ignore' });
  certificate = fs.readFileSync(`${folder}/cert.pem`);
  const shipped = fs.readFileSync(path.join(root, 'deploy/nginx.conf'), 'utf8');
  const ours = shipped.replace('127.0.0.1:8080', new URL(office.url).host).replace(/listen \[::\]:.*\n/g, '').replace('listen 80;', `listen 127.0.0.1:${plain};`)
    .replace('listen 443 ', `listen 127.0.0.1:${secure} `).replace('/etc/ssl/motcua/fullchain.pem', `${folder}/cert.pem`).replace('/etc/ssl/motcua/privkey.pem', `${folder}/key.pem`);
  assert.doesNotMatch(ours.replace(/#.*/g, ''), /8080|\/etc\//);
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(n => `${n}_temp_path ${folder}/${n};`).join(' ');
  fs.writeFileSync(`${folder}/nginx.conf`, `${process.getuid() === 0 ? 'user root;' : ''} pid ${folder}/pid; error_log ${folder}/error.log; worker_processes 1; events {} http { ${temporary}\n${ours}\n}\n`);
  nginx = spawn('nginx', ['-p', folder, '-c', `${folder}/nginx.conf`, '-g', 'daemon off;'], { stdio: ['ignore', 'inherit', 'inherit'] });
  await eventually('nginx (is it installed?)', () => new Promise(done => { const s = net.connect(secure, '127.0.0.1', () => { s.destroy(); done(true); }); s.on('error', () => done(false)); }));
});
after(async () => {
  if (nginx) { nginx.kill('SIGQUIT'); await new Promise(done => nginx.once('exit', done)); }
  await office?.close();
});

// A visit through nginx, from an address of this machine.
function ask(method, target, { headers = {}, body, from = '127.0.0.1', over = https } = {}) {
  return new Promise((done, fail) => {
    const rq = over.request({ host: '127.0.0.1', port: over === https ? secure : plain, servername: HOST, ca: certificate, localAddress: from, agent: false, method, path: target, headers: { host: HOST, 'accept-language': 'vi', ...headers } }, answer => {
      const pieces = [];
      answer.on('data', p => pieces.push(p));
      answer.on('end', () => done({ status: answer.statusCode, headers: answer.headers, text: Buffer.concat(pieces).toString(), bytes: Buffer.concat(pieces) }));
    });
    rq.on('error', fail);
    rq.end(body);
  });
}
const form = fields => ({ body: new URLSearchParams(fields).toString(), headers: { 'content-type': 'application/x-www-form-urlencoded', origin: `https://${HOST}` } });

test('a plain address leads to the secure one; there the browser is told to stay', async () => {
  const led = await ask('GET', '/thu-tuc?q=bien+gioi', { over: http });
  assert.deepEqual([led.status, led.headers.location], [301, `https://${HOST}/thu-tuc?q=bien+gioi`]);
  const lured = await ask('GET', '/', { over: http, headers: { host: 'evil.example' } });
  assert.equal(lured.headers.location, `https://${HOST}/`, 'whatever name is asked for');
  const page = await ask('GET', '/');
  assert.equal(page.status, 200);
  assert.match(page.headers['strict-transport-security'], /max-age=31536000/);
  assert.match(page.headers['content-security-policy'], /default-src/);
  assert.equal(page.headers.server, 'nginx', 'without its version');
});

test('signing in works, and its cookie is for HTTPS alone', async () => {
  const page = await ask('GET', '/dang-nhap'), first = page.headers['set-cookie']?.map(c => c.split(';')[0]).join('; ') ?? '';
  const csrf = /name="csrf" value="([^"]*)"/.exec(page.text)?.[1] ?? '', filled = form({ csrf, login: 'congdan', password });
  const answer = await ask('POST', '/dang-nhap', { ...filled, headers: { ...filled.headers, cookie: first } });
  assert.equal(answer.status, 303, answer.text);
  for (const cookie of answer.headers['set-cookie']) assert.match(cookie, /; Secure/);
  assert.match(answer.headers['set-cookie'].join(), /HttpOnly/);
  assert.match(answer.headers.location, /^\//);
});

test('another name than the office\'s is refused', async () => {
  assert.equal((await ask('GET', '/', { headers: { host: 'elsewhere.example' } })).status, 421);
});

test('what counts for slowing down is the visitor\'s own address, whatever they write into the request', async () => {
  const statuses = [];
  for (let i = 0; i < 26; i++) statuses.push((await ask('GET', '/api/v1/lookup?code=G11-261122-0001', { from: '127.0.0.9', headers: { 'x-forwarded-for': `203.0.113.${i}` } })).status);
  assert.equal(statuses.at(-1), 429, statuses.join());
  assert.notEqual((await ask('GET', '/api/v1/lookup?code=G11-261122-0001', { from: '127.0.0.10' })).status, 429, 'somebody else is not slowed down');
});

test('a paper of twelve megabytes passes, and lies nowhere on its way; what is larger than the office takes is refused in its words', async () => {
  const token = await office.token('congdan'), large = pdf('x'.repeat(12 << 20));
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/octet-stream', 'content-disposition': 'attachment; filename="lon.pdf"' };
  const begun = ask('POST', '/api/v1/files', { body: large, headers });
  const lying = () => ['client_body', 'proxy'].flatMap(n => (fs.existsSync(`${folder}/${n}`) ? fs.readdirSync(`${folder}/${n}`, { recursive: true }) : []));
  let taken;
  begun.then(answer => { taken = answer; }, error => { taken = { text: error.message }; });
  while (!taken) { assert.deepEqual(lying(), []); await new Promise(done => setTimeout(done, 5)); }
  assert.equal(taken.status, 201, taken.text);
  const refused = await ask('POST', '/api/v1/dossiers', { body: JSON.stringify({ form: { request: 'x'.repeat(4 << 20) } }), headers: { ...headers, 'content-type': 'application/json' } });
  assert.equal(refused.status, 413, refused.text);
  assert.match(refused.headers['content-type'], /problem\+json/);
  const page = await ask('POST', '/dang-nhap', form({ login: 'a'.repeat(200_000), password: 'x' }));
  assert.equal(page.status, 413);
  assert.match(page.text, /<html[^>]* lang="vi"/, 'a page of the office, not of nginx');
});

test('a file far beyond what is taken is refused in the office\'s words, though the proxy goes on sending it', async () => {
  const headers = { authorization: `Bearer ${await office.token('congdan')}`, 'content-type': 'application/octet-stream', 'content-disposition': 'attachment; filename="lon.pdf"' };
  const body = Buffer.alloc(60 << 20, 'x');
  for (let turn = 0; turn < 4; turn++) { // which of the two is quicker differs from time to time
    const refused = await ask('POST', '/api/v1/files', { body, headers });
    assert.equal(refused.status, 413, refused.text.slice(0, 200));
    assert.match(refused.headers['content-type'], /problem\+json/);
  }
});

test('503 with the hour of its end comes through as it was said, and so do problems', async () => {
  const admin = await office.signIn('quantri'), at = '/quan-tri/bao-tri', day = offset => new Date(Date.now() + 7 * 3600e3 + offset).toISOString();
  const send = async fields => admin.post(at, { ...(await admin.get(at)).form(at), ...fields });
  assert.equal((await send({ act: 'announce', closes: 'yes', begins_on: day(-60e3).slice(0, 10), begins_at: day(-60e3).slice(11, 16), ends_on: day(3600e3).slice(0, 10), ends_at: day(3600e3).slice(11, 16) })).status, 303);
  const citizen = await office.as('congdan'), headers = { authorization: `Bearer ${citizen.token}`, 'content-type': 'application/json' };
  const refused = await ask('POST', '/api/v1/dossiers', { body: JSON.stringify(await submission(citizen, '1.013285', { agency: 'G11' }).catch(() => ({}))), headers });
  assert.equal(refused.status, 503);
  assert.ok(Number(refused.headers['retry-after']) > 3000);
  assert.match(refused.headers['content-type'], /problem\+json/);
  assert.equal((await send({ act: 'end' })).status, 303);
  const missing = await ask('GET', '/api/v1/dossiers/G11-000000-0000', { headers });
  assert.equal(missing.status, 404);
  assert.match(missing.headers['content-type'], /problem\+json/);
});

test('over HTTP/2 many ask over one connection', async () => {
  const client = http2.connect(`https://127.0.0.1:${secure}`, { ca: certificate, servername: HOST });
  const statuses = await Promise.all(Array.from({ length: 40 }, (_, i) => new Promise((done, fail) => {
    const stream = client.request({ ':path': i % 2 ? '/thu-tuc' : '/healthz', ':authority': HOST });
    stream.on('response', h => done(h[':status']));
    stream.on('error', fail);
    stream.resume();
  })));
  client.close();
  assert.deepEqual([...new Set(statuses)], [200]);
});

test('what was in flight when the office is told to stop is answered through nginx', async () => {
  const token = await office.token('congdan'), bytes = pdf('đang gửi');
  let sending;
  const answered = new Promise((done, fail) => {
    const rq = https.request({ host: '127.0.0.1', port: secure, servername: HOST, ca: certificate, agent: false, method: 'POST', path: '/api/v1/files', headers: { host: HOST, authorization: `Bearer ${token}`, 'content-type': 'application/octet-stream', 'content-disposition': 'attachment; filename="x.pdf"', 'content-length': bytes.length } }, answer => { answer.resume(); answer.on('end', () => done(answer.statusCode)); });
    rq.on('error', fail);
    rq.write(bytes.subarray(0, 100));
    sending = rq;
  });
  await office.isServing();
  office.ending = office.stop('SIGTERM');
  await office.closesItsDoor();
  sending.end(bytes.subarray(100));
  assert.equal(await answered, 201);
  assert.deepEqual(await office.ending, { code: 0, signal: null });
});
