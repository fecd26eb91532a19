// Bad luck on purpose, for stories and for `make faults`: the real program with tests/faults/shim.c before the C library, told what
// is to go wrong through a small file that both have open; and people who work meanwhile and write down what was acknowledged.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { Disk } from './disk.mjs';
import { openOffice, pdf, program, submission } from './office.mjs';

export const shim = process.env.MOTCUA_FAULTS ?? path.join(path.dirname(program), 'faults.so');
if (!fs.existsSync(shim)) throw new Error(`${shim} is not there: without it nothing would go wrong (ninja faults.so, or MOTCUA_FAULTS)`);
export const EIO = 5, ENOSPC = 28, EROFS = 30, EDQUOT = 122;

// The places of struct control in tests/faults/shim.c.
const kinds = ['none', 'write', 'sync', 'allocation', 'change'], deeds = ['none', 'kill', 'error', 'cut'];
const places = ['kind', 'at', 'deed', 'error', 'goesOn', 'seed', 'seen', 'struck', 'retried', 'lost'];

export class Luck {
  constructor(office, { cuts = false, synchronous } = {}) {
    this.file = path.join(office.folder, 'luck');
    fs.writeFileSync(this.file, Buffer.alloc(8 * places.length));
    this.fd = fs.openSync(this.file, 'r+');
    this.env = { LD_PRELOAD: shim, FAULTS_CONTROL: this.file, FAULTS_FOLDER: fs.realpathSync(office.data), ...(cuts && { FAULTS_CUTS: '1' }),
      ...(synchronous && { FAULTS_SYNCHRONOUS: synchronous }) };
  }

  set(name, value) {
    const bytes = Buffer.alloc(8);
    bytes.writeBigInt64LE(BigInt(value));
    fs.writeSync(this.fd, bytes, 0, 8, 8 * places.indexOf(name));
  }

  get(name) {
    const bytes = Buffer.alloc(8);
    fs.readSync(this.fd, bytes, 0, 8, 8 * places.indexOf(name));
    return Number(bytes.readBigInt64LE());
  }

  // The at-th call of this kind from now on is struck: {kind, at, deed: kill|error|cut, error, goesOn, seed}.
  arm({ kind = 'change', at = 1, deed, error = 0, goesOn = false, seed = 0 }) {
    this.calm();
    for (const [name, value] of Object.entries({ at, deed: deeds.indexOf(deed), error, goesOn: Number(goesOn), seed, seen: 0, struck: 0, retried: 0, lost: 0 })) this.set(name, value);
    this.set('kind', kinds.indexOf(kind));
  }

  calm() { this.set('kind', 0); }
  close() { fs.closeSync(this.fd); }
}

const pause = ms => new Promise(done => setTimeout(done, ms));
const procedure = '1.013285', agency = 'G11';

// An office where people work while things go wrong, and the ledger of what it has acknowledged: every key that was sent, and for
// those that were answered what must be true for ever.
export class Trial {
  // With a folder the office lies there, else beside what the rig notes.
  static async open({ cuts, synchronous, folder } = {}) {
    const office = await openOffice({ serve: false });
    if (folder) {
      fs.cpSync(office.data, folder, { recursive: true });
      office.data = folder;
    }
    const luck = new Luck(office, { cuts, synchronous });
    await office.serve([], luck.env);
    return Object.assign(await Trial.at(office), { luck });
  }

  // In an office that is open already.
  static async at(office) {
    const t = Object.assign(new Trial(), { office, keys: 0, ledger: new Map(), unknown: new Map(), keptAt: new Map(), late: 0, refused: new Map(), restarts: [] });
    await t.enter();
    return t;
  }

  // Who works: a citizen with the papers of an application, and the officer who receives it.
  async enter() {
    [this.citizen, this.receiver] = [await this.office.as('congdan'), await this.office.as('tiepnhan')];
    this.body = await submission(this.citizen, procedure, { agency });
  }

