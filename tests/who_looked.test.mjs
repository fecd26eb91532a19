// Who looked at my dossier: the applicant reads which office opened it, in what role and when; the name only of the officer whose
// name stands on a paper that they were given; nobody else reads it, and of a denunciation nothing is here.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openOffice, submission } from './support/office.mjs';

const CODE = '1.013124', DENUNCIATION = '1.013519';
let office, citizen, page, receiver, code;
before(async () => {
  office = await openOffice();
  [citizen, page, receiver] = [await office.as('congdan'), await office.signIn('congdan'), await office.signIn('tiepnhan')];
  code = (await citizen.post('/api/v1/dossiers', await submission(citizen, CODE))).body.code;
});
after(() => office.close());

const looks = async (address = `/ho-so/${code}/ai-da-xem`) => (await page.get(address)).text.match(/<tr class="govuk-table__row"><th scope="row".*?<\/tr>/gs) ?? [];
const words = line => line.replace(/<[^>]*>/g, ' ').replace(/\s+/g, ' ').trim();

test('before anybody opened it the page says so; what I open myself is no look', async () => {
  assert.match((await page.get(`/ho-so/${code}`)).text, new RegExp(`href="/ho-so/${code}/ai-da-xem"`));
  assert.match((await page.get(`/ho-so/${code}/ai-da-xem`)).words, /Chưa có ai xem.*Không ghi lại: danh sách và kết quả tìm kiếm/, 'and what is not written down');
  assert.deepEqual(await looks('/tai-khoan/ai-da-xem'), []);
});

test('an officer who opens the dossier and a paper is told with office, role and moment, once in a few minutes', async () => {
  for (let i = 0; i < 3; i++) await receiver.get(`/ho-so/${code}`);
  await receiver.get(`/ho-so/${code}/giay-to/1`);
  await (await office.as('chuyenvien')).get(`/api/v1/dossiers/${code}`);
  const seen = (await looks()).map(words);
  assert.equal(seen.length, 3, seen.join('\n'));
  assert.match(seen[0], /Bộ Quốc phòng Chuyên viên Hồ sơ$/);
  assert.match(seen[1], /Giấy tờ số 1$/);
  assert.match(seen[2], /\d\d\/\d\d\/\d{4} Bộ Quốc phòng Cán bộ một cửa Hồ sơ$/);
  assert.doesNotMatch(seen.join(), /Trần Thị Thu Hà|Lê Quang Huy/, 'an office speaks, not a person');
  const mine = (await looks('/tai-khoan/ai-da-xem')).map(words);
  assert.equal(mine.length, 3);
  assert.match(mine[0], new RegExp(`${code}$`));
});

test('a paper that a program fetched is told as that paper; one that is not there is no look', async () => {
  const program = await office.as('lanhdao'), before = (await looks()).length;
  assert.equal((await program.get(`/api/v1/dossiers/${code}/files/9`)).status, 404);
  assert.equal((await program.get(`/api/v1/dossiers/${code}/files/1`)).status, 200);
  const seen = (await looks()).map(words);
  assert.equal(seen.length, before + 1, seen.join('\n'));
  assert.match(seen[0], /Lãnh đạo.*Giấy tờ số 1$/);
});

test('the name on the receipt is the one name that is told', async () => {
  assert.equal((await (await office.as('tiepnhan')).act(code, 'receive')).status, 200);
  const seen = (await looks()).map(words).join('\n');
  assert.match(seen, /Trần Thị Thu Hà/);
  assert.doesNotMatch(seen, /Lê Quang Huy/);
});

test('nobody else reads it, and who may not see the dossier leaves no look', async () => {
  const other = await office.signIn('doanhnghiep');
  assert.equal((await other.get(`/ho-so/${code}/ai-da-xem`)).status, 404);
  assert.equal((await receiver.get(`/ho-so/${code}/ai-da-xem`)).status, 404);
  await (await office.signIn('tiepnhan.xa')).get(`/ho-so/${code}`);
  assert.doesNotMatch((await looks()).map(words).join(), /Tuyên Quang/);
  assert.equal((await fetch(`${office.url}/tai-khoan/ai-da-xem`, { redirect: 'manual' })).status, 303);
});

test('looks outlive a restart', async () => {
  const before = (await looks()).length;
  await office.stop();
  await office.serve();
  assert.equal((await looks()).length, before);
});

test('of a denunciation nothing stands here, not even for the officers', async () => {
  const counter = await office.as('tiepnhan');
  const body = await submission(counter, DENUNCIATION, { agency: 'G11', channel: 'counter' });
  const made = await counter.post('/api/v1/dossiers', body);
  assert.equal(made.status, 201, made.text);
  await (await office.signIn('lanhdao')).get(`/ho-so/${made.body.code}`);
  for (const login of ['congdan', 'tiepnhan', 'lanhdao']) {
    const theirs = await office.signIn(login);
    assert.doesNotMatch((await theirs.get('/tai-khoan/ai-da-xem')).words, new RegExp(made.body.code));
    assert.equal((await theirs.get(`/ho-so/${made.body.code}/ai-da-xem`)).status, 404);
  }
});
