// Where I am signed in: the list tells the device and when; one session or all others are ended from any of them; how long people
// stay signed in is the office's choice.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openOffice, password, Visitor } from './support/office.mjs';

const PHONE = 'Mozilla/5.0 (Linux; Android 14; SM-A057F) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/129.0 Mobile Safari/537.36';
const DESK = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:131.0) Gecko/20100101 Firefox/131.0';
let office;
before(async () => { office = await openOffice(); });
after(() => office.close());

async function signIn(login, agent) {
  const visitor = new Visitor(office), fetch = visitor.fetch.bind(visitor);
  visitor.fetch = (method, target, options = {}) => fetch(method, target, { ...options, headers: { 'user-agent': agent, ...options.headers } });
  const page = await visitor.get('/dang-nhap');
  assert.equal((await visitor.post('/dang-nhap', { ...page.form('/dang-nhap'), login, password })).status, 303);
  return visitor;
}
const isIn = async visitor => (await visitor.get('/tai-khoan')).status === 200;

test('every place is listed with its device, this one is marked and has no button', async () => {
  const [phone, desk] = [await signIn('congdan', PHONE), await signIn('congdan', DESK)];
  await signIn('doanhnghiep', DESK);
  const page = await phone.get('/tai-khoan/phien');
  assert.match(page.words, /Chrome, Android · trình duyệt này/);
  assert.match(page.words, /Firefox, Windows đăng nhập lúc/);
  assert.equal(page.actions.filter(a => /dang-xuat$/.test(a) && a.startsWith('/tai-khoan')).length, 1, 'of this person only');
  assert.match((await desk.get('/tai-khoan')).text, /href="\/tai-khoan\/phien"/);
});

test('one place is signed out from another at once; nobody ends the session of somebody else', async () => {
  const [phone, desk, stranger] = [await signIn('congdan', PHONE), await signIn('congdan', DESK), await signIn('doanhnghiep', DESK)];
  const page = await phone.get('/tai-khoan/phien');
  const ends = page.actions.filter(a => /phien\/[0-9a-f]{64}\/dang-xuat$/.test(a));
  const csrf = (await stranger.get('/tai-khoan/phien')).text.match(/name="csrf" value="([^"]+)"/)[1];
  for (const end of ends) assert.equal((await stranger.post(end, { csrf })).status, 404);
  assert.ok(await isIn(desk));
  for (const end of ends) assert.equal((await phone.post(end, page.form(end))).status, 303);
  assert.ok(!await isIn(desk));
  assert.ok(await isIn(phone));
  assert.equal((await phone.post(ends[0], page.form(ends[0]))).status, 404);
});

test('all others are signed out with one button', async () => {
  const all = await Promise.all([PHONE, DESK, PHONE].map(agent => signIn('congdan', agent)));
  const page = await all[0].get('/tai-khoan/phien');
  await all[0].post('/tai-khoan/phien/noi-khac', page.form('/tai-khoan/phien/noi-khac'));
  assert.deepEqual([await isIn(all[0]), await isIn(all[1]), await isIn(all[2])], [true, false, false]);
  assert.equal((await all[0].get('/tai-khoan/phien')).form('/tai-khoan/phien/noi-khac'), undefined);
});

test('how long people stay signed in is a setting', async () => {
  await office.stop();
  await office.serve([], { MOTCUA_SESSION_HOURS: '2', MOTCUA_OFFICER_SESSION_HOURS: '3', MOTCUA_OFFICER_IDLE_MINUTES: '1' });
  const age = async login => {
    const visitor = new Visitor(office), page = await visitor.get('/dang-nhap');
    const answer = await visitor.post('/dang-nhap', { ...page.form('/dang-nhap'), login, password });
    return Number(/motcua=[^;]+.*?max-age=(\d+)/i.exec(answer.headers.getSetCookie().find(c => c.startsWith('motcua=')))[1]);
  };
  assert.deepEqual([await age('congdan'), await age('tiepnhan')], [7200, 10800]);
});