  async close() {
    await this.office.stop('SIGKILL');
    this.luck.close();
    await this.office.close();
  }

  // The application with this paper that was uploaded.
  bodyWith(paper) { return { ...this.body, files: [{ ...this.body.files[0], file: paper.body.id }, ...this.body.files.slice(1)] }; }
  send(key, body) { return this.citizen.post('/api/v1/dossiers', body, { headers: { 'idempotency-key': key } }); }

  // One piece of work: a new paper, a dossier with it, and mostly the office receives it. What is acknowledged goes to the ledger.
  async piece() {
    const key = `luck-${this.keys++}`, bytes = pdf(`${key} ${this.office.folder}`);
    const paper = await this.citizen.upload(bytes);
    if (paper.status !== 201) return this.note(paper);
    this.keptAt.set(key, Date.now());
    const body = this.bodyWith(paper);
    this.unknown.set(key, body);
    const sent = await this.send(key, body);
    if (sent.status !== 201) return this.note(sent);
    this.unknown.delete(key);
    const fact = { key, code: sent.body.code, status: 1, file: paper.body.id };
    this.ledger.set(key, fact);
    if (this.keys % 3 === 0) return this.note(sent);
    const seen = await this.receiver.get(`/api/v1/dossiers/${fact.code}`);
    if (seen.status !== 200) return this.note(seen);
    const received = await this.receiver.act(fact.code, 'receive', {}, seen.etag);
    if (received.status === 200) fact.status = 2;
    return this.note(received);
  }

  note(answer) {
    if (answer.status >= 400) this.refused.set(answer.status, (this.refused.get(answer.status) ?? 0) + 1);
    this.last = answer;
    return answer;
  }

  // Many people at once until the office is gone, or until so many pieces were begun.
  async work(pieces, clients = 8) {
    let begun = 0, isGone = false;
    const one = async () => {
      while (!isGone && begun++ < pieces) {
        try {
          await this.piece();
        } catch (error) {
          if (error.name === 'AssertionError') throw error;
          isGone = true; // the connection died with the office: not acknowledged
        }
      }
    };
    await Promise.all(Array.from({ length: clients }, one));
  }

  // What the log had promised is known to be lost: without this the office would refuse to open.
  acceptLoss() { fs.rmSync(path.join(this.office.data, 'motcua.db-mark'), { force: true }); }

  // The office opens again, unhurt; how long that took is kept.
  async restart({ signal = 'SIGKILL', env = this.luck.env } = {}) {
    const end = await this.office.stop(signal);
    this.luck.calm();
    const began = performance.now();
    await this.office.serve([], env);
    this.restarts.push(performance.now() - began);
    return end;
  }

  // Everything acknowledged is there, as it was acknowledged; what nobody was told about can be sent again with its key. What is
  // missing is counted, for the runs that must lose something.
  async missing(facts = [...this.ledger.values()]) {
    const lost = [];
    const look = async fact => {
      const seen = await this.patiently(`/api/v1/dossiers/${fact.code}`);
      const isThere = seen.status === 200 && seen.body.status >= fact.status && seen.body.files.some(f => f.file === fact.file);
      if (!isThere || !this.hasFile(fact.file)) lost.push({ ...fact, answer: seen.status });
    };
    for (let i = 0; i < facts.length; i += 16) await Promise.all(facts.slice(i, i + 16).map(look));
    return lost;
  }

  // Who asks on a busy machine may be told to come again.
  async insist(ask) {
    for (let tries = 0; ; tries++) {
      const answer = await ask();
      if (answer.status !== 503 || tries === 20) return answer;
      await pause(500);
    }
  }

  patiently(target) { return this.insist(() => this.citizen.get(target)); }

  hasFile(id) {
    const file = path.join(this.office.data, 'files', id.slice(0, 2), id.slice(2));
    return fs.existsSync(file) && createHash('sha256').update(fs.readFileSync(file)).digest('hex') === id;
  }

