// People and their accounts over the real pages: sign in, sign up, change what is theirs, and what keeps others out.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openOffice, password, Visitor } from './support/office.mjs';

let office;
before(async () => { office = await openOffice(); });
after(() => office.close());

// A browser without script: keeps cookies, sends forms with the page's token, shows the page that a redirect leads to.
class Browser {
  cookies = new Map();

  async fetch(method, target, form) {
    const headers = { cookie: [...this.cookies].map(([n, v]) => `${n}=${v}`).join('; '), 'accept-language': 'en' };
    const body = form && new URLSearchParams(form);
    const response = await fetch(office.url + target, { method, headers, body, redirect: 'manual' });
    for (const line of response.headers.getSetCookie()) {
      const [pair] = line.split(';'), [name, value] = [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)];
      if (value === '') this.cookies.delete(name); else this.cookies.set(name, value);
    }
    return { status: response.status, to: response.headers.get('location'), headers: response.headers, text: await response.text() };
  }

  get(target) { return this.fetch('GET', target); }

  async post(page, target, form) {
    const { text } = await this.get(page);
    const csrf = /name="csrf" value="([^"]*)"/.exec(text)?.[1] ?? '';
    return this.fetch('POST', target, { csrf, ...form });
  }

  signIn(login, word = password, more = {}) { return this.post('/dang-nhap', '/dang-nhap', { login, password: word, ...more }); }
}

test('the right password leads where the visitor wanted to be, a wrong one says so and keeps the login', async () => {
  const browser = new Browser();
  const wrong = await browser.signIn('congdan', 'wrong password');
  assert.equal(wrong.status, 401);
  assert.match(wrong.text, /do not fit together/);
  assert.match(wrong.text, /value="congdan"/);
  assert.doesNotMatch(wrong.text, /wrong password/);
  const right = await browser.signIn('congdan', password, { return: '/thu-tuc?q=a' });
  assert.deepEqual([right.status, right.to], [303, '/thu-tuc?q=a']);
  assert.equal((await browser.get('/tai-khoan')).status, 200);
});

test('an address of another site is dropped after signing in', async () => {
  for (const away of ['//example.vn', 'https://example.vn/', '/\\example.vn', '/\t/example.vn', 'javascript:1', '/dang-nhap'])
    assert.equal((await new Browser().signIn('congdan', password, { return: away })).to, '/ho-so-cua-toi', away);
});

test('the session cookie is for the server only, and a sign-in makes a new one', async () => {
  const browser = new Browser();
  const first = await browser.signIn('congdan');
  const cookie = first.headers.getSetCookie().find(c => c.startsWith('motcua='));
  assert.match(cookie, /HttpOnly/);
  assert.match(cookie, /SameSite=Lax/);
  const before = browser.cookies.get('motcua');
  await browser.signIn('congdan');
  assert.notEqual(browser.cookies.get('motcua'), before);
  const old = new Browser();
  old.cookies.set('motcua', before);
  assert.equal((await old.get('/tai-khoan')).status, 303, 'the earlier session has ended');
});

test('a form of another page is refused without the token of the session', async () => {
  const browser = new Browser();
  await browser.signIn('congdan');
  assert.equal((await browser.fetch('POST', '/dang-xuat', { csrf: 'x' })).status, 403);
  assert.equal((await browser.get('/tai-khoan')).status, 200);
  const out = await browser.post('/tai-khoan', '/dang-xuat', {});
  assert.deepEqual([out.status, out.to], [303, '/']);
  assert.match((await browser.get('/tai-khoan')).to, /^\/dang-nhap\?return=/);
});

test('a citizen opens an account: every mistake at once, then signed in, the number only in part', async () => {
  const browser = new Browser();
  const bad = await browser.post('/dang-ky', '/dang-ky', { kind: 'citizen', name: '', number: '12', login: 'Ấ', password: 'a', phone: 'x', email: 'y' });
  assert.equal(bad.status, 422);
  for (const id of ['name', 'number', 'login', 'password', 'phone', 'email']) assert.match(bad.text, new RegExp(`href="#${id}"`), id);
  const form = { kind: 'citizen', name: '  Lê  Thị Bốn ', number: '068 192 000 001', login: 'Le.Bon', password: 'mưa xuân rơi nhẹ', phone: '0912 345 678', email: '' };
  const good = await browser.post('/dang-ky', '/dang-ky', { ...form, return: '/tai-khoan' });
  assert.deepEqual([good.status, good.to], [303, '/tai-khoan']);
  const page = (await browser.get('/tai-khoan')).text;
  assert.match(page, /Lê Thị Bốn/);
  assert.match(page, /068\*{7}01/);
  assert.doesNotMatch(page, /068192000001/);
  const again = await new Browser().post('/dang-ky', '/dang-ky', { ...form, login: 'le.bon.2' });
  assert.equal(again.status, 409);
  assert.match(again.text, /has an account already/);
  assert.equal((await new Browser().signIn('LE.BON', 'mưa xuân rơi nhẹ')).status, 303);
});

test('a new password needs the one before and signs the other browsers out', async () => {
  const here = new Browser(), there = new Browser();
  const form = { kind: 'business', name: 'Công ty A', number: '0100109106', login: 'cong.ty.a', password: 'first password' };
  assert.equal((await here.post('/dang-ky', '/dang-ky', form)).status, 303);
  await there.signIn('cong.ty.a', 'first password');
  const wrong = await here.post('/tai-khoan', '/tai-khoan/mat-khau', { current: 'no', password: 'second password' });
  assert.equal(wrong.status, 422);
  assert.match(wrong.text, /not your password now/);
  assert.equal((await here.post('/tai-khoan', '/tai-khoan/mat-khau', { current: 'first password', password: 'second password' })).status, 303);
  assert.match((await here.get('/tai-khoan')).text, /Other browsers are signed out/);
  assert.equal((await there.get('/tai-khoan')).status, 303);
  assert.equal((await there.signIn('cong.ty.a', 'second password')).status, 303);
});

