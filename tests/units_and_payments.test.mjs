// Other agencies and colleagues are asked for an opinion, all at once or one after another, each with a deadline; money is taken
// and its receipts have no gap; what a dossier cost its applicant is counted. Over the interface, and on pages without scripts.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { openOffice, patiently, pdf, submission } from './support/office.mjs';

const MOMENT = '2026-03-02T10:00:00+07:00'; // a Monday; no holiday is near
const LATER = '2026-03-02T10:05:00+07:00'; // the office opens when the demo has been made
const COMMAND = 'G11.68', COMMUNE = 'H36.22963';

async function people(office, ...logins) {
  const all = {};
  for (const login of logins) all[login.replace('.', '_')] = await office.as(login);
  return all;
}

async function submitted(office, procedure = '1.013285', { by = 'congdan', channel, agency = 'G11' } = {}) {
  const client = await office.as(by);
  const answer = await client.post('/api/v1/dossiers', await submission(client, procedure, { agency, channel }));
  assert.equal(answer.status, 201, answer.text);
  return answer.body.code;
}

// At examination, held by nobody.
async function examined(office, ...how) {
  const code = await submitted(office, ...how);
  await must((await office.as('tiepnhan')).act(code, 'receive'));
  await must((await office.as('chuyenvien')).act(code, 'examine', { note: 'Đủ giấy tờ.' }));
  return code;
}

async function must(promise, status = 200) {
  const answer = await promise;
  assert.equal(answer.status, status, answer.text);
  return answer.body;
}

const dossier = async (client, code) => must(client.get(`/api/v1/dossiers/${code}`));
const states = body => Object.fromEntries(body.units.map(u => [u.login ?? u.agency, u.state]));
const questions = async client => (await must(client.get('/api/v1/tasks'))).items.filter(t => t.asked);
const isAsked = async (client, code) => (await questions(client)).some(t => t.dossier === code);

