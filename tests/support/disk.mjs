// A disk of a trial's own: ext4 in a file on a loop device, whose power can be cut (EXT4_IOC_SHUTDOWN): in that moment nothing more
// reaches it, and what the system had not written yet is gone. Needs the rights to mount; `reason` says why a machine does not let it.
import { execFile, execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';

const quiet = { stdio: ['ignore', 'pipe', 'pipe'] };
const run = (name, ...args) => execFileSync(name, args, quiet);

// Whoever still writes may hold a disk for an instant, and the system lets go of the loop device of the last mount only afterwards.
function insist(...command) {
  for (let tries = 1; ; tries++) {
    try {
      return run(...command);
    } catch (error) {
      if (tries === 600) throw new Error(`${command.join(' ')}: ${error.stderr}`);
      execFileSync('sleep', ['0.05']);
    }
  }
}

// _IOR('X', 125, __u32) of <linux/ext4.h>; with NOLOGFLUSH (2) the journal's last transaction is not written out either.
const cutting = ['-c', 'import fcntl, os, struct, sys, time; fd = os.open(sys.argv[1], os.O_RDONLY); print(time.time() * 1000); fcntl.ioctl(fd, 0x8004587D, struct.pack("I", int(sys.argv[2])))'];

export class Disk {
  constructor({ megabytes = 192 } = {}) {
    this.folder = fs.mkdtempSync(path.join(os.tmpdir(), 'motcua-disk-'));
    this.image = path.join(this.folder, 'image');
    this.at = path.join(this.folder, 'mounted');
    fs.mkdirSync(this.at);
    fs.writeFileSync(this.image, '');
    fs.truncateSync(this.image, megabytes * 2 ** 20);
    run('mkfs.ext4', '-q', '-F', '-m', '0', this.image);
    run(...this.mounting());
  }

  mounting(options = 'loop') { return ['mount', '-t', 'ext4', '-o', options, this.image, this.at]; }
  unmount() { insist('umount', this.at); }

  // The moment before it, in milliseconds as Date.now(). Others go on being answered meanwhile.
  async cut() { return Number((await promisify(execFile)('python3', [...cutting, this.at, '2'])).stdout); }

  remount(options) {
    this.unmount();
    insist(...this.mounting(options));
  }

  close() {
    this.unmount();
    fs.rmSync(this.folder, { recursive: true, force: true });
  }
}

// Why this machine cannot play it; undefined when it can.
export function reason() {
  if (process.getuid() !== 0) return 'only root may mount a disk';
  let disk;
  try {
    disk = new Disk({ megabytes: 16 });
    run('python3', ...cutting, disk.at, '2');
    return undefined;
  } catch (error) {
    return `${error.stderr ?? error}`.trim().split('\n')[0];
  } finally {
    try {
      disk?.close();
    } catch { /* nothing was mounted */ }
  }
}
