// The other ways of a dossier, by the interface: papers asked for, refusals, withdrawal, a stop, a decision sent back; what each
// reader learns of it; and every act that is not offered in a state is refused with a sentence.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openOffice, owner, pdf, submission } from './support/office.mjs';
import { bytesOf, wordsOf } from './support/paper.mjs';

const logins = ['congdan', 'doanhnghiep', 'tiepnhan', 'chuyenvien', 'chuyenvien2', 'lanhdao', 'vanthu', 'tiepnhan.xa'];
const acts = ['receive', 'refuse', 'request-supplement', 'supplement', 'assign', 'examine', 'propose', 'approve', 'send-back', 'issue', 'return', 'stop', 'withdraw',
  'hand-over', 'extend', 'transfer', 'consult', 'answer', 'request-payment', 'record-payment', 'note-contact', 'correct', 'undo'];
// Beside the way: possible for its author, or for good, also when nothing else is left to do.
const aside = ['undo', 'correct'];
const fields = {
  refuse: { reason: 'Không thuộc thẩm quyền; Nghị định 118/2025/NĐ-CP.' }, 'request-supplement': { reason: 'Thiếu bản đồ tỷ lệ lớn.' },
  supplement: { note: 'Tôi gửi đủ.' }, assign: { to: 'chuyenvien2' }, examine: { note: 'Ý kiến nội bộ: nên cấp.' }, propose: { outcome: 'granted' },
  'send-back': { reason: 'Xem lại bản đồ.' }, stop: { reason: 'Có quyết định của toà.' },
  extend: { reason: 'Cần thêm thời gian xác minh.', until: '2030-01-08' }, transfer: { to: 'G11.68', reason: 'Thuộc thẩm quyền của tỉnh.' },
  'request-payment': { amount: 50000, reason: 'Lệ phí theo quy định.' }, 'record-payment': { amount: 50000, manner: 'cash' },
  'note-contact': { manner: 'call' }, consult: { to: ['chuyenvien2'], until: '2030-01-08', note: 'Xin ý kiến về bản đồ.' },
  answer: { note: 'Đồng ý.' },
};
let office, body;
const people = {};
before(async () => {
  office = await openOffice();
  for (const login of logins) people[login] = await office.as(login);
  // Three agencies perform it, so that it can be transferred.
  body = await submission(people.congdan, '1.013170', { agency: 'G11' });
  fields.correct = { reason: 'Sai ngày sinh.', files: [{ kind: 'result', file: body.files[0].file }] };
});
after(() => office.close());

async function submitted() {
  const made = await people.congdan.post('/api/v1/dossiers', body);
  assert.equal(made.status, 201, made.text);
  return made.body.code;
}

// Goes a way: ['tiepnhan receive', ...]; each step is offered before it is done. The last answer.
async function go(code, ...steps) {
  let done = { body: undefined };
  for (const step of steps) {
    const [login, act] = step.split(' ');
    const seen = (await people[login].get(`/api/v1/dossiers/${code}`)).body;
    assert.ok(seen.actions.some(a => a.name === act), `${step} is offered: ${JSON.stringify(seen.actions)}`);
    done = await people[login].act(code, act, fields[act] ?? {});
    assert.equal(done.status, 200, `${step}: ${done.text}`);
  }
  return done.body;
}
const seenBy = async (login, code) => (await people[login].get(`/api/v1/dossiers/${code}`)).body;
const history = async (login, code) => (await people[login].get(`/api/v1/dossiers/${code}/history`)).body.items;
const names = items => items.map(h => h.action);

// The states of the standard process: the way there, and the status it has.
const states = [
  ['intake', [], 1],
  ['papers before receipt', ['tiepnhan request-supplement'], 5],
  ['second check', ['tiepnhan request-supplement', 'congdan supplement'], 5],
  ['received', ['tiepnhan receive'], 2],
  ['examination', ['tiepnhan receive', 'chuyenvien examine'], 4],
  ['papers after receipt', ['tiepnhan receive', 'chuyenvien request-supplement'], 5],
  ['approval', ['tiepnhan receive', 'chuyenvien propose'], 4],
  ['issuing', ['tiepnhan receive', 'chuyenvien propose', 'lanhdao approve'], 4],
  ['handing over', ['tiepnhan receive', 'chuyenvien propose', 'lanhdao approve', 'vanthu issue'], 9],
  ['returned', ['tiepnhan receive', 'chuyenvien propose', 'lanhdao approve', 'vanthu issue', 'tiepnhan return'], 10],
  ['refused at intake', ['tiepnhan refuse'], 3],
  ['refused at the second check', ['tiepnhan request-supplement', 'congdan supplement', 'tiepnhan refuse'], 8],
  ['stopped', ['tiepnhan receive', 'chuyenvien propose', 'lanhdao stop'], 8],
  ['withdrawn', ['congdan withdraw'], 7],
  ['withdrawn during examination', ['tiepnhan receive', 'chuyenvien examine', 'congdan withdraw'], 7],
];

