// The acts that few dossiers need and the law describes most closely: a time limit extended once, a dossier transferred to the
// agency whose work it is, money asked for and taken, papers handed over, a result corrected, a mistake taken back. By the
// interface, at held moments where a day decides.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openOffice, pdf, submission } from './support/office.mjs';

const procedure = '1.013170'; // 28 working days; G11, G11.68 and H36.22963 perform it
const local = text => new Date(`${text.replace(' ', 'T')}:00+07:00`);
const logins = ['congdan', 'tiepnhan', 'chuyenvien', 'chuyenvien2', 'lanhdao', 'vanthu', 'tiepnhan.tinh', 'chuyenvien.tinh', 'quantri'];
let office, body, paper;
const people = {};

async function at(moment) {
  await office.stop();
  await office.serve([], { MOTCUA_CLOCK: local(moment).toISOString() });
}
before(async () => {
  office = await openOffice({ made: '2026-01-05T01:00:00Z', env: { MOTCUA_CLOCK: local('2026-03-02 08:00').toISOString() } });
  for (const login of logins) people[login] = await office.as(login);
  body = await submission(people.congdan, procedure, { agency: 'G11' });
  paper = await submission(people.tiepnhan, procedure, { agency: 'G11', channel: 'counter' });
});
after(() => office.close());

async function submitted(who = 'congdan', what = body) {
  const made = await people[who].post('/api/v1/dossiers', what);
  assert.equal(made.status, 201, made.text);
  return made.body.code;
}
async function go(code, ...steps) {
  let done;
  for (const [login, act, fields = {}] of steps) {
    done = await people[login].act(code, act, fields);
    assert.equal(done.status, 200, `${login} ${act}: ${done.text}`);
  }
  return done.body;
}
const seen = async (login, code) => (await people[login].get(`/api/v1/dossiers/${code}`)).body;
const history = async (login, code) => (await people[login].get(`/api/v1/dossiers/${code}/history`)).body.items;
const has = async (login, code) => (await people[login].get('/api/v1/tasks?limit=100')).body.items.some(t => t.dossier === code);
async function refused(login, code, act, fields, status, sentence) {
  const answer = await people[login].act(code, act, fields);
  assert.equal(answer.status, status, `${login} ${act}: ${answer.status} ${answer.text}`);
  assert.match(answer.text, sentence, `${login} ${act}`);
  return answer.body;
}
const decided = [['tiepnhan', 'receive'], ['chuyenvien', 'propose', { outcome: 'granted' }], ['lanhdao', 'approve'], ['vanthu', 'issue']];

test('a time limit is extended once, with an apology that the applicant reads, to the close of a later working day', async () => {
  const code = await submitted();
  const received = await go(code, ['tiepnhan', 'receive']);
  await refused('chuyenvien', code, 'extend', { reason: 'Chờ xác minh.' }, 422, /"\/until"/);
  await refused('chuyenvien', code, 'extend', { until: '2026-05-08' }, 422, /"\/reason"/);
  await refused('chuyenvien', code, 'extend', { reason: 'Chờ xác minh.', until: '2026-04-01' }, 422, /Ngày hẹn mới phải sau/);
  await refused('lanhdao', code, 'extend', { reason: 'Chờ xác minh.', until: '2026-05-08' }, 403, /Vai trò/);
  // 9 May 2026 is a Saturday: the next working day is Monday.
  const extended = await go(code, ['chuyenvien', 'extend', { reason: 'Xin lỗi quý vị: chờ xác minh tại địa phương.', until: '2026-05-09' }]);
  assert.equal(Date.parse(extended.due_at), local('2026-05-11 17:00').getTime());
  assert.deepEqual([extended.status, extended.extensions, extended.holder.step], [2, 1, 'received']);
  assert.equal(extended.received_at, received.received_at);
  const line = (await history('congdan', code)).at(-1);
  assert.deepEqual([line.action, line.until, line.reason], ['extend', '2026-05-09', 'Xin lỗi quý vị: chờ xác minh tại địa phương.']);
  await refused('chuyenvien', code, 'extend', { reason: 'Lần nữa.', until: '2026-06-08' }, 409, /chỉ được gia hạn một lần/);
  assert.ok(!(await seen('chuyenvien', code)).actions.some(a => a.name === 'extend'));
});

