// Three nodes of one office behind nginx are replaced by those of a newer program, one after the other, while people and programs work:
// the schema is widened under the older ones and narrowed in the end, not one request fails, nothing is lost, every effect happens once;
// the way back is open until the upgrade is finished, and closed afterwards with a sentence.
// MOTCUA_PROGRAM, MOTCUA_NEWER: two other programs (tools/rolling: that of a commit and that of now).
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { ask, stopPostgres } from './support/own_postgres.mjs';
import { Balancer, freePort, HOST } from './support/balancer.mjs';
import { Client, Office, openOffice, program, submission } from './support/office.mjs';

const older = program, isOther = process.env.MOTCUA_NEWER !== undefined;
const newer = process.env.MOTCUA_NEWER ?? path.join(path.dirname(program), 'motcua-next');
const pause = ms => new Promise(done => setTimeout(done, ms));
const until = async (what, check) => {
  for (let tries = 0; tries < 2400; tries++) {
    const found = await check();
    if (found) return found;
    await pause(50);
  }
  throw new Error(`never: ${what}`);
};

let office, database, citizen, receiver, balancer, bodies;
const nodes = [], codes = new Map(), failed = [], received = new Set();
let done = 0, isOver = false, workers;

const serve = async (node, which) => {
  node.program = which;
  await node.serve(['--node', node.name, '--listen', `127.0.0.1:${node.port}`, '--public-host', HOST]);
};
const replace = async (node, which) => {
  assert.deepEqual(await node.stop(), { code: 0, signal: null });
  await serve(node, which);
};
const more = async count => { const goal = done + count; await until(`${count} more requests`, () => done >= goal); };
const upgrade = async (...args) => {
  const [node] = nodes, answer = await node.command('upgrade', '--json', ...args);
  return { ...answer, said: answer.code === 0 ? JSON.parse(answer.stdout) : undefined };
};

// One request of somebody at work; whatever is not the answer that it must get is written down.
async function expect(status, method, target, options) {
  try {
    const answer = await balancer.ask(method, target, options);
    if (answer.status !== status) failed.push(`${method} ${target}: ${answer.status} ${answer.text.slice(0, 300)}`);
    done++;
    return answer;
  } catch (error) {
    failed.push(`${method} ${target}: ${error.code ?? error}`);
    done++;
    return undefined;
  }
}

const nothingFailed = () => assert.deepEqual(failed.length > 0 ? [...failed, ...balancer.brokenOff()] : [], []);

let next = 0;
const filing = async () => {
  const n = next++, answer = await expect(201, 'POST', '/api/v1/dossiers', { token: citizen, body: bodies[n % bodies.length], headers: { 'idempotency-key': `rolling-${n}` } });
  if (answer?.status !== 201) return;
  codes.set(n, answer.body.code);
  const seen = await expect(200, 'GET', `/api/v1/dossiers/${answer.body.code}`, { token: receiver });
  if (n % 3 !== 0 || seen?.status !== 200) return;
  await expect(200, 'POST', `/api/v1/dossiers/${answer.body.code}/receive`, { token: receiver, body: {}, headers: { 'if-match': seen.headers.etag } });
  received.add(answer.body.code);
};
const looking = async () => {
  const page = await expect(200, 'GET', ['/', '/thu-tuc', '/tra-cuu'][next % 3]), style = /href="(\/assets\/[^"]*\.css)"/.exec(page?.text ?? '')?.[1];
  if (style) await expect(200, 'GET', style);
};
const working = async () => expect(200, 'GET', '/api/v1/tasks', { token: receiver });