for (const [state, way, status] of states)
  test(`${state}: status ${status}, and whoever tries what is not offered is refused with a sentence`, async () => {
    const code = await submitted();
    await go(code, ...way);
    const before = await people.congdan.get(`/api/v1/dossiers/${code}`);
    assert.equal(before.body.status, status);
    const isOver = [3, 7, 8, 10].includes(status);
    assert.equal(before.body.finished_at !== null, isOver || status === 9);
    let offered = 0;
    for (const login of logins) {
      const seen = await people[login].get(`/api/v1/dossiers/${code}`);
      const isStranger = ['doanhnghiep', 'tiepnhan.xa'].includes(login);
      assert.equal(seen.status, isStranger ? 404 : 200, login);
      const may = isStranger ? [] : seen.body.actions.map(a => a.name);
      offered += may.filter(name => !aside.includes(name)).length;
      for (const act of acts.filter(a => !may.includes(a))) {
        const refused = await people[login].act(code, act, fields[act] ?? {}, before.etag);
        assert.ok(isStranger ? [403, 404].includes(refused.status) : [403, 409].includes(refused.status), `${login} ${act}: ${refused.status} ${refused.text}`);
        assert.match(refused.body.detail ?? refused.body.title, /\S+ \S+/, `${login} ${act}`);
      }
    }
    assert.equal(offered > 0, !isOver, 'somebody may do something as long as it is not over');
    const now = await people.congdan.get(`/api/v1/dossiers/${code}`);
    assert.equal(now.etag, before.etag, 'nothing has changed');
    assert.deepEqual(now.body, before.body);
  });

test('every act that is offered is one that works', async () => {
  for (const [state, way] of states)
    for (const login of ['congdan', 'tiepnhan', 'chuyenvien', 'lanhdao', 'vanthu']) {
      const probe = await submitted();
      await go(probe, ...way);
      for (const { name } of (await seenBy(login, probe)).actions) {
        const code = await submitted();
        await go(code, ...way);
        const own = name === 'correct' && { ...fields.correct, files: [{ kind: 'result', file: (await people[login].upload(pdf('kết quả đúng'))).body.id }] };
        const done = await people[login].act(code, name, own || (fields[name] ?? {}));
        assert.equal(done.status, 200, `${state}: ${login} ${name}: ${done.text}`);
      }
    }
});

test('papers are asked for once only: before receipt, or after', async () => {
  const first = await submitted();
  await go(first, 'tiepnhan request-supplement', 'congdan supplement', 'tiepnhan receive');
  const again = await people.chuyenvien.act(first, 'request-supplement', fields['request-supplement']);
  assert.equal(again.status, 409, again.text);
  assert.ok(!(await seenBy('chuyenvien', first)).actions.some(a => a.name === 'request-supplement'));
  const second = await submitted();
  await go(second, 'tiepnhan receive', 'chuyenvien request-supplement', 'congdan supplement');
  assert.equal((await people.chuyenvien.act(second, 'request-supplement', fields['request-supplement'])).status, 409);
});

test('a supplement brings its papers, and the applicant reads why they were asked for', async () => {
  const code = await submitted();
  await go(code, 'tiepnhan request-supplement');
  const waiting = await seenBy('congdan', code);
  assert.equal(waiting.reason, fields['request-supplement'].reason);
  const upload = await people.congdan.upload(pdf('bản đồ bổ sung'), 'bản đồ.pdf');
  const sent = await people.congdan.act(code, 'supplement', { files: [{ component: body.files[0].component, file: upload.body.id }] });
  assert.equal(sent.status, 200, sent.text);
  const added = sent.body.files.find(f => f.file === upload.body.id);
  assert.equal(added.name, 'bản đồ.pdf');
  assert.equal((await people.tiepnhan.get(added.href)).text, pdf('bản đồ bổ sung').toString());
  assert.ok((await people.tiepnhan.get('/api/v1/tasks?limit=100')).body.items.some(t => t.dossier === code));
  const stolen = await people.doanhnghiep.upload(pdf('của người khác 2'));
  const other = await submitted();
  await go(other, 'tiepnhan request-supplement');
  assert.equal((await people.congdan.act(other, 'supplement', { files: [{ component: body.files[0].component, file: stolen.body.id }] })).status, 422);
});

for (const act of ['refuse', 'request-supplement'])
  test(`${act} needs a reason that says something`, async () => {
    const code = await submitted();
    for (const wrong of [{}, { reason: '' }, { reason: '   ' }, { reason: 7 }, { reason: 'x'.repeat(20001) }]) {
      const refused = await people.tiepnhan.act(code, act, wrong);
      assert.ok(refused.status === 422 || refused.status === 400, `${JSON.stringify(wrong).slice(0, 40)}: ${refused.status}`);
      assert.equal(refused.body.errors[0].pointer, '/reason');
    }
    assert.equal((await seenBy('congdan', code)).status, 1);
  });