test('nothing is extended where no time limit runs', async () => {
  const code = await submitted();
  await refused('chuyenvien', code, 'extend', { reason: 'Sớm quá.', until: '2026-05-08' }, 409, /ở bước “Kiểm tra hồ sơ”/);
});

test('a dossier of another agency goes there before receipt: it is checked there and its clock starts there', async () => {
  const code = await submitted();
  await refused('tiepnhan', code, 'transfer', { to: 'G11', reason: 'Đúng chỗ rồi.' }, 422, /đang ở chính cơ quan này/);
  await refused('tiepnhan', code, 'transfer', { to: 'X99', reason: 'Không có.' }, 422, /X99/);
  const gone = await go(code, ['tiepnhan', 'transfer', { to: 'G11.68', reason: 'Thuộc thẩm quyền của Bộ Chỉ huy quân sự tỉnh.' }]);
  assert.deepEqual([gone.code, gone.agency, gone.status, gone.due_at], [code, 'G11.68', 1, null]);
  assert.ok(!await has('tiepnhan', code));
  assert.ok(await has('tiepnhan.tinh', code));
  assert.equal((await people.chuyenvien.get(`/api/v1/dossiers/${code}`)).status, 404, 'it is no longer theirs');
  assert.equal((await seen('congdan', code)).agency, 'G11.68');
  const line = (await history('congdan', code)).at(-1);
  assert.deepEqual([line.action, line.reason], ['transfer', 'Thuộc thẩm quyền của Bộ Chỉ huy quân sự tỉnh.']);
  const page = await (await office.signIn('congdan')).get(`/ho-so/${code}`);
  assert.match(page.words, /Đã chuyển cơ quan có thẩm quyền Đã xong Bộ Quốc phòng/, 'who did it then, not who has it now');
  const received = await go(code, ['tiepnhan.tinh', 'receive']);
  assert.ok(received.due_at > received.received_at);
  assert.ok(await has('chuyenvien.tinh', code));
  await people.quantri.get('/healthz');
  const found = await people['tiepnhan.tinh'].get(`/api/v1/dossiers?q=${encodeURIComponent('Ánh')}&limit=100`);
  assert.ok(found.body.items.some(d => d.code === code), 'found by name where it is');
  const before = await people.tiepnhan.get(`/api/v1/dossiers?q=${encodeURIComponent('Ánh')}&limit=100`);
  assert.ok(!before.body.items.some(d => d.code === code), 'and not where it was');
});

test('an agency that does not perform the procedure is no destination', async () => {
  const other = await submission(people.congdan, '1.013285', { agency: 'G11' });
  const code = await submitted('congdan', other);
  await refused('tiepnhan', code, 'transfer', { to: 'G11.68', reason: 'Không thuộc thẩm quyền.' }, 422, /không thực hiện thủ tục này/);
});

test('where nothing can be taken back a transfer is done at once, and its dossier no longer there for who handed it over', async () => {
  const code = await submitted();
  await office.stop();
  await office.serve([], { MOTCUA_UNDO_MINUTES: '0', MOTCUA_CLOCK: local('2026-03-02 08:02').toISOString() });
  const gone = await people.tiepnhan.act(code, 'transfer', { to: 'G11.68', reason: 'Thuộc thẩm quyền của tỉnh.' });
  assert.deepEqual([gone.status, gone.text], [204, '']);
  const told = await people.tiepnhan.get(`/api/v1/dossiers/${code}`);
  assert.equal(told.status, 404);
  assert.match(told.body.detail, new RegExp(`${code} đã chuyển cơ quan có thẩm quyền là .* lúc 08:02 02/03/2026`), 'who handed it over is told where it is');
  const stranger = await (await office.as('doanhnghiep')).get(`/api/v1/dossiers/${code}`);
  assert.deepEqual([stranger.status, stranger.body.detail], [404, `Không có hồ sơ với mã ${code}.`], 'nobody else is');
  assert.equal((await seen('tiepnhan.tinh', code)).holder.agency, 'G11.68');
  await office.stop();
  await office.serve([], { MOTCUA_CLOCK: local('2026-03-02 08:00').toISOString() });
});

