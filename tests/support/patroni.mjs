// Three machines, each with etcd, Patroni and the PostgreSQL that it runs, set up by the very files of deploy/patroni with other
// addresses and folders. A machine dies at once with all of its processes and says nothing any more (network.mjs; on loopback, where no
// net may be made, its kernel refuses whoever calls), and comes back with its disk.
import { execFile, spawn } from 'node:child_process';
import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { Network } from './network.mjs';
import { root } from './office.mjs';

const run = promisify(execFile), pause = ms => new Promise(done => setTimeout(done, ms));
const mark = 'MOTCUA_TEST_MACHINE', secret = 'mat-khau-chi-de-thu';
const asServer = process.getuid() === 0 ? ['setpriv', '--reuid=postgres', '--regid=postgres', '--clear-groups'] : [];

// All of them are open at the same time, so no two are the same.
async function freePorts(count) {
  const open = await Promise.all(Array.from({ length: count }, () => new Promise(done => { const s = net.createServer().listen(0, '127.0.0.1', () => done(s)); })));
  const ports = open.map(s => s.address().port);
  await Promise.all(open.map(s => new Promise(done => { s.close(done); })));
  return ports;
}

const settingsOf = text => Object.fromEntries(text.split('\n').filter(l => /^\w+=/.test(l)).map(l => [l.slice(0, l.indexOf('=')), l.slice(l.indexOf('=') + 1)]));
const deployed = name => fs.readFileSync(path.join(root, 'deploy/patroni', name), 'utf8');

class Machine {
  constructor(cluster, name, folder, node, ports) {
    Object.assign(this, { cluster, name, folder, node, host: node?.host ?? '127.0.0.1', log: path.join(folder, 'log') });
    [this.client, this.peer, this.rest, this.port] = ports;
  }

  // The files of deploy/patroni say 10.0.0.11 to 13 and the usual ports: each becomes that of a machine here.
  addresses(text) {
    const { machines } = this.cluster, own = { 2379: 'client', 2380: 'peer', 8008: 'rest', 5432: 'port' };
    return text.replace(/10\.0\.0\.1([123]):(\d+)/g, (_, n, port) => `${machines[n - 1].host}:${machines[n - 1][own[port]]}`);
  }

  addressed(settings) {
    const { machines } = this.cluster, here = value => this.addresses(value).replaceAll('change-me', secret);
    const mine = value => value.replaceAll('10.0.0.11', `10.0.0.1${machines.indexOf(this) + 1}`).replace(/^db1$/, this.name);
    const isShared = name => /HOSTS$|INITIAL_CLUSTER$/.test(name);
    return Object.fromEntries(Object.entries(settings).map(([name, value]) => [name, here(isShared(name) ? value : mine(value))]));
  }

  prepare() {
    fs.mkdirSync(this.folder, { recursive: true });
    const config = this.addresses(this.cluster.changed(deployed('config.yml'))).replaceAll('/etc/patroni', this.folder).replaceAll('/var/run/postgresql', this.folder)
      .replaceAll('/var/lib/postgresql/15/motcua', `${this.folder}/data`).replaceAll('/var/lib/postgresql', this.folder).replaceAll('/usr/lib/postgresql/15/bin', this.cluster.bin);
    fs.writeFileSync(path.join(this.folder, 'config.yml'), config);
    fs.copyFileSync(path.join(root, 'deploy/patroni/etcd_aside'), path.join(this.folder, 'etcd_aside'));
    if (asServer.length) fs.chownSync(this.folder, ...this.cluster.owner);
  }

  start() {
    if (this.node) this.cluster.network.join(this.node);
    const etcd = { ...this.addressed(settingsOf(deployed('etcd.conf'))), ETCD_DATA_DIR: `${this.folder}/etcd`, ETCD_LOG_LEVEL: 'error' };
    this.run(['/usr/bin/etcd'], etcd);
    this.run(['/usr/bin/patroni', `${this.folder}/config.yml`], this.addressed(settingsOf(deployed('env.conf'))));
  }

  run(words, settings) {
    const log = fs.openSync(this.log, 'a'), [command, ...rest] = [...this.node?.within ?? [], ...asServer, ...words];
    const child = spawn(command, rest, { cwd: '/', env: { PATH: process.env.PATH, LANG: 'C.UTF-8', ...settings, [mark]: this.folder }, stdio: ['ignore', log, log] });
    child.on('error', error => fs.appendFileSync(this.log, `${error}\n`));
    fs.closeSync(log);
  }

