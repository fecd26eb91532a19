// The long form of tests/bad_luck.test.mjs: `make faults` plays every kind of bad luck, `make faults T=cut N=3000` one kind so often.
// Figures go to build/faults.json, kind by kind; docs/trust.md tells them.
//
//   kill        the process dies at a random change to its folder       cut         the power fails there (files only; any user)
//   careless    cuts with synchronous=NORMAL: must lose something       sync        the n-th fsync fails, n = 1, 2, ...
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { carelessCuts, deaths, ext4Cuts, failedAllocations, failedSyncs } from '../tests/support/faults.mjs';
import { root } from '../tests/support/office.mjs';

const [, , kind = '', wanted = ''] = process.argv;
const count = otherwise => Number(wanted) || otherwise;
const seed = Number(process.env.SEED) || Date.now() % 1e6;
const file = path.join(root, 'build/faults.json');

const tell = figures => {
  if (figures.trials % 50 === 0) console.error(`${figures.trials} trials, ${figures.acknowledged} acknowledged, ${figures.lost ?? 0} lost`);
};

const rigs = {
  kill: () => deaths({ deed: 'kill', count: count(3000), seed, tell }),
  cut: () => deaths({ deed: 'cut', count: count(3000), seed, tell }),
  careless: () => carelessCuts({ most: count(15), isEnough: () => false, seed, tell }),
  ext4: () => ext4Cuts({ count: count(3000), seed, tell }),
  ext4careless: () => ext4Cuts({ count: count(30), synchronous: 'NORMAL', seed, tell }),
  sync: () => failedSyncs({ count: count(60), seed, tell }),
  allocation: () => failedAllocations({ count: count(100000), step: Number(process.env.STEP) || 1, tell }),
};

function middle(list, share) {
  return Math.round([...list].sort((a, b) => a - b)[Math.floor((list.length - 1) * share)]);
}

if (kind && !rigs[kind]) {
  console.error(`no bad luck is called '${kind}': say ${Object.keys(rigs).join(', ')}`);
  process.exit(2);
}
const all = fs.existsSync(file) ? JSON.parse(fs.readFileSync(file)) : {};
for (const name of kind ? [kind] : Object.keys(rigs)) {
  console.error(`-- ${name}, seed ${seed}`);
  const began = Date.now(), { restarts, ...figures } = await rigs[name]();
  if (restarts?.length) Object.assign(figures, { restart_ms_p50: middle(restarts, 0.5), restart_ms_p99: middle(restarts, 0.99), restart_ms_most: middle(restarts, 1) });
  all[name] = { ...figures, seed, seconds: Math.round((Date.now() - began) / 1000), at: new Date().toISOString(), cores: os.cpus().length };
  fs.writeFileSync(file, `${JSON.stringify(all, null, 2)}\n`);
  console.log(name, JSON.stringify(all[name]));
}