test('after receipt a transferred dossier keeps its code and its clock, and waits for whoever is there', async () => {
  const code = await submitted();
  const held = await go(code, ['tiepnhan', 'receive'], ['lanhdao', 'assign', { to: 'chuyenvien2' }]);
  const gone = await go(code, ['lanhdao', 'transfer', { to: 'G11.68', reason: 'Phân cấp cho tỉnh.' }]);
  assert.deepEqual([gone.code, gone.status, gone.due_at, gone.holder.login, gone.holder.agency], [code, 4, held.due_at, null, 'G11.68']);
  assert.ok(await has('chuyenvien.tinh', code));
  assert.equal((await go(code, ['chuyenvien.tinh', 'examine', { note: 'Đủ.' }])).holder.step, 'examination');
});

test('while the applicant is asked to pay the clock stands; a receipt of payment lets the rest of it run', async () => {
  const code = await submitted();
  const received = await go(code, ['tiepnhan', 'receive']);
  const asked = await go(code, ['chuyenvien', 'request-payment', { amount: 150000, reason: 'Phí thẩm định.' }]);
  assert.deepEqual([asked.status, asked.due_at, asked.holder.role], [6, null, 'applicant']);
  assert.ok(asked.held_at);
  assert.equal((await seen('congdan', code)).reason, 'Phí thẩm định.');
  await refused('chuyenvien', code, 'record-payment', { amount: 150000, manner: 'cash' }, 403, /Vai trò/);
  for (const amount of [0, -1, '1.5', 'abc']) await refused('tiepnhan', code, 'record-payment', { amount, manner: 'cash' }, 422, /"\/amount"/);
  await refused('tiepnhan', code, 'record-payment', { amount: 150000, manner: 'gold' }, 422, /"\/manner"/);
  const paid = await go(code, ['tiepnhan', 'record-payment', { amount: '150000', manner: 'cash' }]);
  assert.deepEqual([paid.status, paid.held_at, paid.holder.step], [4, null, 'examination']);
  const moved = Date.parse(paid.due_at) - Date.parse(received.due_at);
  assert.ok(moved >= 0 && moved < 60e3, `what remained remains: ${received.due_at} ${paid.due_at}`);
});

test('papers from the counter are handed over the same working day, and only once', async () => {
  const code = await submitted('tiepnhan', paper);
  const received = await go(code, ['tiepnhan', 'receive']);
  assert.equal(Date.parse(received.step_due), local('2026-03-02 17:00').getTime());
  assert.equal(received.handed_over_at, null);
  const over = await go(code, ['tiepnhan', 'hand-over', { note: 'Giao tận tay.' }]);
  assert.ok(over.handed_over_at);
  assert.equal(over.step_due, null);
  await refused('tiepnhan', code, 'hand-over', {}, 409, /đã được chuyển cho đơn vị/);
  const online = await submitted();
  assert.ok((await go(online, ['tiepnhan', 'receive'])).handed_over_at, 'who files online hands over with receipt');
});

test('a mistake is taken back by its author: the dossier is as it was, and the journal tells both', async () => {
  const code = await submitted('tiepnhan', paper);
  const was = await seen('tiepnhan', code);
  await go(code, ['tiepnhan', 'receive', { note: 'Nhầm.' }]);
  await refused('chuyenvien', code, 'undo', {}, 403, /do người khác thực hiện/);
  const back = await go(code, ['tiepnhan', 'undo', { note: 'Bấm nhầm.' }]);
  assert.equal(back.version, was.version + 2);
  for (const key of Object.keys(was).filter(k => !['version', 'actions', 'history'].includes(k))) assert.deepEqual(back[key], was[key], key);
  assert.deepEqual(back.actions.filter(a => a.name !== 'undo'), was.actions);
  assert.ok(await has('tiepnhan', code));
  assert.ok(!await has('chuyenvien', code));
  const lines = await history('tiepnhan', code);
  assert.deepEqual(lines.map(l => l.action), ['submit', 'receive', 'undo']);
  assert.equal(lines.at(-1).undone, 'receive');
  const [, , entry] = JSON.parse((await office.command('audit', 'show', code, '--json')).stdout);
  assert.deepEqual([entry.payload.undone, entry.payload.undone_version], ['receive', 2]);
  await refused('tiepnhan', code, 'undo', {}, 409, /Không thể hoàn tác/);
  await go(code, ['tiepnhan', 'receive']);
});

