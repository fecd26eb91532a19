// Who acts for somebody else: a mother for her child, a director for the enterprise, somebody with a written authority; and how
// the result goes back. Bodies that say nothing of it stay as good as they were.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openOffice, owner, pdf, submission } from './support/office.mjs';

const CODE = '1.013124';
let office, citizen, receiver;
before(async () => {
  office = await openOffice();
  citizen = await office.as('congdan');
  receiver = await office.as('tiepnhan');
});
after(() => office.close());

const agent = { role: 'representative', kind: 'citizen', name: 'Trần Văn Bình', phone: '0987 654 321', identities: [{ type: 'personal_id', value: '079078001234' }] };
const child = { ...owner, name: 'Nguyễn Bảo An', identities: [{ type: 'personal_id', value: '079219004321' }] };
const company = { role: 'owner', kind: 'business', name: 'Công ty TNHH Đức Phú', identities: [{ type: 'enterprise_number', value: '5801999008' }] };

async function send(parties, more = {}) {
  const body = { ...await submission(citizen, CODE), parties, ...more };
  return citizen.post('/api/v1/dossiers', body);
}
const pointers = answer => answer.body.errors?.map(e => e.pointer) ?? answer.status;

test('a parent, a guardian, somebody authorised and a legal representative are told apart and kept', async () => {
  const parent = await send([child, { ...agent, basis: 'parent' }]);
  assert.equal(parent.status, 201, parent.text);
  assert.deepEqual(parent.body.parties.map(p => [p.role, p.basis]), [['owner', null], ['representative', 'parent']]);
  assert.equal((await send([child, { ...agent, basis: 'guardian' }])).status, 201);
  assert.equal((await send([company, { ...agent, basis: 'legal' }])).status, 201);
  const page = await (await office.signIn('tiepnhan')).get(`/ho-so/${parent.body.code}`);
  assert.match(page.words, /Tư cách đại diện Cha, mẹ/);
});

test('the right must fit: an adult has no parent acting, a person no legal representative, nobody represents themselves', async () => {
  assert.deepEqual(pointers(await send([owner, { ...agent, basis: 'parent' }])), ['/parties/1/basis'], 'born in 2003');
  assert.deepEqual(pointers(await send([child, { ...agent, basis: 'legal' }])), ['/parties/1/basis']);
  assert.deepEqual(pointers(await send([company, { ...agent, basis: 'guardian' }])), ['/parties/1/basis']);
  assert.deepEqual(pointers(await send([child, { ...agent, basis: 'friend' }])), ['/parties/1/basis']);
  assert.deepEqual(pointers(await send([{ ...child, basis: 'parent' }, agent])), ['/parties/0/basis']);
  assert.deepEqual(pointers(await send([child, { ...child, role: 'representative', basis: 'guardian' }])), ['/parties/1/name']);
});

test('who acts by authority sends the paper of it; online without it is refused, at the counter it may be paper', async () => {
  const without = await send([owner, { ...agent, basis: 'authorised' }]);
  assert.deepEqual(pointers(without), ['/files/authority']);
  const paper = await citizen.upload(pdf('giấy ủy quyền'));
  const body = { ...await submission(citizen, CODE), parties: [owner, { ...agent, basis: 'authorised' }] };
  body.files.push({ component: 'authority', file: paper.body.id });
  const made = await citizen.post('/api/v1/dossiers', body);
  assert.equal(made.status, 201, made.text);
  assert.match((await (await office.signIn('tiepnhan')).get(`/ho-so/${made.body.code}`)).words, /Văn bản ủy quyền Đã nộp/);
  const atCounter = { ...await submission(receiver, CODE, { channel: 'counter', agency: 'G11' }), parties: [owner, { ...agent, basis: 'authorised' }], files: [] };
  assert.equal((await receiver.post('/api/v1/dossiers', atCounter)).status, 201);
  assert.deepEqual(pointers(await send([owner], { files: [...body.files] })), ['/files/2/component'], 'nobody gave authority');
});

test('a body without basis stays as good as it was', async () => {
  for (const parties of [[owner], [owner, agent], [company], [owner, { ...agent, role: 'submitter' }]])
    assert.equal((await send(parties)).status, 201);
});

test('the applicant says how the result comes back: the office reads it, an address where it is posted', async () => {
  const address = 'Số 1 Trần Phú, phường Ba Đình, Hà Nội';
  const posted = await send([owner], { return: { manner: 'post', address } });
  assert.equal(posted.status, 201, posted.text);
  assert.deepEqual(posted.body.return, { manner: 'post', address });
  const page = await (await office.signIn('tiepnhan')).get(`/ho-so/${posted.body.code}`);
  assert.match(page.words, /Qua bưu chính, đến địa chỉ nhận.*Số 1 Trần Phú/);
  assert.deepEqual(pointers(await send([owner], { return: { manner: 'post' } })), ['/return/address']);
  assert.deepEqual(pointers(await send([owner], { return: { manner: 'pigeon' } })), ['/return/manner']);
  assert.deepEqual((await send([owner], { return: { manner: 'electronic', address } })).body.return, { manner: 'electronic', address: null });
  assert.equal((await send([owner])).body.return, null);
});

test('what came by post keeps its sender and its postmark; what did not has neither', async () => {
  const post = { sender: 'Nguyễn Thị Ngọc Ánh, Hà Nội', postmarked: '2026-01-05' };
  const body = { ...await submission(receiver, CODE, { channel: 'postal', agency: 'G11' }), post };
  const made = await receiver.post('/api/v1/dossiers', body);
  assert.equal(made.status, 201, made.text);
  assert.deepEqual(made.body.post, post);
  assert.match((await (await office.signIn('tiepnhan')).get(`/ho-so/${made.body.code}`)).words, /Dấu bưu điện 05\/01\/2026/);
  assert.deepEqual(pointers(await receiver.post('/api/v1/dossiers', { ...body, post: { postmarked: '2099-01-01' } })), ['/post/postmarked']);
  assert.deepEqual(pointers(await send([owner], { post })), ['/post']);
});