  // What was sent without an answer is sent again with its key: once made, never twice.
  async resend() {
    for (const [key, body] of this.unknown) {
      const send = () => this.send(key, body), answers = [];
      const first = await send().catch(() => null);
      if (first?.status === 201) answers.push(first);
      else if (await this.ended(3000)) await this.restart(); // it was still on its way to its end
      for (let tries = 0; answers.length < 2; tries++) {
        const answer = await send();
        if (answer.status === 503 && tries < 20) await pause(500); // a busy machine
        else answers.push(answer);
      }
      if (this.isLate(key, answers[0])) continue;
      assert.equal(answers[0].status, 201, answers[0].text);
      assert.equal(answers[1].body.code, answers[0].body.code);
      this.ledger.set(key, { key, code: answers[0].body.code, status: 1, file: body.files[0].file });
    }
    this.unknown.clear();
  }

  // A paper that was acknowledged behind the cut of a real disk. Of an fsync that is under way in that moment ext4 may say that it is done
  // though the end of its write was dropped with the disk; where the power fails, nobody is left to hear it. Counted, and told.
  isLate(key, answer) {
    const isLate = answer.status === 422 && answer.body.errors.some(e => e.pointer === '/files/0/file') && this.keptAt.get(key) >= this.cutAt;
    this.late += isLate;
    return isLate;
  }

  async verify() {
    const verified = await this.office.command('audit', 'verify', '--json');
    assert.equal(verified.code, 0, verified.stderr + verified.stdout);
  }

  // How the office ended, or undefined when it still stands after so many milliseconds.
  ended(most = 2000) {
    return Promise.race([this.office.ended, pause(most).then(() => undefined)]);
  }
}

// Numbers that look thrown, the same for the same seed.
export function dice(seed) {
  let x = seed >>> 0;
  return most => {
    x = (Math.imul(x, 1664525) + 1013904223) >>> 0;
    return Math.floor((x / 2 ** 32) * most);
  };
}

// ---- the rigs: each plays its bad luck so often and answers with figures ----

const changesOfATrial = 3000; // about as many as 40 pieces of work make
const verifiedEach = 100; // trials

// The office dies in the middle of a change to its folder; people send again what was not answered, and so on. deed: kill (the
// process alone) or cut (the power: what was not synced is lost, or any part of it).
export async function deaths({ deed, count, seed = 1, tell = () => {} }) {
  const t = await Trial.open({ cuts: deed === 'cut' }), roll = dice(seed);
  const figures = { trials: 0, acknowledged: 0, resent: 0, lost: 0, pieces: 0, restarts: t.restarts };
  try {
    while (figures.trials < count) {
      t.luck.arm({ at: 1 + roll(changesOfATrial), deed, seed: roll(3) === 0 ? 0 : 1 + roll(1e9) });
      await t.work(400);
      assert.equal(t.luck.get('struck'), 1, t.office.log);
      figures.pieces += t.luck.get('lost');
      await t.restart();
      const lost = await t.missing();
      assert.deepEqual(lost, [], `trial ${figures.trials} of seed ${seed}`);
      figures.trials++;
      figures.acknowledged += t.ledger.size;
      figures.resent += t.unknown.size;
      await t.resend();
      t.ledger.clear();
      if (figures.trials % verifiedEach === 0) await t.verify();
      tell(figures);
    }
    await t.verify();
    return figures;
  } finally {
    await t.close();
  }
}

// The same cuts on a database that syncs only now and then: such a run has to lose something, or the rig sees nothing.
export async function carelessCuts({ most, isEnough = figures => figures.losing > 0, seed = 1, tell = () => {} }) {
  const figures = { trials: 0, acknowledged: 0, lost: 0, losing: 0 }, roll = dice(seed);
  while (figures.trials < most && !isEnough(figures)) {
    const t = await Trial.open({ cuts: true, synchronous: 'NORMAL' });
    try {
      t.luck.arm({ at: 1 + roll(changesOfATrial), deed: 'cut' });
      await t.work(400);
      await t.office.ended;
      t.acceptLoss();
      await t.restart();
      await t.enter(); // their tokens may be lost too
      const lost = await t.missing();
      figures.trials++;
      figures.acknowledged += t.ledger.size;
      figures.lost += lost.length;
      figures.losing += lost.length > 0;
      tell(figures);
    } finally {
      await t.close();
    }
  }
  return figures;
}