describe('opinions', () => {
  let office, lead, colleague, province, commune, citizen, leader;
  before(async () => {
    office = await openOffice({ env: { MOTCUA_CLOCK: LATER }, made: MOMENT });
    ({ chuyenvien: lead, chuyenvien2: colleague, chuyenvien_tinh: province, chuyenvien_xa: commune, congdan: citizen, lanhdao: leader } =
      await people(office, 'chuyenvien', 'chuyenvien2', 'chuyenvien.tinh', 'chuyenvien.xa', 'congdan', 'lanhdao'));
  });
  after(() => office.close());

  test('an electronic dossier goes to two agencies and a colleague at once; each answers for itself', async () => {
    const code = await examined(office);
    const asked = await must(lead.act(code, 'consult', { to: [COMMAND, COMMUNE, 'chuyenvien2'], until: '2026-03-06', note: 'Độ cao này có vướng không?' }));
    assert.deepEqual(states(asked), { [COMMAND]: 'asked', [COMMUNE]: 'asked', chuyenvien2: 'asked' });
    assert.deepEqual(asked.units.map(u => u.turn), [0, 0, 0]);
    for (const unit of asked.units) assert.equal(unit.due_at, '2026-03-06T10:00:00Z', 'the close of the named day');
    assert.equal(asked.consulting, true);

    for (const unit of [province, commune, colleague]) {
      const [task] = (await questions(unit)).filter(t => t.dossier === code);
      assert.equal(task.due, '2026-03-06T10:00:00Z');
      assert.deepEqual(task.actions.map(a => a.name), ['answer']);
    }
    const seen = await dossier(province, code);
    assert.deepEqual(seen.actions.map(a => a.name), ['answer']);
    assert.equal(seen.parties[0].name, 'Nguyễn Thị Ngọc Ánh');
    assert.deepEqual(seen.units.map(u => u.agency), [COMMAND], 'who else is asked is not their business');
    assert.equal(seen.units[0].question, 'Độ cao này có vướng không?');
    assert.equal((await province.get(seen.files[0].href)).status, 200, 'the papers can be read');
    assert.deepEqual([seen.payments, seen.contacts], [[], []]);

    const drawing = (await province.upload(pdf('bản đồ tĩnh không'), 'ban-do.pdf')).body.id;
    const answered = await must(province.act(code, 'answer', { note: 'Không vướng đường bay.', files: [{ kind: 'result', file: drawing }] }));
    assert.equal(answered.units[0].opinion, 'Không vướng đường bay.');
    assert.deepEqual(answered.files.map(f => f.name), ['ban-do.pdf']);
    assert.deepEqual([answered.parties, answered.form, answered.owner, answered.actions], [[], {}, '', []], 'nothing of the matter any more');
    assert.equal((await province.get(seen.files[0].href)).status, 404);
    assert.equal((await province.act(code, 'answer', { note: 'Lần nữa.' })).status, 403);
    assert.equal(await isAsked(province, code), false);

    const forLead = await dossier(lead, code);
    assert.deepEqual(states(forLead), { [COMMAND]: 'answered', [COMMUNE]: 'asked', chuyenvien2: 'asked' });
    const [n] = forLead.units[0].files;
    assert.equal(forLead.files.find(f => f.n === n).kind, 'other', 'an opinion\'s paper is no result, whatever it is called');
    assert.deepEqual(forLead.results, []);

    const early = await lead.act(code, 'propose', { outcome: 'granted' });
    assert.equal(early.status, 409, 'two have still time to answer');
    await must(commune.act(code, 'answer', { note: 'Đồng ý.' }));
    const last = await must(colleague.act(code, 'answer', { note: 'Đồng ý với đề nghị.' }));
    assert.equal(last.consulting, false);
    await must(lead.act(code, 'propose', { outcome: 'granted' }));
    assert.deepEqual(states(await dossier(lead, code)), { [COMMAND]: 'answered', [COMMUNE]: 'answered', chuyenvien2: 'answered' });
  });

  test('the applicant learns that others are asked, not whom, and never what they say', async () => {
    const code = await examined(office);
    await must(lead.act(code, 'consult', { to: COMMAND, until: '2026-03-06', note: 'Câu hỏi nội bộ' }));
    const seen = await dossier(citizen, code);
    assert.deepEqual([seen.consulting, seen.units, seen.contacts], [true, [], []]);
    const file = (await province.upload(pdf('ý kiến'))).body.id;
    await must(province.act(code, 'answer', { note: 'Ý kiến nội bộ', files: [{ file }] }));
    const after = await dossier(citizen, code), history = await citizen.get(`/api/v1/dossiers/${code}/history`);
    assert.equal(after.consulting, false);
    for (const text of [JSON.stringify(after), history.text]) assert.doesNotMatch(text, /nội bộ/);
    const forLead = await dossier(lead, code);
    assert.equal((await citizen.get(`/api/v1/dossiers/${code}/files/${forLead.units[0].files[0]}`)).status, 404);
  });

  test('who was not asked sees nothing; who was asked does nothing else', async () => {
    const code = await examined(office);
    await must(lead.act(code, 'consult', { to: [COMMAND], until: '2026-03-06', note: 'Câu hỏi' }));
    assert.equal((await commune.get(`/api/v1/dossiers/${code}`)).status, 404);
    const receiver = await office.as('tiepnhan.tinh');
    assert.deepEqual((await dossier(receiver, code)).actions, [], 'a receiver of the asked agency reads and does not answer');
    assert.equal((await receiver.act(code, 'answer', { note: 'Trả lời hộ' })).status, 403);
    for (const [act, fields] of [['propose', { outcome: 'granted' }], ['note-contact', { manner: 'call' }], ['consult', { to: COMMUNE, until: '2026-03-06', note: '?' }]])
      assert.equal((await province.act(code, act, fields)).status, 403, act);
    assert.equal((await province.get(`/api/v1/dossiers?q=${code}`)).body.items.length, 0, 'it is not a dossier of theirs');
  });

  test('one after another: the next turn opens with the answer before it and has as much working time', async () => {
    const code = await examined(office);
    const asked = await must(lead.act(code, 'consult', { to: [COMMAND, COMMUNE], until: '2026-03-03', note: 'Lần lượt', manner: 'in-turn' }));
    assert.deepEqual(asked.units.map(u => [u.turn, u.state]), [[1, 'asked'], [2, 'waiting']]);
    assert.ok(asked.units[1].due_at > asked.units[0].due_at);
    assert.equal((await commune.get(`/api/v1/dossiers/${code}`)).status, 404, 'its turn has not come');
    assert.equal(await isAsked(commune, code), false);
    await must(province.act(code, 'answer', { note: 'Được.' }));
    const second = (await dossier(lead, code)).units[1];
    assert.equal(second.state, 'asked');
    assert.ok(second.opened_at > second.asked_at);
    assert.ok(second.due_at < asked.units[1].due_at, 'the first one answered early, so the second begins early');
    assert.ok(await isAsked(commune, code));
  });

  test('papers go round one after another unless the lead says otherwise', async () => {
    const code = await examined(office, '1.013539', { by: 'tiepnhan', channel: 'postal' });
    const asked = await must(lead.act(code, 'consult', { to: [COMMAND, COMMUNE], until: '2026-03-04', note: 'Hồ sơ giấy' }));
    assert.deepEqual(asked.units.map(u => u.turn), [1, 2]);
    await must(lead.act(code, 'undo'));
    const again = await must(lead.act(code, 'consult', { to: [COMMAND, COMMUNE], until: '2026-03-04', note: 'Hồ sơ giấy', manner: 'parallel' }));
    assert.deepEqual(again.units.map(u => u.turn), [0, 0]);
  });

  test('a unit may be given a last day of its own', async () => {
    const code = await examined(office);
    const asked = await must(lead.act(code, 'consult', { to: [COMMAND, `${COMMUNE}:2026-03-10`], until: '2026-03-04', note: 'Câu hỏi' }));
    assert.deepEqual(asked.units.map(u => u.due_at), ['2026-03-04T10:00:00Z', '2026-03-10T10:00:00Z']);
    for (const day of ['2026-02-30', '2026-03-01'])
      assert.equal((await lead.act(await examined(office), 'consult', { to: `${COMMAND}:${day}`, until: '2026-03-04', note: 'Câu hỏi' })).status, 422, day);
  });

  test('a question taken back within time is gone, and so is its place in the inbox', async () => {
    const code = await examined(office);
    await must(lead.act(code, 'consult', { to: [COMMAND, 'chuyenvien2'], until: '2026-03-06', note: 'Nhầm' }));
    assert.ok(await isAsked(province, code));
    const back = await must(lead.act(code, 'undo', { note: 'Hỏi nhầm nơi' }));
    assert.deepEqual([back.units, back.consulting], [[], false]);
    for (const unit of [province, colleague]) assert.equal(await isAsked(unit, code), false);
    assert.equal((await province.get(`/api/v1/dossiers/${code}`)).status, 404);
  });

  test('a dossier that is stopped asks nobody any more; undoing the stop asks again', async () => {
    const code = await examined(office);
    await must(lead.act(code, 'consult', { to: COMMAND, until: '2026-03-06', note: 'Câu hỏi' }));
    await must(leader.act(code, 'stop', { reason: 'Người nộp đề nghị dừng.' }));
    assert.deepEqual(states(await dossier(lead, code)), { [COMMAND]: 'dropped' });
    assert.equal(await isAsked(province, code), false);
    await must(leader.act(code, 'undo'));
    assert.deepEqual(states(await dossier(lead, code)), { [COMMAND]: 'asked' });
    assert.ok(await isAsked(province, code));
  });

  test('while the applicant has to pay, the question still stands', async () => {
    const code = await examined(office);
    await must(lead.act(code, 'consult', { to: COMMAND, until: '2026-03-06', note: 'Câu hỏi' }));
    await must(lead.act(code, 'request-payment', { amount: 50000, reason: 'Phí thẩm định.' }));
    assert.deepEqual(states(await dossier(lead, code)), { [COMMAND]: 'asked' });
    await must(province.act(code, 'answer', { note: 'Được.' }));
  });

  const refusals = [
    ['nobody by that name', { to: 'khongco' }, '/to'],
    ['the own agency as a whole', { to: 'G11' }, '/to'],
    ['oneself', { to: 'chuyenvien' }, '/to'],
    ['an officer who may not answer', { to: 'lanhdao' }, '/to'],
    ['an agency without a specialist', { to: 'H36' }, '/to'],
    ['nobody at all', { to: [] }, '/to'],
    ['a day that has passed', { until: '2026-03-01' }, '/until'],
    ['no question', { note: ' ' }, '/note'],
    ['an unknown order', { manner: 'at-random' }, '/manner'],
  ];
  for (const [what, fields, pointer] of refusals)
    test(`refused: ${what}`, async () => {
      const code = await examined(office);
      const answer = await lead.act(code, 'consult', { to: COMMAND, until: '2026-03-06', note: 'Câu hỏi', ...fields });
      assert.equal(answer.status, 422, answer.text);
      assert.ok(answer.body.errors.some(e => e.pointer.endsWith(pointer)), answer.text);
      assert.deepEqual((await dossier(lead, code)).units, []);
    });

  test('one who is being asked is not asked a second time', async () => {
    const code = await examined(office);
    await must(lead.act(code, 'consult', { to: COMMAND, until: '2026-03-06', note: 'Câu hỏi' }));
    assert.equal((await lead.act(code, 'consult', { to: [COMMUNE, COMMAND], until: '2026-03-06', note: 'Câu hỏi' })).status, 422);
  });

  test('twenty questions of one deadline stand in one queue without disturbing one another', async () => {
    const codes = [];
    for (let i = 0; i < 20; i++) codes.push(await examined(office));
    for (const code of codes) await must(lead.act(code, 'consult', { to: [COMMAND, 'chuyenvien2'], until: '2026-03-05', note: 'Câu hỏi' }));
    const seen = [];
    for (let cursor = ''; cursor !== null;) {
      const page = await must(province.get(`/api/v1/tasks?limit=7${cursor ? `&cursor=${encodeURIComponent(cursor)}` : ''}`));
      seen.push(...page.items.filter(t => t.asked).map(t => t.dossier));
      cursor = page.next_cursor;
    }
    for (const code of codes) assert.equal(seen.filter(c => c === code).length, 1);
  });
});

