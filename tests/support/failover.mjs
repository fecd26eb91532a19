// The machine of the primary dies while people work at an office whose database stands on three (patroni.mjs): another one takes over,
// what was acknowledged is there, what was not is sent again with its key, and the dead machine comes back behind the new primary.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { Trial, dice } from './faults.mjs';
import { Office, password, program } from './office.mjs';
import { Cluster } from './patroni.mjs';

const pause = ms => new Promise(done => setTimeout(done, ms));
const CLIENTS = 8, LONGEST_GAP_MS = 120000;

export async function openOn(cluster) {
  const office = new Office(fs.mkdtempSync(path.join(os.tmpdir(), 'motcua-story-')));
  await promisify(execFile)(program, ['init', '--demo', '--store', cluster.address, '--data', office.data, '--json'], { env: { ...process.env, MOTCUA_DEMO_PASSWORD: password } });
  return office.serve();
}

// People who go on whatever they hear, until they are told to stop. `answered` is when the last piece was acknowledged.
class People {
  constructor(trial) {
    this.trial = trial;
    this.answered = 0;
    this.all = Array.from({ length: CLIENTS }, () => this.one());
  }

  async one() {
    while (!this.isOver) {
      const before = this.trial.ledger.size, answer = await this.trial.piece().catch(error => { if (error.name === 'AssertionError') throw error; return null; });
      if (this.trial.ledger.size > before && answer?.status < 400) this.answered = performance.now();
      else await pause(100);
    }
  }

  async until(isTrue, what) {
    for (const began = performance.now(); !isTrue(); await pause(20)) {
      if (performance.now() - began > LONGEST_GAP_MS) throw new Error(`${what}\n${this.trial.office.log.slice(-3000)}`);
    }
  }

  stop() {
    this.isOver = true;
    return Promise.all(this.all);
  }
}

// After each death the old primary comes back and catches up, so that the next trial has three again. Each time the standbys hear
// nothing for a moment before it: who is not waited for (`careless`) is behind then, and such a run has to lose.
export async function failovers({ count, seed = 1, careless = false, tell = () => {} }) {
  const changed = text => (careless ? text.replace(/synchronous_mode(_strict)?: true/g, 'synchronous_mode$1: false') : text);
  const cluster = await Cluster.open({ changed }), roll = dice(seed);
  let office;
  try {
    office = await openOn(cluster);
    const t = await Trial.at(office), figures = { trials: 0, acknowledged: 0, resent: 0, lost: 0, losing: 0, refused: 0, gaps: [] };
    while (figures.trials < count) {
      const { leader } = cluster.roles;
      figures.gaps.push(await death(cluster, t, { enough: 20 + roll(60), held: 300 + roll(700) }));
      if (careless) await anew(t);
      const lost = await t.missing();
      if (!careless) assert.deepEqual(lost, [], `trial ${figures.trials} of seed ${seed}`);
      assert.deepEqual([...t.refused.keys()].filter(status => status !== 503), []);
      figures.trials++;
      figures.acknowledged += t.ledger.size;
      figures.resent += t.unknown.size;
      figures.refused += t.refused.get(503) ?? 0;
      figures.lost += lost.length;
      figures.losing += lost.length > 0;
      if (!careless) await t.resend();
      if (!careless) await t.verify();
      for (const kept of [t.ledger, t.unknown, t.refused]) kept.clear();
      leader.start();
      await cluster.settled(3);
      assert.notEqual(cluster.roles.leader, leader);
      tell(figures);
    }
    return figures;
  } finally {
    await office?.close();
    cluster.close();
  }
}

// How long nobody could work.
async function death(cluster, trial, { enough, held }) {
  const people = new People(trial), { leader } = cluster.roles, standbys = cluster.machines.filter(m => m !== leader);
  await people.until(() => trial.ledger.size >= enough, 'nobody can work');
  for (const m of standbys) m.receiver('SIGSTOP');
  await pause(held);
  leader.kill();
  const died = performance.now();
  for (const signal of ['SIGTERM', 'SIGCONT']) for (const m of standbys) m.receiver(signal); // what lies in its socket is lost on the way
  await people.until(() => people.answered > died + 1000, 'no machine took over');
  const gap = people.answered - died;
  await people.stop();
  return gap;
}

// What was lost the office may still have in mind, so it is opened anew; its people's tokens may be lost too.
async function anew(trial) {
  await trial.office.stop('SIGKILL');
  await trial.office.serve();
  await trial.enter();
}