// The power of a real disk (ext4) fails while people work, at a moment that a seed chooses, each seventh time again while the office
// opens; the process lives on for some milliseconds and must not acknowledge what the disk did not take.
export async function ext4Cuts({ count, seed = 1, synchronous, isEnough = () => false, tell = () => {} }) {
  const disk = new Disk({ megabytes: 192 + count }), roll = dice(seed); // a trial leaves less than a megabyte
  const t = await Trial.open({ synchronous, folder: path.join(disk.at, 'data') });
  const figures = { trials: 0, acknowledged: 0, resent: 0, lost: 0, losing: 0, restarts: t.restarts };
  const cut = async () => {
    const at = await disk.cut();
    t.cutAt ??= at; // the first of a trial
    await pause(roll(30));
    await t.office.stop('SIGKILL');
    disk.remount();
  };
  try {
    while (figures.trials < count && !isEnough(figures)) {
      const work = t.work(400);
      t.cutAt = undefined;
      for (let waited = 0, enough = 1 + roll(40); t.ledger.size < enough && waited < 20000; waited += 4) await pause(4);
      await cut();
      await work;
      if (figures.trials % 7 === 0) {
        if (synchronous) t.acceptLoss();
        const opening = t.office.serve([], t.luck.env).catch(() => null);
        await pause(roll(120));
        await cut();
        await opening;
      }
      if (synchronous) t.acceptLoss();
      await t.restart();
      if (synchronous) await t.enter(); // their tokens and papers may be lost too
      const lost = await t.missing();
      if (!synchronous) assert.deepEqual(lost, [], `trial ${figures.trials} of seed ${seed}`);
      figures.trials++;
      figures.acknowledged += t.ledger.size;
      figures.resent += t.unknown.size;
      figures.lost += lost.length;
      figures.losing += lost.length > 0;
      if (!synchronous) await t.resend();
      t.unknown.clear();
      t.ledger.clear();
      figures.late = t.late;
      if (figures.trials % verifiedEach === 0) await t.verify();
      tell(figures);
    }
    await t.verify();
    return figures;
  } finally {
    await t.close();
    disk.close();
  }
}

// The platter refuses the n-th fsync, for each n: nothing of it is acknowledged, that file is never synced again by this process,
// and what should have been kept is lost even if a later fsync says otherwise.
export async function failedSyncs({ count, step = 1, seed = 1, tell = () => {} }) {
  const t = await Trial.open({ cuts: true }), figures = { trials: 0, acknowledged: 0, resent: 0, ended: 0, refused: 0, retried: 0 };
  try {
    for (let at = 1; figures.trials < count; at += step) {
      t.refused.clear();
      t.luck.arm({ kind: 'sync', at, deed: 'error', error: EIO, seed });
      await t.work(Math.max(8, at));
      assert.equal(t.luck.get('struck'), 1, t.office.log);
      const end = await t.ended(1000);
      if (end) assert.deepEqual(end, { code: 75, signal: null });
      figures.trials++;
      figures.ended += end !== undefined;
      figures.refused += t.refused.get(503) ?? 0;
      figures.retried += t.luck.get('retried');
      assert.deepEqual([...t.refused.keys()].filter(status => status !== 503), []);
      await t.restart();
      assert.deepEqual(await t.missing(), [], `fsync ${at}`);
      figures.acknowledged += t.ledger.size;
      figures.resent += t.unknown.size;
      await t.resend();
      t.ledger.clear();
      tell(figures);
    }
    assert.equal(figures.retried, 0, 'an fsync that failed is never tried again');
    await t.verify();
    return figures;
  } finally {
    await t.close();
  }
}