before(async () => {
  if (!isOther) execFileSync('ninja', ['-C', path.dirname(program), '--quiet', 'motcua-next'], { stdio: 'inherit' });
  office = await openOffice({ serve: false });
  database = /postgresql:\/\/\/([^?]+)/.exec(fs.readFileSync(path.join(office.data, 'motcua.conf'), 'utf8'))[1];
  citizen = await office.token('congdan');
  receiver = await office.token('tiepnhan');
  for (const name of ['a', 'b', 'c']) {
    const folder = path.join(office.folder, name);
    fs.mkdirSync(folder);
    nodes.push(Object.assign(new Office(folder), { data: office.data, name, port: await freePort() }));
  }
  await Promise.all(nodes.map(n => serve(n, older)));
  balancer = await new Balancer().open(path.join(office.folder, 'nginx'), nodes.map(n => n.port));
  const client = new Client(nodes[0], citizen);
  bodies = [];
  for (let i = 0; i < 4; i++) bodies.push(await submission(client, '1.013285', { agency: 'G11', label: `nâng cấp ${i}` }));
});
after(async () => {
  isOver = true;
  await workers;
  await Promise.all(nodes.map(n => n.stop()));
  await balancer?.close();
  await office?.close();
  stopPostgres();
});

test('people are at work', async () => {
  workers = Promise.all([filing, filing, filing, filing, looking, looking, working].map(async what => { while (!isOver) await what(); }));
  await more(100);
  nothingFailed();
});

test('each process is replaced under load, and one goes back in between: not one request fails', async () => {
  const [a, b, c] = nodes;
  await replace(a, newer);
  await more(60);
  if (!isOther) {
    const { said } = await upgrade();
    assert.equal(said.next, 'next_2_less');
    assert.deepEqual(said.processes.map(p => [p.name[0], p.older]), [['a', false], ['b', true], ['c', true]]);
    assert.deepEqual(ask(database, "SELECT indisvalid FROM pg_index WHERE indexrelid = 'dossier_by_next_mark'::regclass"), [['t']]);
    await until('the newer one leads', () => ask(database, `SELECT 1 FROM lease WHERE schema = ${said.known}`).length > 0);
    const refused = await upgrade('--finish');
    assert.notEqual(refused.code, 0);
    assert.match(refused.stderr, /older program serves the office still: b /);
    await replace(b, newer);
    await more(30);
    await replace(b, older); // the way back
    await more(30);
  }
  await replace(b, newer);
  await more(60);
  await replace(c, newer);
  await more(60);
  nothingFailed();
});

test('the upgrade is finished under load; an older program is then refused with a sentence', async () => {
  const { said, code, stderr } = await upgrade('--finish');
  assert.equal(code, 0, stderr);
  assert.deepEqual([said.next, said.waiting, said.indexes], ['', 0, 0]);
  assert.ok(said.processes.every(p => !p.older));
  await more(100);
  nothingFailed();
  if (isOther) return; // what was taken away, and whether anything was, is theirs
  const [, , c] = nodes;
  assert.deepEqual(ask(database, "SELECT 1 WHERE to_regclass('next_thing') IS NOT NULL"), []);
  assert.deepEqual(await c.stop(), { code: 0, signal: null });
  c.log = '';
  await assert.rejects(serve(c, older));
  assert.match(c.log, /made by a newer program|chương trình mới hơn/);
  await serve(c, newer);
  await more(30);
  nothingFailed();
});

test('nothing is lost, and nothing happened twice', async () => {
  isOver = true;
  await workers;
  assert.ok(codes.size >= 50, `${codes.size} dossiers were filed`);
  assert.equal(new Set(codes.values()).size, codes.size);
  assert.deepEqual(ask(database, "SELECT count(*), count(DISTINCT d.code) FROM idempotency i LEFT JOIN dossier d ON d.code = i.reply WHERE i.key LIKE 'rolling-%'")[0].map(Number), [codes.size, codes.size]);
  assert.equal(Number(ask(database, `SELECT count(*) FROM dossier WHERE code IN (${[...received].map(c => `'${c}'`).join()}) AND received_at IS NOT NULL`)[0][0]), received.size);
  const end = () => ask(database, 'SELECT coalesce(max(position), 0) FROM leaf')[0][0];
  await until('the followers are at the end', () => ask(database, `SELECT 1 FROM leaf_waiting UNION ALL SELECT 1 FROM follower WHERE position <> ${end()}`).length === 0);
  assert.deepEqual(ask(database, "SELECT code FROM notice WHERE act = 'submit' GROUP BY account, code HAVING count(*) > 1"), []);
  assert.equal((await nodes[0].command('audit', 'verify')).code, 0);
});
