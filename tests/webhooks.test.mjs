// Webhooks by Standard Webhooks 1.0.0, before receivers of our own: verified with Node's crypto, written from the specification and not
// from the program. Retries, replay, rotation, a receiver that is gone, addresses that may not be reached.
import assert from 'node:assert/strict';
import crypto from 'node:crypto';
import http from 'node:http';
import { after, before, test } from 'node:test';
import { eventually, openOffice, submission } from './support/office.mjs';

const env = { MOTCUA_WEBHOOK_ALLOW: '127.0.0.1', MOTCUA_RETRY_SECONDS: '1', MOTCUA_SEND_SECONDS: '10' };

// Answers what `say` says for the n-th call (from 1) of a webhook-id.
class Receiver {
  calls = [];
  constructor(say = () => 204) { this.say = say; }

  async open() {
    this.server = http.createServer((request, answer) => {
      let body = '';
      request.on('data', piece => { body += piece; });
      request.on('end', async () => {
        const id = request.headers['webhook-id'];
        this.calls.push({ id, headers: request.headers, body, method: request.method, url: request.url });
        const said = await this.say(this.calls.filter(c => c.id === id).length, this.calls.length);
        if (said === undefined) return; // never answers
        answer.writeHead(said.status ?? said, said.headers ?? {});
        answer.end(said.body ?? '');
      });
    });
    await new Promise(done => this.server.listen(0, '127.0.0.1', done));
    this.url = `http://127.0.0.1:${this.server.address().port}/hook`;
    return this;
  }

  async wait(count) {
    await eventually(`call ${count}`, () => this.calls.length >= count);
    return this.calls;
  }

  close() {
    this.server.closeAllConnections();
    return new Promise(done => this.server.close(done));
  }
}

// The specification's way: any of the signatures, over id.timestamp.body, with the bytes behind whsec_.
function verifies(call, secret, tolerance = 300) {
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
  assert.ok(key.length >= 24 && key.length <= 64);
  const { 'webhook-id': id, 'webhook-timestamp': at, 'webhook-signature': signatures } = call.headers;
  assert.ok(Math.abs(Date.now() / 1000 - Number(at)) < tolerance);
  const expected = `v1,${crypto.createHmac('sha256', key).update(`${id}.${at}.${call.body}`).digest('base64')}`;
  return signatures.split(' ').includes(expected);
}

let office, admin, citizen, officer;
const receivers = [];
const receiver = async say => { const r = await new Receiver(say).open(); receivers.push(r); return r; };
before(async () => {
  office = await openOffice({ env });
  admin = await office.as('quantri');
  citizen = await office.as('congdan');
  officer = await office.as('tiepnhan');
});
after(async () => { await office?.close(); for (const r of receivers) await r.close(); });

async function hook(say, extra = {}) {
  const to = await receiver(say);
  const answer = await admin.post('/api/v1/webhooks', { url: to.url, ...extra });
  assert.equal(answer.status, 201, answer.text);
  return Object.assign(to, answer.body);
}
async function submit() {
  const answer = await citizen.post('/api/v1/dossiers', await submission(citizen, '1.013285', { agency: 'G11' }));
  assert.equal(answer.status, 201, answer.text);
  return answer.body.code;
}
const messages = async to => (await admin.get(`/api/v1/webhooks/${to.id}/messages`)).body.items;
const until = what => eventually(`${what}`, what);
// As it is seen now.
const change = async (to, act) => admin.post(`/api/v1/webhooks/${to.id}/${act}`, {}, { headers: { 'if-match': (await admin.get(`/api/v1/webhooks/${to.id}`)).etag } });
const disable = to => change(to, 'disable');

test('an event is told once, signed, thin, and the same as the feed has it', async () => {
  const to = await hook();
  assert.match(to.secret, /^whsec_[A-Za-z0-9+/]{43}=$/);
  const code = await submit();
  const [call] = await to.wait(1);
  assert.ok(verifies(call, to.secret));
  assert.equal(verifies({ ...call, body: `${call.body} ` }, to.secret), false);
  assert.equal(call.method, 'POST');
  assert.match(call.id, /^msg_[0-9a-f]{16}-\d+$/);
  assert.match(call.headers['content-type'], /^application\/json/);
  const event = JSON.parse(call.body);
  assert.equal(event.type, 'motcua.dossier.submit');
  assert.equal(event.subject, code);
  assert.equal(event.timestamp, event.time);
  assert.deepEqual(event.data, { version: 1 });
  const feed = (await admin.get(`/api/v1/events?after=${event.id - 1}&limit=1`)).body.items[0];
  assert.deepEqual(event, feed);
  assert.doesNotMatch(call.body, /Ánh|079203001234|example\.vn/);
  assert.equal((await admin.get(`/api/v1/webhooks/${to.id}`)).body.secret, undefined);
  await until(async () => (await messages(to))[0].state === 'sent');
  await office.settled({ sent: true });
  assert.equal(to.calls.length, 1);
  await disable(to);
});

