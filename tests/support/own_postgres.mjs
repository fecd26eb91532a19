// A PostgreSQL server of a story's own, for what only a server does: started by importing this first, so that ./office.mjs opens its
// offices there; stopPostgres() at the end. Where tests/support/on_postgres has started one already, that one is used.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const control = path.join(path.dirname(fileURLToPath(import.meta.url)), 'postgres');

const own = process.env.MOTCUA_TEST_POSTGRES ? null : fs.mkdtempSync('/tmp/motcua_pg_');
if (own) {
  execFileSync(control, ['start', own], { stdio: 'ignore' }); // the server would keep a pipe open
  process.env.MOTCUA_TEST_POSTGRES = own;
}

export function stopPostgres() {
  if (!own) return;
  execFileSync(control, ['stop', own], { stdio: 'ignore' });
  const ours = path.basename(own).toLowerCase();
  for (const name of fs.readdirSync(os.tmpdir())) if (name.startsWith('motcua-demo-') && name.endsWith(ours)) fs.rmSync(path.join(os.tmpdir(), name), { recursive: true, force: true });
}

// Rows of a query, each an array of texts.
export function ask(database, sql) {
  const text = execFileSync('psql', ['-h', process.env.MOTCUA_TEST_POSTGRES, '-U', 'motcua', '-d', database, '-X', '-q', '-A', '-t', '-F', '\t', '-c', sql], { encoding: 'utf8' });
  return text.split('\n').filter(Boolean).map(line => line.split('\t'));
}