// What people do while memory is out: made ready before; `send` answers what was heard; `check` throws when, with memory again, what
// was acknowledged is not so, or what was not cannot be done after all.
const withoutMemory = {
  // A new paper, a dossier with it, its receipt: one after the other.
  async piece(t) {
    return {
      send: () => t.work(1, 1).then(() => t.last),
      check: async () => {
        const acknowledged = t.ledger.size;
        assert.deepEqual(await t.missing(), []);
        await t.resend();
        t.ledger.clear();
        return acknowledged;
      },
    };
  },

  // The office was killed and opens: it opens whole, or says why not.
  async start(t) {
    if (t.ledger.size === 0) await t.work(12);
    await t.office.stop('SIGKILL');
    t.office.log = '';
    return {
      send: async () => t.note(await t.office.serve([], t.luck.env).then(() => t.citizen.get('/api/v1/dossiers'))),
      check: async () => {
        assert.deepEqual(await t.missing(), []);
        return 0;
      },
    };
  },

  async upload(t, n) {
    const bytes = pdf(`memory ${n} ${t.office.folder}`);
    return {
      send: async () => t.note(await t.citizen.upload(bytes)),
      check: async said => {
        const paper = said?.status === 201 ? said : await t.insist(() => t.citizen.upload(bytes));
        assert.equal(paper.status, 201, paper.text);
        assert.ok(t.hasFile(paper.body.id), 'it lies under its hash');
        const sent = await t.insist(() => t.send(`memory-${n}`, t.bodyWith(paper)));
        assert.equal(sent.status, 201, `the paper that was acknowledged can be sent: ${sent.text}`);
        return said?.status === 201 ? 1 : 0;
      },
    };
  },

  async submit(t, n) {
    const paper = await t.citizen.upload(pdf(`memory ${n} ${t.office.folder}`)), body = t.bodyWith(paper);
    return {
      send: async () => t.note(await t.send(`memory-${n}`, body)),
      check: async said => {
        const again = await t.insist(() => t.send(`memory-${n}`, body));
        assert.equal(again.status, 201, again.text);
        if (said?.status === 201) assert.equal(again.body.code, said.body.code, 'sent again it is the same');
        assert.deepEqual(await t.missing([{ code: again.body.code, status: 1, file: paper.body.id }]), []);
        return said?.status === 201 ? 1 : 0;
      },
    };
  },

  async act(t, n) {
    const paper = await t.citizen.upload(pdf(`memory ${n} ${t.office.folder}`)), { body: { code } } = await t.send(`memory-${n}`, t.bodyWith(paper));
    const { etag } = await t.receiver.get(`/api/v1/dossiers/${code}`), receive = () => t.receiver.act(code, 'receive', {}, etag);
    return {
      send: async () => t.note(await receive()),
      check: async said => {
        const { body: { status } } = await t.patiently(`/api/v1/dossiers/${code}`);
        if (said?.status === 200) assert.equal(status, 2, 'what was acknowledged is done');
        const again = await t.insist(receive);
        assert.equal(again.status, status === 1 ? 200 : 412, again.text);
        return said?.status === 200 ? 1 : 0;
      },
    };
  },

  // A page is whole or is not sent. Its last words are a number of its own.
  async page(t) {
    const words = page => page.words.replace(/Mã trang \S+/, '');
    if (!t.officer) {
      await t.work(1, 1);
      [t.officer, t.target] = [await t.office.signIn('tiepnhan'), `/ho-so/${[...t.ledger.values()][0].code}`];
      await t.officer.get(t.target);
      t.words = words(await t.officer.get(t.target));
    }
    return {
      send: async () => t.note(await t.officer.get(t.target)),
      check: async said => {
        if (said?.status === 200) assert.equal(words(said), t.words);
        assert.equal(words(await t.insist(() => t.officer.get(t.target))), t.words);
        return said?.status === 200 ? 1 : 0;
      },
    };
  },
};