test('only the events and the agency that were chosen', async () => {
  const issue = await hook(undefined, { events: ['motcua.dossier.receive'], agency: 'G11' });
  const other = await hook(undefined, { events: 'motcua.dossier.*', agency: 'H36.25159' });
  const code = await submit();
  await officer.act(code, 'receive');
  await issue.wait(1);
  await office.settled({ sent: true });
  assert.deepEqual(issue.calls.map(c => JSON.parse(c.body).type), ['motcua.dossier.receive']);
  assert.equal(other.calls.length, 0);
  await disable(issue);
  await disable(other);
});

test('what cannot be is refused with every mistake', async () => {
  for (const url of ['', 'ftp://example.vn/', 'https://a:b@example.vn/', 'javascript:alert(1)', 'https://example.vn/#x']) {
    const answer = await admin.post('/api/v1/webhooks', { url, events: ['x y', 'motcua.Dossier'], agency: 'X99' });
    assert.equal(answer.status, 422, url);
    assert.equal(answer.body.errors.length, 3, answer.text);
  }
  const to = await hook();
  assert.equal((await admin.post('/api/v1/webhooks', { url: to.url })).status, 409);
  assert.equal((await admin.post('/api/v1/webhooks/77/rotate', {})).status, 404);
  assert.equal((await officer.get('/api/v1/webhooks')).status, 403);
  await disable(to);
});

test('a receiver that fails is tried again with the same id until it takes the message', async () => {
  const to = await hook(n => (n < 3 ? { status: 500, body: 'not now' } : 200));
  await submit();
  await to.wait(3);
  assert.equal(new Set(to.calls.map(c => c.id)).size, 1);
  for (const call of to.calls) assert.ok(verifies(call, to.secret));
  await until(async () => (await messages(to))[0].state === 'sent');
  assert.equal((await messages(to))[0].attempts, 3);
  await disable(to);
});

test('a redirect is not followed, Retry-After is heeded', async () => {
  const elsewhere = await receiver();
  const to = await hook((n, all) => (all === 1 ? { status: 307, headers: { location: elsewhere.url } } : all === 2 ? { status: 503, headers: { 'retry-after': '600' } } : 200));
  await submit();
  await to.wait(2);
  await until(async () => (await messages(to))[0].status === 503);
  const [m] = await messages(to);
  assert.equal(elsewhere.calls.length, 0);
  assert.equal(m.state, 'waiting');
  assert.ok(Date.parse(m.next_at) - Date.now() > 500000);
  await disable(to);
});

test('a receiver that never answers holds up no other', async () => {
  const slow = await hook(() => undefined), quick = await hook();
  for (let i = 0; i < 8; i++) await submit();
  await quick.wait(8);
  await until(async () => (await messages(slow)).some(m => m.reason === 'too-slow'));
  assert.ok((await messages(slow)).every(m => m.state === 'waiting'), 'the other is still being tried');
  await disable(slow);
  await disable(quick);
});

test('who answers 410 is told nothing more', async () => {
  const to = await hook(() => 410);
  await submit();
  await to.wait(1);
  await until(async () => !(await admin.get(`/api/v1/webhooks/${to.id}`)).body.is_enabled);
  assert.equal((await admin.get(`/api/v1/webhooks/${to.id}`)).body.disabled_by, 'gone');
  await submit();
  await office.settled();
  assert.equal(to.calls.length, 1);
  assert.equal((await messages(to)).length, 1);
});

