// The comparison with other programs is measured by hand; our own side of it runs here, so that it cannot rot.
import assert from 'node:assert/strict';
import { execFile, execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { root } from './support/office.mjs';

const run = promisify(execFile);
const has = name => { try { execFileSync('which', [name]); return true; } catch { return false; } };

test('our side of the comparison answers every work, and every creation is in the database', { skip: !has('wrk') && 'wrk is not installed (tools/deps bench)' }, async () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'motcua-peers-test-'));
  try {
    const { stdout, stderr } = await run(path.join(root, 'tools/bench_peers'), ['--quick'],
      { env: { ...process.env, ONLY: 'motcua', N: '300', SECONDS: '1', ROUNDS: '1', MOTCUA_PEERS_DIR: folder } });
    for (const work of ['create', 'create1', 'read', 'page', 'list', 'search_one', 'search_many'])
      assert.match(stderr, new RegExp(`motcua: ${work} [\\d,.]+/s, .* 0 of [\\d,]+ failed`), stderr);
    assert.match(stdout, /\| of them failed \(status, connection or time\) \| 0 \|/);
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
});