describe('silence', () => {
  test('handling goes on without a unit that is silent, and the next turn opens', async () => {
    const office = await openOffice({ env: { MOTCUA_CLOCK: LATER }, made: MOMENT });
    try {
      let { chuyenvien: lead } = await people(office, 'chuyenvien');
      const together = await examined(office), inTurn = await examined(office);
      await must(lead.act(together, 'consult', { to: [COMMAND, COMMUNE], until: '2026-03-03', note: 'Cùng lúc' }));
      await must(lead.act(inTurn, 'consult', { to: [COMMAND, COMMUNE], until: '2026-03-03', note: 'Lần lượt', manner: 'in-turn' }));
      const before = await dossier(lead, inTurn);
      await office.stop();
      await office.serve([], { MOTCUA_CLOCK: '2026-03-04T08:00:00+07:00' });

      let province, commune;
      ({ chuyenvien: lead, chuyenvien_tinh: province, chuyenvien_xa: commune } = await people(office, 'chuyenvien', 'chuyenvien.tinh', 'chuyenvien.xa'));
      assert.deepEqual(states(await dossier(lead, together)), { [COMMAND]: 'no-answer', [COMMUNE]: 'no-answer' });
      assert.equal((await dossier(lead, together)).consulting, false);
      for (const code of [together, inTurn]) assert.equal(await isAsked(province, code), false);
      assert.equal((await province.get(`/api/v1/dossiers/${together}`)).status, 404, 'a late answer comes too late');
      await must(lead.act(together, 'propose', { outcome: 'granted' }));
      assert.deepEqual(states(await dossier(lead, together)), { [COMMAND]: 'no-answer', [COMMUNE]: 'no-answer' });

      const next = await dossier(lead, inTurn);
      assert.deepEqual(next.units.map(u => u.state), ['no-answer', 'asked']);
      assert.equal(next.version, before.version + 1, 'a form of yesterday is not of the dossier of today');
      assert.ok(next.units[1].due_at > '2026-03-05', 'as much working time as the first had, from now on');
      assert.ok(await isAsked(commune, inTurn));
      assert.equal((await lead.act(inTurn, 'propose', { outcome: 'granted' })).status, 409);
      await must(commune.act(inTurn, 'answer', { note: 'Được.' }));
      await must(lead.act(inTurn, 'propose', { outcome: 'granted' }));
      const history = (await must(lead.get(`/api/v1/dossiers/${inTurn}/history`))).items.map(h => h.action);
      assert.deepEqual(history, ['submit', 'receive', 'examine', 'consult', 'unit-silence', 'answer', 'propose']);
      const forCitizen = (await must((await office.as('congdan')).get(`/api/v1/dossiers/${inTurn}/history`))).items.map(h => h.action);
      assert.deepEqual(forCitizen, ['submit', 'receive']);
      const verified = await office.command('audit', 'verify');
      assert.equal(verified.code, 0, verified.stderr);
    } finally {
      await office.close();
    }
  });
});

