// Bad luck: the process is killed and the power cut in the middle of changes, the platter refuses a sync, the disk is full or may
// not be written, memory is out. Nothing that was acknowledged is lost, nothing is made twice, reading goes on where it can. This
// is the short form; `make faults` plays each of them thousands of times, and docs/trust.md says what came of it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { brokenOff } from './support/broken_off.mjs';
import { clockJumps, library } from './support/clocks.mjs';
import { changedJournals, turnedBits } from './support/damage.mjs';
import { reason } from './support/disk.mjs';
import { EDQUOT, ENOSPC, EROFS, canLimitMemory, carelessCuts, deaths, ext4Cuts, failedAllocations, failedSyncs, noMemory, refusingDisk } from './support/faults.mjs';
import { backsUpWithoutRoom, startsWhereNothingIsTaken } from './support/start.mjs';

const seed = Date.now() % 1e6;
const say = figures => console.log(`# seed ${seed}: ${JSON.stringify({ ...figures, restarts: undefined })}`);

test('killed in the middle of any change to its folder: nothing acknowledged is lost, nothing sent again is made twice', async () => {
  const figures = await deaths({ deed: 'kill', count: 15, seed });
  assert.ok(figures.acknowledged > 50, JSON.stringify(figures));
  say(figures);
});

test('the power fails in the middle of any change: nothing acknowledged is lost', async () => {
  const figures = await deaths({ deed: 'cut', count: 15, seed });
  assert.ok(figures.acknowledged > 50 && figures.pieces > 0, JSON.stringify(figures));
  say(figures);
});

test('the same power cuts on a database that syncs carelessly do lose what was acknowledged', async () => {
  const figures = await carelessCuts({ most: 10, seed });
  assert.ok(figures.losing > 0, JSON.stringify(figures));
  say(figures);
});

test('the power of a real disk fails (ext4), and on such a disk a careless database loses too', async t => {
  const cannot = reason();
  if (cannot) return t.skip(`this machine lets nobody cut the power of a disk: ${cannot}`);
  const figures = await ext4Cuts({ count: 8, seed });
  assert.ok(figures.acknowledged > 20, JSON.stringify(figures));
  say(figures);
  const careless = await ext4Cuts({ count: 15, seed, synchronous: 'NORMAL', isEnough: f => f.losing > 0 });
  assert.ok(careless.losing > 0, JSON.stringify(careless));
  say(careless);
});

test('a sync that fails is never tried again, and nothing that needed it is acknowledged', async () => {
  say(await failedSyncs({ count: 8, step: 3, seed }));
});

test('no memory at the n-th allocation: refused or started anew, and nothing acknowledged is lost', async () => {
  const figures = await failedAllocations({ count: 20, step: 97 });
  assert.ok(figures.refused + figures.ended > 0, JSON.stringify(figures));
  say(figures);
});

// [work, step]: a few allocations all over each, and how it went is in the figures.
for (const [of, step] of [['start', 4999], ['upload', 29], ['submit', 37], ['act', 31], ['page', 61]])
  test(`no memory in the middle of ${of}: nothing acknowledged is lost, nothing is half there`, async () => {
    say(await failedAllocations({ of, count: 6, step, from: 1 + (seed % step) }));
  });

test('the disk is full: everyone is told, reading goes on, and it is over when it is over', async () => {
  for (const error of [ENOSPC, EDQUOT]) assert.deepEqual(await refusingDisk({ error, seed }), ['Ổ đĩa đã đầy. Chưa lưu được gì; dữ liệu hiện có vẫn xem được.']);
});

test('the disk may not be written any more: the same', async () => {
  assert.deepEqual(await refusingDisk({ error: EROFS, seed }), ['Ổ đĩa không ghi được. Chưa lưu được gì; dữ liệu hiện có vẫn xem được.']);
});

test('a bit that the disk has turned in the database, its log, a paper or a key is found', async () => {
  say(await turnedBits({ count: 12, seed }));
});

test('a journal that was edited, thinned out, put in another order, cut short or told anew is found', async () => {
  say(await changedJournals({ count: 20, seed }));
});

test('the clock is put forward and back while people work: ids go up, deadlines are those of their moment, nobody is shut out', async t => {
  if (!library) return t.skip('libfaketime is not installed');
  say(await clockJumps({ count: 6, seed }));
});

test('the memory is taken away until the system kills the office: nothing acknowledged is lost', async t => {
  if (!canLimitMemory()) return t.skip('this machine lets nobody make a group of processes with little memory');
  const figures = await noMemory({ count: 3, seed });
  assert.ok(figures.killed > 0, JSON.stringify(figures));
  say(figures);
});

test('starting on a full disk or on one that may not be written: a sentence, and nothing is harmed', async t => {
  const cannot = reason();
  if (cannot) return t.skip(`this machine gives a test no disk of its own: ${cannot}`);
  const { full, readOnly } = await startsWhereNothingIsTaken();
  assert.ok(full.opened ? full.read === 200 && full.ready === 503 && full.sent === 503 : full.code === 3 && /The disk is full/.test(full.said), JSON.stringify(full));
  assert.ok(!readOnly.opened && readOnly.code === 3 && /Read-only file system/.test(readOnly.said), JSON.stringify(readOnly));
});

test('a backup for which there is no room is not begun, and the office goes on', async t => {
  const cannot = reason();
  if (cannot) return t.skip(`this machine lets nobody make a disk: ${cannot}`);
  const { refused, spool, made, acknowledged } = await backsUpWithoutRoom();
  assert.equal(refused.code, 3, refused.stdout);
  assert.match(refused.stderr, /no room for a backup: the copy of the database needs \d+ MB in .*data.* and \d+ MB are free/);
  assert.deepEqual(spool, []);
  assert.equal(made.code, 0, made.stderr);
  assert.ok(acknowledged >= 4, `${acknowledged}`);
});

test('killed while a backup is made and while it is restored: the next one is whole', async () => {
  say(await brokenOff({ count: 3, seed }));
});
