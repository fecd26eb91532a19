// How it went: who submitted a dossier says it once after its end; nobody at the office can tell whose an answer is; leaders read
// sums and words once there are enough of them.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openOffice, submission } from './support/office.mjs';

const CODE = '1.013124', NAMES = ['satisfaction', 'time', 'contacts', 'bodies', 'attitude'];
let office, citizen, page, leader;
before(async () => {
  office = await openOffice();
  [citizen, page, leader] = [await office.as('congdan'), await office.signIn('congdan'), await office.signIn('lanhdao')];
});
after(() => office.close());

async function refused(label) {
  const { code } = (await citizen.post('/api/v1/dossiers', await submission(citizen, CODE, { label }))).body;
  assert.equal((await (await office.as('tiepnhan')).act(code, 'refuse', { reason: 'Không thuộc thẩm quyền, theo Điều 5.' })).status, 200);
  return code;
}
async function rate(code, answers, who = page) {
  const address = `/ho-so/${code}/danh-gia`;
  return who.post(address, { ...(await who.get(address)).form(address), ...answers });
}
const fine = { satisfaction: '5', time: '2', contacts: '2', bodies: '1', attitude: '2' };

test('it is asked when the dossier is over, not before, and of nobody else', async () => {
  const { code } = (await citizen.post('/api/v1/dossiers', await submission(citizen, CODE))).body;
  assert.equal((await page.get(`/ho-so/${code}/danh-gia`)).status, 409);
  assert.doesNotMatch((await page.get(`/ho-so/${code}`)).text, /danh-gia/);
  const over = await refused('một');
  assert.match((await page.get(`/ho-so/${over}`)).text, new RegExp(`href="/ho-so/${over}/danh-gia"`));
  assert.equal((await (await office.signIn('doanhnghiep')).get(`/ho-so/${over}/danh-gia`)).status, 404);
  assert.equal((await (await office.signIn('tiepnhan')).get(`/ho-so/${over}/danh-gia`)).status, 404);
});

test('every missing answer is told at once; it is said once', async () => {
  const code = await refused('hai');
  const empty = await rate(code, { satisfaction: '9', comment: 'giữ lại' });
  assert.equal(empty.status, 422);
  const told = [...empty.text.matchAll(/<li><a href="#[^"]*">([^<]*): Quý vị vui lòng chọn một mục\.<\/a>/g)].map(m => m[1]);
  assert.equal(new Set(told).size, 5, 'each line says which question is meant');
  for (const name of NAMES) assert.match(empty.text, new RegExp(`href="#${name}"`));
  assert.equal(empty.form(`/ho-so/${code}/danh-gia`).comment, 'giữ lại');
  assert.equal((await rate(code, { ...fine, comment: 'Ghế chờ quá ít.' })).status, 303);
  assert.equal((await page.get(`/ho-so/${code}/danh-gia`)).status, 409);
  assert.doesNotMatch((await page.get(`/ho-so/${code}`)).text, /danh-gia/);
});

test('leaders read nothing of few, sums and words of enough, and never whose they are', async () => {
  const few = await leader.get('/chat-luong');
  assert.match(few.words, /12 tháng qua: 1\./);
  assert.doesNotMatch(few.words, /Ghế chờ/);
  const codes = [];
  for (const satisfaction of ['5', '4', '4', '1']) {
    codes.push(await refused(`số ${codes.length + 3}`));
    assert.equal((await rate(codes.at(-1), { ...fine, satisfaction, attitude: satisfaction === '1' ? '0' : '2' })).status, 303);
  }
  const sums = await leader.get('/chat-luong');
  assert.match(sums.words, /12 tháng qua: 5\./);
  assert.match(sums.words, /Rất hài lòng 2 40 %/);
  assert.match(sums.words, /3,8 \/ 5/);
  assert.match(sums.words, /1,6 \/ 2/);
  assert.match(sums.words, /Ghế chờ quá ít/);
  assert.match(sums.text, /<svg class="mc-chart"/);
  for (const code of codes) assert.ok(!sums.text.includes(code));
  assert.doesNotMatch(sums.words, /Ngọc Ánh/);
  for (const code of codes) {
    const history = (await (await office.as('lanhdao')).get(`/api/v1/dossiers/${code}/history`)).text;
    assert.doesNotMatch(history, /rated|satisfaction/);
  }
  for (const login of ['tiepnhan', 'chuyenvien', 'congdan']) assert.equal((await (await office.signIn(login)).get('/chat-luong')).status, 403);
  assert.match((await (await office.signIn('lanhdao.xa')).get('/chat-luong')).words, /12 tháng qua: 0\./);
});
