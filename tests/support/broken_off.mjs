// A backup or a restore that is killed on its way: the next one is whole, and what was broken off is no office.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { Trial, dice } from './faults.mjs';
import { Office, program } from './office.mjs';

const pause = ms => new Promise(done => setTimeout(done, ms));

// A command that is killed after so many milliseconds; whether it was.
async function killedAfter(ms, ...args) {
  const child = spawn(program, args, { stdio: 'ignore' }), ended = new Promise(done => child.once('exit', (code, signal) => done(signal === 'SIGKILL')));
  await Promise.race([pause(ms), ended]);
  child.kill('SIGKILL');
  return ended;
}

export async function brokenOff({ count, seed = 1, tell = () => {} }) {
  const t = await Trial.open(), roll = dice(seed), backups = path.join(t.office.folder, 'backups');
  const figures = { trials: 0, acknowledged: 0, lost: 0, backups_broken_off: 0, restores_broken_off: 0 };
  fs.mkdirSync(backups);
  try {
    for (; figures.trials < count; tell(figures)) {
      await t.work(6);
      // The server makes the backup and is killed meanwhile; a command that finds no server any more makes it by itself.
      const making = t.office.command('backup', backups);
      await pause(roll(400));
      await t.office.stop('SIGKILL');
      figures.backups_broken_off += (await making).code !== 0;
      await t.restart();
      assert.deepEqual(await t.missing(), []);
      const made = await t.office.command('backup', backups, '--json');
      assert.equal(made.code, 0, made.stderr);
      const { journal } = JSON.parse(made.stdout), other = new Office(path.join(t.office.folder, `restored-${figures.trials}`));
      fs.mkdirSync(other.folder);
      for (let i = 0; i < 3; i++) figures.restores_broken_off += await killedAfter(roll(300), 'restore', backups, '--data', other.data);
      const isOffice = fs.existsSync(path.join(other.data, 'motcua.db'));
      const restored = await other.command('restore', backups, ...(isOffice ? ['--replace'] : []));
      assert.equal(restored.code, 0, restored.stderr);
      const verified = await other.command('audit', 'verify', '--head', `${journal.size}:${journal.root}`);
      assert.equal(verified.code, 0, verified.stderr);
      fs.rmSync(other.folder, { recursive: true });
      figures.trials++;
      figures.acknowledged += t.ledger.size;
      await t.resend();
      t.ledger.clear();
    }
    return figures;
  } finally {
    await t.close();
  }
}
