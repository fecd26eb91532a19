// nginx in front of several nodes, with the configuration that is shipped (deploy/nginx-nodes.conf), only with other ports and a
// certificate of the moment; and what people and programs ask of the office through it, each request over a kept connection.
import { execFileSync, spawn } from 'node:child_process';
import fs from 'node:fs';
import https from 'node:https';
import net from 'node:net';
import path from 'node:path';
import { root } from './office.mjs';

export const HOST = 'motcua.example.vn';
export const freePort = () => new Promise(done => { const s = net.createServer().listen(0, '127.0.0.1', () => { const { port } = s.address(); s.close(() => done(port)); }); });
const answers = port => new Promise(done => { const s = net.connect(port, '127.0.0.1', () => { s.destroy(); done(true); }); s.on('error', () => done(false)); });

export class Balancer {
  // ports: those of the nodes
  async open(folder, ports) {
    fs.mkdirSync(path.join(folder, 'logs'), { recursive: true });
    const plain = await freePort();
    this.port = await freePort();
    execFileSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2', '-subj', `/CN=${HOST}`, '-addext', `subjectAltName=DNS:${HOST}`, '-keyout', `${folder}/key.pem`, '-out', `${folder}/cert.pem`], { stdio: 'ignore' });
    const shipped = fs.readFileSync(path.join(root, 'deploy/nginx-nodes.conf'), 'utf8'), named = /server 127\.0\.0\.1:808\d( .*;)\n/g;
    const [, more] = named.exec(shipped);
    const ours = shipped.replace(/( *server 127\.0\.0\.1:808\d .*\n)+/, ports.map(p => `server 127.0.0.1:${p}${more}\n`).join('')).replace(/listen \[::\]:.*\n/g, '')
      .replace('listen 80;', `listen 127.0.0.1:${plain};`).replace('listen 443 ', `listen 127.0.0.1:${this.port} `)
      .replace('/etc/ssl/motcua/fullchain.pem', `${folder}/cert.pem`).replace('/etc/ssl/motcua/privkey.pem', `${folder}/key.pem`);
    const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(n => `${n}_temp_path ${folder}/${n};`).join(' ');
    fs.writeFileSync(`${folder}/nginx.conf`, `${process.getuid() === 0 ? 'user root;' : ''} pid ${folder}/pid; error_log ${folder}/error.log; worker_processes 1; events {} http { ${temporary}\n${ours}\n}\n`);
    this.folder = folder;
    this.agent = new https.Agent({ keepAlive: true, ca: fs.readFileSync(`${folder}/cert.pem`), servername: HOST });
    this.nginx = spawn('nginx', ['-p', folder, '-c', `${folder}/nginx.conf`, '-g', 'daemon off;'], { stdio: ['ignore', 'inherit', 'inherit'] });
    for (let tries = 0; !(await answers(this.port)); tries++) {
      if (tries === 1000 || this.nginx.exitCode !== null) throw new Error('nginx did not open (is it installed?)');
      await new Promise(done => setTimeout(done, 20));
    }
    return this;
  }

  // {status, headers, text, body}; rejects when the connection fails
  ask(method, target, { token, body, raw, headers = {} } = {}) {
    const all = { host: HOST, 'accept-language': 'vi', ...headers };
    if (token) all.authorization = `Bearer ${token}`;
    if (body !== undefined) all['content-type'] = 'application/json';
    const bytes = raw ?? (body === undefined ? undefined : Buffer.from(JSON.stringify(body)));
    if (bytes) all['content-length'] = bytes.length;
    return new Promise((done, fail) => {
      const rq = https.request({ host: '127.0.0.1', port: this.port, agent: this.agent, method, path: target, headers: all }, answer => {
        const pieces = [];
        answer.on('data', p => pieces.push(p));
        answer.on('error', fail);
        answer.on('end', () => {
          const text = Buffer.concat(pieces).toString();
          done({ status: answer.statusCode, headers: answer.headers, text, body: /json/.test(answer.headers['content-type'] ?? '') ? JSON.parse(text) : undefined });
        });
      });
      rq.on('error', fail);
      rq.end(bytes);
    });
  }

  // what nginx heard break off under a request: a GET is asked again elsewhere, anything else is a 502
  brokenOff() {
    return fs.readFileSync(`${this.folder}/error.log`, 'utf8').split('\n').filter(l => /prematurely closed|\(104:|\(32:|no live upstreams/.test(l));
  }

  async close() {
    this.agent?.destroy();
    if (!this.nginx || this.nginx.exitCode !== null) return;
    this.nginx.kill('SIGQUIT');
    await new Promise(done => this.nginx.once('exit', done));
  }
}
