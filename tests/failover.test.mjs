// Three database machines (deploy/patroni): the primary dies under load. `make faults T=failover N=100` is the long form.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { failovers } from './support/failover.mjs';

test('the primary of three machines dies while people work: another takes over, nothing acknowledged is lost, the dead one comes back', async () => {
  const figures = await failovers({ count: 1, seed: Date.now() % 1e6 });
  assert.ok(figures.acknowledged > 20, JSON.stringify(figures));
  console.log(`# ${JSON.stringify({ ...figures, gaps: figures.gaps.map(Math.round) })}`);
});