describe('money', () => {
  let office, receiver, specialist, citizen;
  before(async () => {
    office = await openOffice({ env: { MOTCUA_CLOCK: LATER }, made: MOMENT });
    ({ tiepnhan: receiver, chuyenvien: specialist, congdan: citizen } = await people(office, 'tiepnhan', 'chuyenvien', 'congdan'));
  });
  after(() => office.close());
  const money = async (client, code) => must(client.get(`/api/v1/dossiers/${code}/payments`));

  test('several fees, each for a condition, are not added up; what was asked for is', async () => {
    const code = await examined(office, '1.013539', { by: 'tiepnhan', channel: 'postal' });
    const at = await money(receiver, code);
    assert.equal(at.fees.length, 4);
    assert.deepEqual(at.sums, [{ kind: 'fee', currency: 'VND', due: null, paid: 0 }]);
    const asked = await must(specialist.act(code, 'request-payment', { amount: 3500000, reason: 'Khai thác trên đất liền.' }));
    assert.equal(asked.status, 6);
    assert.equal(asked.fees.at(-1).id, 'asked-1');
    const paid = await must(receiver.act(code, 'record-payment', { amount: 3500000, manner: 'transfer', payer: 'Công ty Đức Phú' }));
    assert.equal(paid.status, 4, 'examination goes on');
    const [receipt] = paid.payments;
    assert.match(receipt.receipt_number, /^BL-G11-2026-\d{7}$/);
    assert.deepEqual([receipt.fee, receipt.kind, receipt.manner, receipt.payer], ['asked-1', 'fee', 'transfer', 'Công ty Đức Phú']);
    assert.deepEqual((await money(receiver, code)).sums, [{ kind: 'fee', currency: 'VND', due: 3500000, paid: 3500000 }]);
  });

  test('dollars at the border gate stay dollars', async () => {
    const gate = await office.as('tiepnhan.xa');
    const code = await submitted(office, '1.013575', { by: 'tiepnhan.xa', channel: 'counter', agency: COMMUNE });
    const { fees } = await money(gate, code);
    assert.deepEqual(fees.map(f => [f.kind, f.amount, f.currency]), [['charge', 100, 'USD'], ['charge', 50, 'USD'], ['charge', 20000, 'VND']]);
    const paid = await must(gate.act(code, 'record-payment', { amount: 100, currency: 'USD', manner: 'cash', fee: 'charge-1' }));
    assert.match(paid.payments[0].receipt_number, /^BL-H36\.22963-2026-0000001$/);
    assert.equal(paid.fees[0].paid, 100);
    assert.deepEqual((await money(gate, code)).sums, [{ kind: 'charge', currency: 'VND', due: null, paid: 0 }, { kind: 'charge', currency: 'USD', due: null, paid: 100 }]);
    assert.equal((await gate.act(code, 'record-payment', { amount: 1000, currency: 'VND', manner: 'cash', fee: fees[0].id })).status, 422, 'in the currency of the fee');
    assert.equal((await gate.act(code, 'record-payment', { amount: 100, currency: 'USD', manner: 'cash', fee: 'fee-9' })).status, 422);
  });

  test('a mistaken payment is cancelled by undo; its number stays explained', async () => {
    const code = await submitted(office);
    const paid = await must(receiver.act(code, 'record-payment', { amount: 50000, manner: 'cash', fee: 'charge' }));
    await must(receiver.act(code, 'undo', { note: 'Nhầm hồ sơ' }));
    const again = await must(receiver.act(code, 'record-payment', { amount: 60000, manner: 'cash', fee: 'charge' }));
    const [first, second] = again.payments;
    assert.equal(first.receipt_number, paid.payments[0].receipt_number);
    assert.ok(first.cancelled_at);
    assert.equal(first.cancel_reason, 'Nhầm hồ sơ');
    assert.equal(second.cancelled_at, null);
    assert.equal(Number(second.receipt_number.slice(-7)), Number(first.receipt_number.slice(-7)) + 1);
    assert.deepEqual((await money(receiver, code)).sums.find(s => s.kind === 'charge'), { kind: 'charge', currency: 'VND', due: null, paid: 60000 });
    const forCitizen = (await money(citizen, code)).items;
    assert.equal(forCitizen.length, 2);
    assert.ok(forCitizen.every(p => p.cancel_reason === undefined && p.note === undefined), 'why is the office\'s');
    assert.deepEqual(again.contacts.map(c => c.manner), ['cash'], 'what did not happen is not counted');
  });

  test('whoever may not take money takes none', async () => {
    const code = await examined(office);
    assert.equal((await specialist.act(code, 'record-payment', { amount: 1000, manner: 'cash' })).status, 403);
    for (const amount of [0, -5, 1.5, '12 000', null])
      assert.equal((await receiver.act(code, 'record-payment', { amount, manner: 'cash' })).status, 422, `${amount}`);
  });

  test('200 payments at once get 200 numbers without a gap', async () => {
    const body = await submission(citizen, '1.013285', { agency: 'G11' });
    const made = await Promise.all(Array.from({ length: 200 }, () => patiently(() => citizen.post('/api/v1/dossiers', body))));
    const taken = await Promise.all(made.map(({ body: { code }, etag }) => patiently(() => receiver.act(code, 'record-payment', { amount: 20000, manner: 'cash' }, etag))));
    const numbers = taken.map(t => { assert.equal(t.status, 200, t.text); return Number(t.body.payments[0].receipt_number.slice(-7)); }).sort((a, b) => a - b);
    assert.equal(new Set(numbers).size, 200);
    assert.equal(numbers.at(-1) - numbers[0], 199);
  });
});

