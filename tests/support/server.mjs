// A PostgreSQL server of a story's own (tests/support/postgres), for stories that need one beside an office in a folder.
import { execFile, execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { root } from './office.mjs';

const run = promisify(execFile);
const script = path.join(root, 'tests/support/postgres');

export class Server {
  constructor() {
    this.folder = fs.mkdtempSync(path.join(os.tmpdir(), 'motcua_pg_'));
    execFileSync(script, ['start', this.folder]);
  }

  stop() { execFileSync(script, ['stop', this.folder]); }
  address(database) { return `postgresql:///${database}?host=${this.folder}&user=motcua`; }

  // Rows of a query as psql prints them without frames.
  async ask(database, sql) {
    const { stdout } = await run('psql', ['-h', this.folder, '-U', 'motcua', '-d', database, '-qtAc', sql]);
    return stdout.trim();
  }

  // A new and empty database; its address.
  async database(name) {
    await this.ask('postgres', `CREATE DATABASE "${name}"`);
    return this.address(name);
  }
}