  // What runs on this machine, as (pid, command): what has its mark, and their children; PostgreSQL's write their title over it.
  processes() {
    const found = new Map(), all = new Map();
    const read = (pid, what) => fs.readFileSync(`/proc/${pid}/${what}`, 'latin1');
    for (const pid of fs.readdirSync('/proc').filter(name => /^\d+$/.test(name)).map(Number)) {
      try {
        all.set(pid, { parent: Number(read(pid, 'stat').split(') ').at(-1).split(' ')[1]), command: read(pid, 'cmdline') });
        if (read(pid, 'environ').split('\0').includes(`${mark}=${this.folder}`)) found.set(pid, all.get(pid).command);
      } catch { /* gone meanwhile, or somebody else's */ }
    }
    for (let before = -1; before < found.size;) {
      before = found.size;
      for (const [pid, { parent, command }] of all) if (found.has(parent)) found.set(pid, command);
    }
    return found;
  }

  signal(pid, signal) {
    try { process.kill(pid, signal); } catch { /* gone meanwhile */ }
  }

  // To what reads the primary's changes here.
  receiver(signal) {
    for (const [pid, command] of this.processes()) if (command.includes('walreceiver')) this.signal(pid, signal);
  }

  kill() {
    if (this.node) this.cluster.network.cut(this.node);
    for (let all = this.processes(); all.size; all = this.processes()) for (const pid of all.keys()) this.signal(pid, 'SIGKILL');
  }
}

export class Cluster {
  // `changed` alters the settings of deploy/patroni, for a run that has to lose.
  static async open({ changed = text => text } = {}) {
    const c = Object.assign(new Cluster(), { changed });
    c.folder = fs.mkdtempSync(path.join(os.tmpdir(), 'motcua-patroni-'));
    fs.chmodSync(c.folder, 0o755);
    c.bin = path.dirname((await run('sh', ['-c', "find /usr/lib/postgresql -path '*/bin/initdb' | sort -V | tail -1"])).stdout.trim());
    if (asServer.length) c.owner = (await run('sh', ['-c', 'id -u postgres; id -g postgres'])).stdout.trim().split('\n').map(Number);
    c.network = asServer.length ? Network.open(3) : null;
    const ports = c.network ? [0, 1, 2].flatMap(() => [2379, 2380, 8008, 5432]) : await freePorts(12);
    c.machines = ['db1', 'db2', 'db3'].map((name, i) => new Machine(c, name, path.join(c.folder, name), c.network?.nodes[i], ports.slice(4 * i, 4 * i + 4)));
    for (const m of c.machines) m.prepare();
    c.isStrict = /^ *synchronous_mode_strict: true$/m.test(changed(deployed('config.yml')));
    for (const m of c.machines) m.start();
    await c.settled(3);
    await c.sql(`CREATE ROLE motcua LOGIN PASSWORD '${secret}'`);
    await c.sql("CREATE DATABASE motcua OWNER motcua ENCODING 'UTF8' TEMPLATE template0");
    for (const m of c.machines) while (await c.sql("SELECT datname FROM pg_database WHERE datname = 'motcua'", m) === '') await pause(100); // an office may ask a standby first
    return c;
  }

  // What a machine says of all: [{name, role, state}], or nothing.
  async members(machine) {
    try {
      return (await (await fetch(`http://${machine.host}:${machine.rest}/cluster`, { signal: AbortSignal.timeout(3000) })).json()).members ?? [];
    } catch {
      return [];
    }
  }

  // So many machines run, one of them is the primary, the others have all it wrote and one of them is waited for at each commit.
  async settled(count, most = 120000) {
    for (const began = Date.now(); Date.now() - began < most; await pause(300)) {
      const all = await this.members(this.machines[0]).then(async m => (m.length ? m : this.members(this.machines[1])));
      const fine = all.filter(m => m.role === 'leader' ? m.state === 'running' : /running|streaming/.test(m.state) && m.lag === 0);
      if (fine.length >= count && fine.some(m => m.role === 'leader') && (!this.isStrict || fine.some(m => m.role === 'sync_standby'))) {
        this.roles = Object.fromEntries(fine.map(m => [m.role, this.machines.find(machine => machine.name === m.name)]));
        return this.roles;
      }
    }
    throw new Error(`the machines did not agree on a primary:\n${this.machines.map(m => fs.readFileSync(m.log, 'utf8').split('\n').slice(-30).join('\n')).join('\n--\n')}`);
  }

  async sql(text, machine = this.roles.leader) {
    return (await run('psql', ['-X', '-A', '-t', '-h', machine.host, '-p', String(machine.port), '-U', 'postgres', '-d', 'postgres', '-c', text],
      { env: { ...process.env, PGPASSWORD: secret } })).stdout.trim();
  }

  // As an office names it: all three, whoever is the primary.
  get address() {
    return `postgresql://motcua:${secret}@${this.machines.map(m => `${m.host}:${m.port}`).join(',')}/motcua`;
  }

  close() {
    for (const m of this.machines) m.kill();
    this.network?.close();
    fs.rmSync(this.folder, { recursive: true, force: true });
  }
}