test('what came with an act goes with it: papers, reasons, the holder, the place', async () => {
  const code = await submitted();
  await go(code, ['tiepnhan', 'receive'], ['lanhdao', 'assign', { to: 'chuyenvien' }]);
  const was = await seen('chuyenvien', code);
  const draft = await people.chuyenvien.upload(pdf('dự thảo nhầm'), 'dự thảo.pdf');
  const proposed = await go(code, ['chuyenvien', 'propose', { outcome: 'refused', reason: 'Nhầm hồ sơ.', files: [{ kind: 'result', file: draft.body.id }] }]);
  assert.equal(proposed.results.length, 1);
  const back = await go(code, ['chuyenvien', 'undo']);
  assert.deepEqual([back.results, back.reason, back.outcome, back.holder], [was.results, was.reason, was.outcome, was.holder]);
  assert.equal((await people.chuyenvien.get(proposed.results[0].href)).status, 404);
  // The number of the paper is never used again.
  const again = await go(code, ['chuyenvien', 'propose', { outcome: 'granted', files: [{ kind: 'result', file: draft.body.id }] }]);
  assert.ok(again.results[0].n > proposed.results[0].n);
});

test('nobody takes back what somebody else went on with, nor what the world has seen', async () => {
  const code = await submitted();
  await go(code, ['tiepnhan', 'receive'], ['chuyenvien', 'examine', { note: 'Đủ.' }]);
  await refused('tiepnhan', code, 'undo', {}, 403, /do người khác thực hiện/);
  await go(code, ['chuyenvien', 'propose', { outcome: 'granted' }], ['lanhdao', 'approve'], ['vanthu', 'issue']);
  await refused('vanthu', code, 'undo', {}, 409, /Không thể hoàn tác “Phát hành kết quả”/);
});

test('who transferred a dossier by mistake takes it back, though it is no longer theirs', async () => {
  const code = await submitted();
  const was = await seen('tiepnhan', code);
  await go(code, ['tiepnhan', 'transfer', { to: 'G11.68', reason: 'Nhầm.' }]);
  assert.deepEqual((await seen('tiepnhan', code)).actions.map(a => a.name), ['undo']);
  const back = await go(code, ['tiepnhan', 'undo']);
  assert.deepEqual([back.agency, back.status, back.holder], ['G11', 1, was.holder]);
  assert.ok(await has('tiepnhan', code));
  assert.ok(!await has('tiepnhan.tinh', code));
  await go(code, ['tiepnhan', 'receive']);
});

test('what stands beside the dossier goes back too: a receipt is cancelled, a question is not asked any more', async () => {
  const code = await submitted();
  await go(code, ['tiepnhan', 'receive'], ['chuyenvien', 'request-payment', { amount: 150000, reason: 'Phí thẩm định.' }]);
  const paid = await go(code, ['tiepnhan', 'record-payment', { amount: 150000, manner: 'cash' }]);
  assert.equal(paid.payments[0].cancelled_at, null);
  const back = await go(code, ['tiepnhan', 'undo', { note: 'Ghi nhầm hồ sơ.' }]);
  assert.deepEqual([back.status, back.due_at, back.payments.length], [6, null, 1]);
  assert.ok(back.payments[0].cancelled_at && back.held_at, 'the number stays, the clock stands again');
  await go(code, ['tiepnhan', 'record-payment', { amount: 150000, manner: 'transfer' }]);
  const asked = await go(code, ['chuyenvien', 'consult', { to: ['chuyenvien2', 'G11.68'], until: '2026-03-20', note: 'Xin ý kiến.' }]);
  assert.equal(asked.units.length, 2);
  await refused('chuyenvien', code, 'propose', { outcome: 'granted' }, 409, /chưa trả lời hết/);
  assert.ok(await has('chuyenvien.tinh', code));
  const undone = await go(code, ['chuyenvien', 'undo']);
  assert.deepEqual([undone.units.length, undone.consulting], [0, false]);
  assert.ok(!await has('chuyenvien.tinh', code));
  await go(code, ['chuyenvien', 'propose', { outcome: 'granted' }]);
});