test('a refusal tells its reason, ends the work and leaves every inbox', async () => {
  const code = await submitted();
  const end = await go(code, 'tiepnhan refuse');
  assert.equal(end.reason, fields.refuse.reason);
  assert.equal((await seenBy('congdan', code)).reason, fields.refuse.reason);
  assert.equal(end.due_at, null);
  for (const login of ['tiepnhan', 'chuyenvien', 'lanhdao', 'vanthu']) {
    const tasks = (await people[login].get('/api/v1/tasks?limit=100')).body.items;
    assert.ok(!tasks.some(t => t.dossier === code), login);
  }
});

test('sent back and again: the opinion stays inside, the applicant sees the milestones only', async () => {
  const code = await submitted();
  await go(code, 'tiepnhan receive', 'chuyenvien examine', 'chuyenvien propose', 'lanhdao send-back', 'chuyenvien propose', 'lanhdao approve', 'vanthu issue', 'tiepnhan return');
  const inside = await history('lanhdao', code), outside = await history('congdan', code);
  assert.deepEqual(names(inside), ['submit', 'receive', 'examine', 'propose', 'send-back', 'propose', 'approve', 'issue', 'return']);
  assert.deepEqual(names(outside), ['submit', 'receive', 'issue', 'return']);
  assert.match(JSON.stringify(inside), /Ý kiến nội bộ.*Xem lại bản đồ/);
  assert.doesNotMatch(JSON.stringify(outside), /nội bộ|Xem lại bản đồ/);
  const own = await seenBy('congdan', code);
  assert.doesNotMatch(JSON.stringify(own), /nội bộ|Xem lại bản đồ/);
  assert.doesNotMatch(JSON.stringify((await people.congdan.get('/api/v1/notices')).body ?? {}), /nội bộ|Xem lại bản đồ/);
});

test('a result that refuses: proposed with its reason, approved, and the applicant holds it', async () => {
  const code = await submitted();
  await go(code, 'tiepnhan receive');
  const reason = 'Công trình vượt độ cao cho phép; Nghị định 101/2025/NĐ-CP.';
  const proposed = await people.chuyenvien.act(code, 'propose', { outcome: 'refused', reason });
  assert.equal(proposed.status, 200, proposed.text);
  assert.equal((await seenBy('congdan', code)).outcome ?? null, null, 'a proposal is no decision yet');
  await go(code, 'lanhdao approve', 'vanthu issue', 'tiepnhan return');
  const end = await seenBy('congdan', code);
  assert.deepEqual([end.status, end.outcome], [10, 'refused']);
  const result = await bytesOf(people.congdan, end.results[0].href);
  assert.deepEqual([result.status, result.type], [200, 'application/pdf']);
  assert.match(await wordsOf(result.bytes), /vượt độ cao cho phép/);
  for (const wrong of [{}, { outcome: 'maybe' }, { outcome: 'refused' }]) {
    const other = await submitted();
    await go(other, 'tiepnhan receive');
    assert.equal((await people.chuyenvien.act(other, 'propose', wrong)).status, 422, JSON.stringify(wrong));
  }
});

test('assigned work is its officer\'s; a name that is nobody\'s or another office\'s is refused', async () => {
  const code = await submitted();
  await go(code, 'tiepnhan receive');
  const assigner = [];
  for (const login of ['tiepnhan', 'chuyenvien', 'lanhdao']) if ((await seenBy(login, code)).actions.some(a => a.name === 'assign')) assigner.push(login);
  assert.ok(assigner.length > 0, 'somebody may assign');
  for (const to of ['khongai', 'chuyenvien.xa', 'congdan', '']) assert.equal((await people[assigner[0]].act(code, 'assign', { to })).status, 422, to);
  const done = await people[assigner[0]].act(code, 'assign', { to: 'chuyenvien2' });
  assert.equal(done.status, 200, done.text);
  const mine = (await people.chuyenvien2.get('/api/v1/tasks?mine=1&limit=100')).body.items;
  assert.ok(mine.some(t => t.dossier === code));
});

test('a business acts for itself; its dossier is nobody else\'s', async () => {
  const own = await submission(people.doanhnghiep, '1.013285', { agency: 'G11', party: { ...owner, kind: 'business', name: 'Công ty TNHH Đức Phú', identities: [{ type: 'enterprise_number', value: '5801999008' }] } });
  const made = await people.doanhnghiep.post('/api/v1/dossiers', own);
  assert.equal(made.status, 201, made.text);
  assert.equal((await people.congdan.get(`/api/v1/dossiers/${made.body.code}`)).status, 404);
  assert.equal((await people.doanhnghiep.act(made.body.code, 'withdraw', {})).body.status, 7);
});

test('the journal verifies, and the life of each dossier has as many entries as acts', async () => {
  const code = await submitted();
  await go(code, 'tiepnhan receive', 'chuyenvien examine', 'congdan withdraw');
  const { stdout } = await office.command('audit', 'show', code, '--json');
  assert.equal(JSON.parse(stdout).length, 4);
  assert.equal((await office.command('audit', 'verify')).code, 0);
});