describe('contacts', () => {
  let office;
  before(async () => { office = await openOffice(); });
  after(() => office.close());

  test('acts write what they are, once; what no act shows is noted', async () => {
    const counter = await office.as('tiepnhan.xa'), specialist = await office.as('chuyenvien.xa');
    const code = await submitted(office, '1.013575', { by: 'tiepnhan.xa', channel: 'counter', agency: COMMUNE });
    await must(counter.act(code, 'receive'));
    await must(specialist.act(code, 'request-supplement', { reason: 'Thiếu danh sách.' }));
    await must(counter.act(code, 'supplement', {}));
    await must(counter.act(code, 'record-payment', { amount: 500, currency: 'USD', manner: 'cash', fee: 'charge' }));
    await must(counter.act(code, 'record-payment', { amount: 500, currency: 'USD', manner: 'transfer', fee: 'charge' }));
    await must(counter.act(code, 'note-contact', { manner: 'help', note: 'Hướng dẫn tại màn hình.' }));
    await must(specialist.act(code, 'propose', { outcome: 'granted' }));
    await must((await office.as('lanhdao.xa')).act(code, 'approve'));
    await must((await office.as('vanthu.xa')).act(code, 'issue'));
    const end = await must(counter.act(code, 'return', { manner: 'in-person' }));
    assert.deepEqual(end.contacts.map(c => c.manner), ['visit', 'paper', 'visit', 'cash', 'help', 'visit']);
    assert.equal(end.contacts[4].note, 'Hướng dẫn tại màn hình.');
  });

  test('the four noes are counted by procedure for those who may see them', async () => {
    const receiver = await office.as('tiepnhan'), leader = await office.as('lanhdao');
    const codes = [await submitted(office), await submitted(office), await submitted(office)];
    await must(receiver.act(codes[0], 'record-payment', { amount: 20000, manner: 'cash', fee: 'charge' }));
    await must(receiver.act(codes[0], 'record-payment', { amount: 20000, manner: 'cash', fee: 'charge' }));
    await must(receiver.act(codes[1], 'note-contact', { manner: 'visit' }));
    await must(receiver.act(codes[1], 'note-contact', { manner: 'help' }));
    const { items, total } = await must(leader.get('/api/v1/contacts/summary'));
    const counts = { dossiers: 3, no_paper: 3, no_cash: 2, no_visit: 2, helped: 1 };
    assert.deepEqual(items, [{ procedure: '1.013285', name: items[0].name, ...counts }]);
    assert.deepEqual(total, counts);
    assert.deepEqual((await must(leader.get('/api/v1/contacts/summary?from=2020-01-01&to=2020-12-31'))).total.dossiers, 0);
    const page = await (await office.signIn('lanhdao')).get('/bon-khong');
    assert.equal(page.status, 200);
    assert.match(page.text, /<svg class="mc-chart"/);
    assert.match(page.words, /67 % \(2\/3\)/);
    assert.match(page.words, /1\.013285/);
    assert.equal((await (await office.signIn('tiepnhan')).get('/bon-khong')).status, 403);
    assert.equal((await (await office.as('congdan')).get('/api/v1/contacts/summary')).status, 403);
  });
});