// The n-th allocation from the beginning of one work finds no memory, for each n until none is struck: who asked is refused or the
// process ends to be started again; what was acknowledged is there.
export async function failedAllocations({ of = 'piece', count, step = 1, from = 1, tell = () => {} }) {
  const t = await Trial.open(), figures = { trials: 0, acknowledged: 0, ended: 0, crashed: 0, refused: 0, unharmed: 0, last: 0 };
  const orderly = of === 'start' ? [1, 3, 75] : [75];
  try {
    for (let at = from; figures.trials < count; at += step) {
      const work = await withoutMemory[of](t, at);
      t.refused.clear();
      t.last = undefined;
      t.luck.arm({ kind: 'allocation', at, deed: 'error', error: 12 });
      const said = await work.send().catch(error => {
        if (error.name === 'AssertionError') throw error;
      });
      const struck = t.luck.get('struck') > 0, end = await t.ended(said ? 100 * struck + 1 : 3000);
      t.luck.calm();
      // OpenSSL 3.0 itself does not live through having no memory for its own tables, which it makes while the office opens.
      const byLibrary = of === 'start' && end?.signal === 'SIGSEGV';
      if (end) assert.ok(end.signal === 'SIGABRT' || byLibrary || orderly.includes(end.code), `allocation ${at}: ${JSON.stringify(end)} ${t.office.log}`);
      figures.trials++;
      figures.last = at;
      figures[byLibrary ? 'crashed' : end ? 'ended' : t.refused.size > 0 ? 'refused' : 'unharmed']++;
      assert.deepEqual([...t.refused.keys()].filter(status => status !== 503), [], `allocation ${at}: ${t.last?.text}`);
      if (end) await t.restart();
      try {
        figures.acknowledged += await work.check(said).catch(async error => {
          if (error.name === 'AssertionError' || !(await t.ended(3000))) throw error;
          await t.restart(); // it was still on its way to its end
          return work.check(said);
        });
      } catch (error) {
        error.message = `allocation ${at} of ${of}: ${error.message}`;
        throw error;
      }
      tell(figures);
      if (!struck) break;
    }
    await t.verify();
    return figures;
  } finally {
    await t.close();
  }
}

const readers = async office => Promise.all(['congdan', 'tiepnhan', 'lanhdao', 'quantri'].map(login => office.signIn(login)));

