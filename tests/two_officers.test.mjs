// Two people at one dossier: on every act of the table, whoever comes second is told what the first one did, and nothing is done
// twice. Both hold the same version; their requests leave at the same moment.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openOffice, pdf, submission } from './support/office.mjs';

const logins = ['congdan', 'tiepnhan', 'chuyenvien', 'chuyenvien2', 'lanhdao', 'vanthu'];
let office, body, paper;
const people = {}, twins = {}; // the same person at two machines
before(async () => {
  office = await openOffice();
  for (const login of logins) [people[login], twins[login]] = [await office.as(login), await office.as(login)];
  body = await submission(people.congdan, '1.013170', { agency: 'G11' });
  paper = await submission(people.tiepnhan, '1.013170', { agency: 'G11', channel: 'counter' });
});
after(() => office.close());

const result = async login => ({ reason: 'Sai ngày sinh.', files: [{ kind: 'result', file: (await people[login].upload(pdf('kết quả đúng'))).body.id }] });
const consult = { to: ['chuyenvien2'], until: '2030-01-08', note: 'Xin ý kiến.' };
const received = [['tiepnhan', 'receive']];
const examined = [...received, ['chuyenvien', 'examine']];
const proposed = [...received, ['chuyenvien', 'propose', { outcome: 'granted' }]];
const approved = [...proposed, ['lanhdao', 'approve']];
const issued = [...approved, ['vanthu', 'issue']];

// Every act: the way to where it is possible, who does it (twice when one person does it from two machines), what it brings, and
// what the journal says when it is done.
const acts = {
  receive: [[], ['tiepnhan', 'tiepnhan'], {}, 'Đã tiếp nhận'],
  refuse: [[], ['tiepnhan', 'tiepnhan'], { reason: 'Không thuộc phạm vi.' }, 'Không tiếp nhận'],
  'request-supplement': [received, ['chuyenvien', 'chuyenvien2'], { reason: 'Thiếu ảnh.' }, 'bổ sung'],
  supplement: [[['tiepnhan', 'request-supplement', { reason: 'Thiếu ảnh.' }]], ['congdan', 'congdan'], {}, 'bổ sung'],
  assign: [received, ['tiepnhan', 'lanhdao'], { to: 'chuyenvien2' }, 'phân công'],
  examine: [received, ['chuyenvien', 'chuyenvien2'], { note: 'Đủ.' }, 'thẩm định'],
  propose: [examined, ['chuyenvien', 'chuyenvien2'], { outcome: 'granted' }, 'trình'],
  approve: [proposed, ['lanhdao', 'lanhdao'], {}, 'phê duyệt'],
  'send-back': [proposed, ['lanhdao', 'lanhdao'], { reason: 'Xem lại.' }, 'trả lại'],
  issue: [approved, ['vanthu', 'vanthu'], {}, 'phát hành'],
  return: [issued, ['tiepnhan', 'tiepnhan'], { manner: 'in-person' }, 'trả kết quả'],
  stop: [examined, ['lanhdao', 'lanhdao'], { reason: 'Có quyết định của toà.' }, 'dừng'],
  withdraw: [received, ['congdan', 'congdan'], {}, 'rút'],
  'hand-over': [received, ['tiepnhan', 'tiepnhan'], {}, 'Đã chuyển hồ sơ giấy'],
  extend: [received, ['chuyenvien', 'chuyenvien2'], { reason: 'Chờ xác minh.', until: '2030-01-08' }, 'gia hạn'],
  transfer: [received, ['tiepnhan', 'lanhdao'], { to: 'G11.68', reason: 'Phân cấp.' }, 'Đã chuyển cơ quan'],
  consult: [examined, ['chuyenvien', 'chuyenvien'], consult, 'lấy ý kiến'],
  answer: [[...examined, ['chuyenvien', 'consult', consult]], ['chuyenvien2', 'chuyenvien2'], { note: 'Đồng ý.' }, 'trả lời ý kiến'],
  'request-payment': [received, ['chuyenvien', 'tiepnhan'], { amount: 50000, reason: 'Phí thẩm định.' }, 'yêu cầu nộp'],
  'record-payment': [received, ['tiepnhan', 'tiepnhan'], { amount: 50000, manner: 'cash' }, 'ghi nhận nộp tiền'],
  'note-contact': [received, ['tiepnhan', 'vanthu'], { manner: 'call' }, 'ghi nhận lần tiếp xúc'],
  correct: [issued, ['vanthu', 'vanthu'], result, 'đính chính'],
  undo: [received, ['tiepnhan', 'tiepnhan'], {}, 'hoàn tác'],
};