test('an applicant takes back a withdrawal', async () => {
  const code = await submitted();
  await go(code, ['congdan', 'withdraw', { reason: 'Nhầm hồ sơ.' }], ['congdan', 'undo']);
  const back = await seen('congdan', code);
  assert.deepEqual([back.status, back.finished_at, back.reason], [1, null, null]);
  assert.ok(await has('tiepnhan', code));
});

test('the applicant is not told of an internal mistake that was taken back', async () => {
  const code = await submitted();
  await go(code, ['tiepnhan', 'receive'], ['lanhdao', 'assign', { to: 'chuyenvien2' }], ['lanhdao', 'undo']);
  assert.deepEqual((await history('congdan', code)).map(l => l.action), ['submit', 'receive']);
  assert.deepEqual((await history('lanhdao', code)).map(l => l.action), ['submit', 'receive', 'assign', 'undo']);
});

for (const isReturned of [false, true])
  test(`a wrong result is corrected ${isReturned ? 'after it was returned' : 'while it waits to be fetched'}: the applicant has the right one, the office keeps both`, async () => {
    const code = await submitted();
    await go(code, ...decided, ...(isReturned ? [['tiepnhan', 'return', { manner: 'post', tracking: 'EE123456789VN', receiver_name: 'Bưu điện' }]] : []));
    const was = await seen('congdan', code);
    await refused('vanthu', code, 'correct', { reason: 'Sai ngày sinh.' }, 422, /"\/files"/);
    const right = await people.vanthu.upload(pdf('kết quả đúng'), 'kết quả đúng.pdf');
    const fields = { reason: 'Sai ngày sinh; đúng là 01/02/1990.', files: [{ kind: 'result', file: right.body.id }] };
    await refused('chuyenvien', code, 'correct', fields, 403, /Vai trò/);
    const corrected = await go(code, ['vanthu', 'correct', fields]);
    assert.deepEqual([corrected.status, corrected.corrections, corrected.finished_at], [was.status, 1, was.finished_at]);
    assert.deepEqual(corrected.results.map(r => r.replaced), [true, false]);
    const own = await seen('congdan', code);
    assert.deepEqual(own.results.map(r => r.name), ['kết quả đúng.pdf']);
    assert.equal((await people.congdan.get(was.results[0].href)).status, 404, 'the wrong one is not handed out any more');
    assert.equal((await people.vanthu.get(was.results[0].href)).status, 200);
    const line = (await history('congdan', code)).at(-1);
    assert.deepEqual([line.action, line.reason], ['correct', fields.reason]);
    await refused('vanthu', code, 'undo', {}, 409, /Không thể hoàn tác/);
    if (isReturned) assert.deepEqual([own.status, own.return.manner], [10, 'post']);
  });

test('a result that was not returned in person says how it was', async () => {
  for (const [fields, manner] of [[{}, null], [{ manner: 'in-person', receiver_name: 'Trần Văn B' }, 'in-person'], [{ manner: 'electronic' }, 'electronic']]) {
    const code = await submitted();
    const end = await go(code, ...decided, ['tiepnhan', 'return', fields]);
    assert.deepEqual([end.status, end.return?.manner ?? null], [10, manner]);
  }
  const code = await submitted();
  await go(code, ...decided);
  await refused('tiepnhan', code, 'return', { manner: 'pigeon' }, 422, /"\/manner"/);
});

// Last, because the clock moves on.
test('an hour later nothing can be taken back; after three working days no papers are asked for; on the last day nothing is extended', async () => {
  const code = await submitted();
  const received = await go(code, ['tiepnhan', 'receive']);
  await at('2026-03-02 08:20');
  await refused('tiepnhan', code, 'undo', {}, 409, /trong vòng 15 phút/);
  await at('2026-03-05 09:00');
  await refused('chuyenvien', code, 'request-supplement', { reason: 'Thiếu ảnh.' }, 409, /3 ngày làm việc/);
  const last = new Date(Date.parse(received.due_at) - 3600e3 * 2);
  await office.stop();
  await office.serve([], { MOTCUA_CLOCK: last.toISOString() });
  await refused('chuyenvien', code, 'extend', { reason: 'Muộn rồi.', until: '2026-12-30' }, 409, /Chỉ được gia hạn chậm nhất/);
  assert.equal((await office.command('audit', 'verify')).code, 0);
});
