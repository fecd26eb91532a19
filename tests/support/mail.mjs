// A real mail server beside the office, and letters as a reader's program shows them.
import { spawn } from 'node:child_process';
import path from 'node:path';
import readline from 'node:readline';
import { eventually, root } from './office.mjs';

export class MailServer {
  letters = [];

  async open(args = []) {
    // The system's Python: Debian's packages are installed for that one.
    this.process = spawn('/usr/bin/python3', [path.join(root, 'tests/support/smtp_server.py'), ...args], { stdio: ['pipe', 'pipe', 'inherit'] });
    this.ended = new Promise(done => this.process.once('exit', done));
    this.lines = readline.createInterface({ input: this.process.stdout });
    this.port = await new Promise((done, fail) => {
      this.process.once('exit', () => fail(new Error('the mail server did not open (python3-aiosmtpd?)')));
      this.lines.on('line', line => {
        if (/^\d+$/.test(line)) done(Number(line));
        else this.letters.push(letter(JSON.parse(line)));
      });
    });
    return this;
  }

  get url() { return `smtp://127.0.0.1:${this.port}`; }

  // The first letter that fits, once it is there.
  async wait(fits) {
    return eventually('the letter', () => this.letters.find(fits)).catch(error => {
      throw new Error(`${error.message}: there are ${JSON.stringify(this.letters.map(l => [l.to, l.subject]))}`);
    });
  }

  async close() {
    this.process.stdin.end();
    this.process.kill();
    await this.ended;
  }
}

const words = text => text.replace(/\r?\n[ \t]+/g, ' ').replace(/\?=\s+=\?/g, '?==?')
  .replace(/=\?utf-8\?b\?([^?]*)\?=/gi, (_, digits) => `\u0001${digits}\u0002`)
  .replace(/\u0001([^\u0002]*)\u0002/g, (_, digits) => Buffer.from(digits, 'base64').toString('utf8'));

// Read by hand from RFC 5322 and 2047, not by the program's own code.
export function letter({ from, to, tls, user, data }) {
  const raw = Buffer.from(data, 'base64').toString('utf8');
  const end = raw.indexOf('\r\n\r\n');
  const headers = new Map();
  for (const line of raw.slice(0, end).split(/\r\n(?![ \t])/)) {
    const [, name, value] = /^([!-9;-~]+): ?([^]*)$/.exec(line);
    const key = name.toLowerCase();
    headers.set(key, [...(headers.get(key) ?? []), words(value)]);
  }
  const text = Buffer.from(raw.slice(end + 4), 'base64').toString('utf8').replace(/\r\n/g, '\n');
  return { from, to: to[0], recipients: to, tls, user, raw, headers, text, id: headers.get('message-id')?.[0], subject: headers.get('subject')?.[0] };
}

// The address of the first link in a letter that begins so.
export const link = (l, begin) => new RegExp(`https?://[^\\s]*?${begin}[^\\s]*`).exec(l.text)?.[0];