async function made(act, way) {
  const isPaper = act === 'hand-over';
  const { body: { code } } = await people[isPaper ? 'tiepnhan' : 'congdan'].post('/api/v1/dossiers', isPaper ? paper : body);
  for (const [login, step, fields = {}] of way) {
    const done = await people[login].act(code, step, fields);
    assert.equal(done.status, 200, `${login} ${step}: ${done.text}`);
  }
  return code;
}
const names = async code => (JSON.parse((await office.command('audit', 'show', code, '--json')).stdout)).map(e => e.act);

test('the table of this test has every act that a person can do', async () => {
  const document = (await people.congdan.get('/api/v1/openapi.json')).body;
  const known = Object.keys(document.paths).map(p => /^\/api\/v1\/dossiers\/\{code\}\/([a-z-]+)$/.exec(p)).filter(m => m && document.paths[m[0]].post?.parameters.some(p => p.name === 'If-Match') && !document.paths[m[0]].get).map(m => m[1]);
  assert.deepEqual(Object.keys(acts).sort(), known.sort());
});

for (const [act, [way, [first, second], brings, words]] of Object.entries(acts))
  test(`${act} at the same moment: one does it, the other is told what was done`, async () => {
    const code = await made(act, way);
    const { etag, body: was } = await people[first].get(`/api/v1/dossiers/${code}`);
    const fields = [typeof brings === 'function' ? await brings(first) : brings, typeof brings === 'function' ? await brings(second) : brings];
    const answers = await Promise.all([people[first].act(code, act, fields[0], etag), twins[second].act(code, act, fields[1], etag)]);
    const [, late] = answers.map(a => a.status).sort();
    assert.deepEqual(answers.map(a => a.status).sort(), [200, act === 'transfer' && late === 404 ? 404 : 412], answers.map(a => `${a.status} ${a.text}`).join('\n').slice(0, 800));
    const told = answers.find(a => a.status === late).body.detail;
    assert.ok(told.toLowerCase().includes(words.toLowerCase()), `${told} says “${words}”`);
    assert.match(told, /\d\d:\d\d \d\d\/\d\d\/\d{4}/);
    const done = await names(code);
    assert.equal(done.length, way.length + 2, 'done once');
    assert.equal(done.at(-1), act);
    assert.equal(answers.find(a => a.status === 200).body.version, was.version + 1);
  });

test('whatever the first one did, the second one\'s different act is not done on top of it', async () => {
  const ways = Object.entries(acts).filter(([act, [, [login]]]) => login !== 'congdan' && !['note-contact', 'transfer', 'return'].includes(act));
  for (const [act, [way, [login], brings]] of ways) {
    const code = await made(act, way);
    const { etag } = await people[login].get(`/api/v1/dossiers/${code}`);
    const fields = typeof brings === 'function' ? await brings(login) : brings;
    const [one, other] = await Promise.all([people[login].act(code, act, fields, etag), twins.lanhdao.act(code, 'note-contact', { manner: 'visit' }, etag)]);
    assert.deepEqual([one.status, other.status].sort(), [200, 412], `${act}: ${one.text} ${other.text}`.slice(0, 800));
    assert.equal((await names(code)).length, way.length + 2, act);
  }
});

test('many at once at one dossier: exactly one', async () => {
  const code = await made('examine', received);
  const { etag } = await people.chuyenvien.get(`/api/v1/dossiers/${code}`);
  const all = await Promise.all(Array.from({ length: 40 }, (_, i) => [people.chuyenvien, twins.chuyenvien2][i % 2].act(code, 'examine', { note: `Lần ${i}` }, etag)));
  assert.equal(all.filter(a => a.status === 200).length, 1);
  assert.equal(all.filter(a => a.status === 412).length, 39);
  assert.equal((await office.command('audit', 'verify')).code, 0);
});