describe('on pages, without scripts', () => {
  let office;
  before(async () => { office = await openOffice({ env: { MOTCUA_CLOCK: LATER }, made: MOMENT }); });
  after(() => office.close());

  test('the lead asks, the unit finds the question and answers, the lead reads it', async () => {
    const code = await examined(office);
    const lead = await office.signIn('chuyenvien'), unit = await office.signIn('chuyenvien.tinh');
    const sent = await lead.act(code, 'consult', { to: COMMAND, until: '2026-03-06', note: 'Có vướng tĩnh không không?' });
    assert.equal(sent.status, 303, sent.words);
    const inbox = await unit.get('/viec');
    assert.ok(inbox.text.includes(`/ho-so/${code}"`));
    assert.match(inbox.words, /Chờ quý vị cho ý kiến/);
    const page = await unit.get(`/ho-so/${code}`);
    assert.match(page.words, /Có vướng tĩnh không không\?/);
    assert.deepEqual(page.actions.filter(a => a.startsWith('/ho-so/')), [`/ho-so/${code}/answer`]);
    const applicant = await office.signIn('congdan');
    assert.match((await applicant.get(`/ho-so/${code}`)).words, /Đang lấy ý kiến của các cơ quan, đơn vị liên quan/);

    const empty = await unit.act(code, 'answer', { note: '' });
    assert.equal(empty.status, 422);
    assert.match(empty.text, /govuk-error-summary/);
    const files = { files: [new File([pdf('bản đồ')], 'ban-do.pdf', { type: 'application/pdf' })] };
    const done = await unit.act(code, 'answer', { note: 'Không vướng.' }, files);
    assert.equal(done.status, 303, done.words);
    assert.equal(done.headers.get('location'), '/viec');
    const later = await unit.get(`/ho-so/${code}`);
    assert.match(later.words, /Không vướng\./);
    assert.doesNotMatch(later.words, /Ngọc Ánh/);

    const read = await lead.get(`/ho-so/${code}`);
    assert.match(read.words, /Bộ Chỉ huy quân sự tỉnh Lâm Đồng Đã trả lời/);
    assert.match(read.words, /Không vướng\. ban-do\.pdf/);
    assert.doesNotMatch((await applicant.get(`/ho-so/${code}`)).words, /Không vướng|ban-do/);
  });

  test('a colleague is asked by a tick beside their name', async () => {
    const code = await examined(office);
    const lead = await office.signIn('chuyenvien');
    const page = await lead.get(`/ho-so/${code}`);
    assert.match(page.text, /type="checkbox"[^>]*value="chuyenvien2"|value="chuyenvien2"[^>]*type="checkbox"/);
    assert.doesNotMatch(page.text, /type="checkbox"[^>]*value="chuyenvien"/, 'nobody asks themselves');
    const sent = await lead.act(code, 'consult', { to: ['chuyenvien2', COMMAND], to_other: COMMUNE, until: '2026-03-06', note: 'Mọi người xem giúp.' });
    assert.equal(sent.status, 303, sent.words);
    assert.deepEqual(states(await dossier(await office.as('chuyenvien'), code)), { chuyenvien2: 'asked', [COMMAND]: 'asked', [COMMUNE]: 'asked' });
  });

  test('a fee is paid at the counter; applicant and office read the same receipt', async () => {
    const code = await submitted(office, '1.013285');
    const receiver = await office.signIn('tiepnhan'), applicant = await office.signIn('congdan');
    const sent = await receiver.act(code, 'record-payment', { amount: '50000', manner: 'cash' });
    assert.equal(sent.status, 303, sent.words);
    for (const visitor of [receiver, applicant]) {
      const page = await visitor.get(`/ho-so/${code}`);
      assert.match(page.words, /BL-G11-2026-0000001/);
      assert.match(page.words, /50\.000 ₫ · Tiền mặt/);
    }
    const back = await receiver.act(code, 'undo', { note: 'Nhầm' });
    assert.equal(back.status, 303, back.words);
    assert.match((await applicant.get(`/ho-so/${code}`)).words, /BL-G11-2026-0000001 Đã hủy/);
  });

  test('the office asks for money, the applicant reads what for, the counter chooses what is paid', async () => {
    const code = await examined(office, '1.013539', { by: 'tiepnhan', channel: 'postal' });
    const specialist = await office.signIn('chuyenvien'), receiver = await office.signIn('tiepnhan');
    const asked = await specialist.act(code, 'request-payment', { amount: '2000000', reason: 'Thẩm định phục vụ nghiên cứu.' });
    assert.equal(asked.status, 303, asked.words);
    const page = await receiver.get(`/ho-so/${code}`);
    assert.match(page.words, /Số tiền|Phí/);
    assert.match(page.text, /<option value="asked-1"[^>]*>Đã yêu cầu nộp – 2\.000\.000 ₫ – Thẩm định phục vụ nghiên cứu\.<\/option>/);
    const paid = await receiver.act(code, 'record-payment', { amount: '2000000', manner: 'transfer', fee: 'asked-1' });
    assert.equal(paid.status, 303, paid.words);
    assert.match((await receiver.get(`/ho-so/${code}`)).words, /2\.000\.000 ₫ · Chuyển khoản/);
  });
});