// How every page without a name in its address answers each of these people: {login number and address: status}.
function everyPage(office, people) {
  return async () => {
    const { stdout } = await office.command('routes', '--json'), statuses = {};
    const targets = JSON.parse(stdout).filter(r => r.method === 'GET' && !/\{|^\/(api|metrics|readyz)/.test(r.path)).map(r => r.path);
    const look = async (n, target) => {
      const answer = await people[n].get(target).catch(async error => {
        await pause(1000); // what it said last
        assert.fail(`${target}: ${error.cause}; the office ended with ${office.process.exitCode ?? office.process.signalCode}\n${office.log.split("\n").filter(l => !l.includes("event=request")).slice(-14).join("\n")}`);
      });
      statuses[`${n} ${target}`] = answer.status;
    };
    for (const n of people.keys()) for (let i = 0; i < targets.length; i += 4) await Promise.all(targets.slice(i, i + 4).map(target => look(n, target)));
    return statuses;
  };
}

// The disk refuses every write with this errno while people work: each is told, reading goes on, the probe says so and says when it
// is over; nothing that was acknowledged is lost. Answers what the refused heard.
export async function refusingDisk({ error, seed = 1 }) {
  const t = await Trial.open({ cuts: true }), said = new Set();
  try {
    await t.work(20);
    const { code } = [...t.ledger.values()][0], officer = await t.office.signIn('chuyenvien');
    const pages = everyPage(t.office, await readers(t.office)), before = await pages();
    t.luck.arm({ kind: 'write', at: 1 + dice(seed)(200), deed: 'error', error, goesOn: true });
    await t.work(60);
    assert.ok(t.refused.get(503) > 0 && t.refused.size === 1, JSON.stringify([...t.refused]));
    for (const method of ['upload', 'submit']) {
      const answer = method === 'upload' ? await t.citizen.upload(pdf(`${error}`)) : await t.citizen.post('/api/v1/dossiers', t.body, { headers: { 'idempotency-key': `disk-${error}` } });
      assert.equal(answer.status, 503, answer.text);
      assert.ok(answer.headers.get('retry-after'));
      said.add(answer.body.detail);
    }
    const probe = await t.citizen.get('/readyz');
    assert.equal(probe.status, 503);
    said.add(probe.body.detail);
    for (const target of ['/healthz', '/', '/api/v1/dossiers', `/api/v1/dossiers/${code}`, `/api/v1/dossiers/${code}/history`]) assert.equal((await t.citizen.get(target)).status, 200, target);
    for (const target of [`/ho-so/${code}`, '/viec']) assert.equal((await officer.get(target)).status, 200, target);
    assert.deepEqual(await pages(), before, 'every page answers as it did');
    assert.equal(t.office.process.exitCode, null, 'it stays');
    t.luck.calm();
    assert.equal((await t.citizen.get('/readyz')).status, 200, 'at the next question');
    await t.resend();
    assert.deepEqual(await t.missing(), []);
    // And what was said to be kept after all that survives a power cut.
    t.luck.arm({ at: 400, deed: 'cut', seed });
    await t.work(400);
    await t.restart();
    assert.deepEqual(await t.missing(), []);
    await t.resend();
    await t.verify();
    return [...said];
  } finally {
    await t.close();
  }
}

const groups = '/sys/fs/cgroup';

// A group of processes with so little memory; undefined where the machine makes none. v2 has its controllers in the root.
function memoryGroup(bytes) {
  const isNew = fs.existsSync(path.join(groups, 'cgroup.controllers')), at = path.join(groups, isNew ? '' : 'memory', `motcua-faults-${process.pid}`);
  try {
    fs.mkdirSync(at, { recursive: true });
    const set = limit => fs.writeFileSync(path.join(at, isNew ? 'memory.max' : 'memory.limit_in_bytes'), String(limit));
    set(bytes);
    return { set, take: pid => fs.writeFileSync(path.join(at, 'cgroup.procs'), String(pid)), close: () => fs.rmdirSync(at) };
  } catch {
    return undefined;
  }
}

export const canLimitMemory = () => {
  const group = memoryGroup(1 << 30);
  group?.close();
  return group !== undefined;
};

// The system takes the office's memory away while people work, more each time, until it kills it; what was acknowledged is there.
export async function noMemory({ count, seed = 1, tell = () => {} }) {
  const t = await Trial.open(), roll = dice(seed), group = memoryGroup(1 << 30);
  const figures = { trials: 0, acknowledged: 0, resent: 0, lost: 0, killed: 0 };
  try {
    while (figures.trials < count) {
      group.set(1 << 30);
      group.take(t.office.process.pid);
      const work = t.work(400);
      for (let limit = 64 << 20; limit > 1 << 20 && t.office.process.signalCode === null; limit = Math.floor(limit * 0.9)) {
        await pause(20 + roll(60));
        try {
          group.set(limit);
        } catch { /* less than it holds cannot be given; what it asks for now kills it */ }
      }
      const end = await t.ended(20000);
      if (!end) await t.office.stop('SIGKILL');
      await work;
      figures.killed += end?.signal === 'SIGKILL';
      await t.restart();
      assert.deepEqual(await t.missing(), [], `trial ${figures.trials} of seed ${seed}`);
      figures.trials++;
      figures.acknowledged += t.ledger.size;
      figures.resent += t.unknown.size;
      await t.resend();
      t.ledger.clear();
      tell(figures);
    }
    await t.verify();
    return figures;
  } finally {
    await t.close();
    group.close();
  }
}