test('the page: a secret shown once, messages with what was answered, one or a span sent again', async () => {
  const to = await receiver((n, all) => (all <= 2 ? { status: 400, body: 'no such <b>thing</b>' } : 200));
  const visitor = await office.signIn('quantri');
  const form = (await visitor.get('/quan-tri/webhook')).form('/quan-tri/webhook');
  const wrong = await visitor.post('/quan-tri/webhook', { ...form, url: 'nowhere', events: '', agency: '' });
  assert.equal(wrong.status, 422);
  assert.match(wrong.text, /value="nowhere"/);
  const added = await visitor.post('/quan-tri/webhook', { ...form, url: to.url, events: 'motcua.dossier.submit', agency: '' });
  const [secret] = /whsec_[A-Za-z0-9+/=]+/.exec(added.words);
  const address = /action="(\/quan-tri\/webhook\/\d+)"/.exec(added.text)[1];
  assert.doesNotMatch((await visitor.get(address)).text, /whsec_/);
  await submit();
  await to.wait(2);
  assert.ok(verifies(to.calls[0], secret));
  await until(async () => /Đã gửi/.test((await visitor.get(address)).words));
  const page = await visitor.get(address);
  const again = await visitor.post(`${address}/gui-lai`, page.form(`${address}/gui-lai`));
  assert.equal(again.status, 303);
  await to.wait(4);
  assert.equal(new Set(to.calls.map(c => c.id)).size, 1);
  const today = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Asia/Ho_Chi_Minh' }).format(new Date());
  await until(async () => !/Đang chờ/.test((await visitor.get(address)).words));
  assert.equal((await visitor.post(`${address}/gui-lai`, { csrf: form.csrf, from: today, to: today })).status, 303);
  await to.wait(5);
  assert.equal((await visitor.post(`${address}/gui-lai`, { csrf: form.csrf, from: 'x', to: '' })).status, 422);
  assert.equal((await visitor.post(address, { csrf: form.csrf, act: 'disable' })).status, 303);
  assert.match((await visitor.get('/quan-tri/webhook')).words, /Đã tắt/);
});

test('addresses inside the network are not reached, whatever they are called', async () => {
  const to = await receiver();
  const port = to.server.address().port;
  await office.stop();
  await office.serve([], { ...env, MOTCUA_WEBHOOK_ALLOW: '10.0.0.0/8' });
  const urls = ['127.0.0.1', 'localhost', '0x7f000001', '[::ffff:127.0.0.1]'].map(host => `http://${host}:${port}/inside`);
  for (const url of urls) assert.equal((await admin.post('/api/v1/webhooks', { url })).status, 201, url);
  await submit();
  const list = (await admin.get('/api/v1/webhooks')).body.items.filter(e => /inside$/.test(e.url));
  assert.equal(list.length, urls.length);
  for (const e of list) await until(async () => (await messages(e))[0]?.reason === 'closed-address');
  assert.equal(to.calls.length, 0);
  for (const e of list) await disable(e);
  await office.stop();
  await office.serve([], env);
});

test('killed while sending: every event comes, under one id', async () => {
  const to = await hook();
  const codes = [];
  for (let i = 0; i < 30; i++) codes.push(await submit());
  for (let kill = 0; kill < 3; kill++) {
    await office.stop('SIGKILL');
    await office.serve([], env);
    for (let i = 0; i < 10; i++) codes.push(await submit());
  }
  await until(async () => new Set(to.calls.map(c => JSON.parse(c.body).subject)).size >= codes.length);
  for (const code of codes) {
    const calls = to.calls.filter(c => JSON.parse(c.body).subject === code);
    assert.equal(new Set(calls.map(c => c.id)).size, 1, code);
    for (const call of calls) assert.ok(verifies(call, to.secret));
  }
  await disable(to);
});

// The last two stand on later days; the office's own clock never goes back.
test('a new secret signs at once, the former one beside it', async () => {
  const to = await hook();
  const { body: rotated } = await change(to, 'rotate');
  assert.notEqual(rotated.secret, to.secret);
  assert.ok(Date.parse(rotated.old_secret_until) > Date.now() + 23 * 3600e3);
  await submit();
  const [call] = await to.wait(1);
  assert.equal(call.headers['webhook-signature'].split(' ').length, 2);
  assert.ok(verifies(call, to.secret));
  assert.ok(verifies(call, rotated.secret));
  // A day later only the new one.
  await office.stop();
  const later = new Date(Date.now() + 25 * 3600e3).toISOString();
  await office.serve([], { ...env, MOTCUA_CLOCK: later });
  await admin.post(`/api/v1/webhooks/${to.id}/replay`, { message: (await messages(to))[0].id });
  await to.wait(2);
  assert.equal(to.calls[1].id, to.calls[0].id);
  assert.ok(verifies(to.calls[1], rotated.secret, 26 * 3600));
  assert.equal(verifies(to.calls[1], to.secret, 26 * 3600), false);
});

test('after days of failing a message is given up, and it is said why', async () => {
  const to = await hook(() => 500);
  await submit();
  await to.wait(1);
  await office.stop();
  await office.serve([], { ...env, MOTCUA_CLOCK: new Date(Date.now() + 7 * 24 * 3600e3).toISOString() });
  await until(async () => (await messages(to))[0].state === 'given-up');
  const [m] = await messages(to);
  assert.equal(m.reason, 'answer');
  assert.equal(m.status, 500);
  const found = JSON.parse((await office.command('doctor', '--json')).stdout).find(f => f.name === 'messages');
  assert.equal(found.well, false);
});