test('language and contact are saved, mistakes keep what was typed', async () => {
  const browser = new Browser();
  await browser.signIn('doanhnghiep');
  const bad = await browser.post('/tai-khoan', '/tai-khoan', { language: 'vi', email: 'nowhere', phone: '', address: 'Số 1' });
  assert.equal(bad.status, 422);
  assert.match(bad.text, /value="nowhere"/);
  assert.equal((await browser.post('/tai-khoan', '/tai-khoan', { language: 'en', email: 'a@b.vn', phone: '', address: 'Số 2' })).status, 303);
  const page = (await browser.get('/tai-khoan')).text;
  assert.match(page, /value="a@b.vn"/);
  assert.match(page, /<html[^>]* lang="en"/);
});

test('after ten mistakes a login has to wait, others do not', async () => {
  for (let i = 0; i < 10; i++) assert.equal((await new Browser().signIn('vanthu.xa', `wrong ${i}`)).status, 401);
  const late = await new Browser().signIn('vanthu.xa');
  assert.equal(late.status, 429);
  assert.ok(Number(late.headers.get('retry-after')) > 0);
  assert.equal((await new Browser().signIn('lanhdao.xa')).status, 303);
});

test('a closed account is out at once, with its browser and its program', async () => {
  const browser = new Browser(), program = await office.as('chuyenvien2');
  await browser.signIn('chuyenvien2');
  assert.equal((await program.get('/api/v1/tasks')).status, 200);
  assert.equal((await office.command('user', 'disable', 'chuyenvien2')).code, 0);
  assert.equal((await program.get('/api/v1/tasks')).status, 401);
  assert.equal((await browser.get('/tai-khoan')).status, 303);
  assert.equal((await new Browser().signIn('chuyenvien2')).status, 403);
});

test('an officer with a first password may do nothing but choose another one', async () => {
  const made = await office.command('user', 'add', 'moi', '--role', 'receiver', '--agency', 'G11', '--name', 'Người Mới', '--json');
  assert.equal(made.code, 0, made.stderr);
  const first = JSON.parse(made.stdout).password, browser = new Browser();
  assert.equal((await browser.signIn('moi', first, { return: '/viec' })).to, '/tai-khoan');
  assert.equal((await browser.get('/api/v1/tasks')).status, 403);
  await browser.post('/tai-khoan', '/tai-khoan/mat-khau', { current: first, password: 'nắng hạ vàng sân' });
  assert.equal((await browser.get('/api/v1/tasks')).status, 200);
});

test('agencies are listed page by page, found by words, and known by either form of their identifier', async () => {
  const anyone = { get: async target => { const r = await fetch(office.url + target); return { status: r.status, etag: r.headers.get('etag'), body: await r.json() }; } };
  const seen = new Set();
  let cursor = '';
  do {
    const page = (await anyone.get(`/api/v1/agencies?parent=H36&limit=50&cursor=${cursor}`)).body;
    page.items.forEach(a => seen.add(a.identifier));
    cursor = page.next_cursor;
  } while (cursor);
  assert.equal(seen.size, 124);
  const found = (await anyone.get(`/api/v1/agencies?q=${encodeURIComponent('cát tiên')}`)).body.items;
  assert.equal(found[0].identifier, 'H36.25159');
  assert.equal(found[0].is_provisional_identifier, true);
  const one = await anyone.get('/api/v1/agencies/000.00.00.G11');
  assert.equal(one.body.identifier, 'G11');
  assert.ok(one.body.procedures.includes('1.013124'));
  assert.equal((await fetch(`${office.url}/api/v1/agencies/G11`, { headers: { 'if-none-match': one.etag } })).status, 304);
  assert.equal((await anyone.get('/api/v1/agencies/G99')).status, 404);
  assert.equal((await anyone.get('/api/v1/agencies?limit=0')).status, 422);
});

test('every procedure has an agency that takes it, with somebody in the post of receiver', async () => {
  let cursor = '', count = 0;
  do {
    const page = await (await fetch(`${office.url}/api/v1/procedures?limit=100&cursor=${cursor}`)).json();
    for (const { code } of page.items) {
      const { items } = await (await fetch(`${office.url}/api/v1/agencies?procedure=${code}`)).json();
      assert.ok(items.length > 0, code);
      count++;
    }
    cursor = page.next_cursor ? encodeURIComponent(page.next_cursor) : '';
  } while (cursor);
  assert.equal(count, 207);
});

test('what is wrong when opening an account is told from the top of the form down', async () => {
  const visitor = new Visitor(office);
  const wrong = await visitor.post('/dang-ky', { ...(await visitor.get('/dang-ky')).form('/dang-ky'), phone: 'x', email: 'x' });
  assert.equal(wrong.status, 422);
  const list = wrong.text.slice(wrong.text.indexOf('govuk-error-summary'));
  assert.deepEqual([...list.matchAll(/href="#(\w+)"/g)].map(m => m[1]).slice(0, 6), ['name', 'number', 'phone', 'email', 'login', 'password']);
});

test('a code that was not typed is asked for, not called wrong', async () => {
  const visitor = new Visitor(office), page = await visitor.get('/ma-tai-khoan');
  const empty = await visitor.post('/ma-tai-khoan', { ...page.form('/ma-tai-khoan'), code: ' ' });
  assert.equal(empty.status, 422);
  assert.match(empty.words, /Vui lòng ghi mã trên phiếu/);
});
