// Between the program and its database server: the COMMIT of the one command that mentions a word (its key) reaches the server and is
// done there, or not, and the connection is cut before the answer arrives, as a broken network does it.
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';

const socketName = '.s.PGSQL.5432';
const isCommand = /pg_advisory_xact_lock(_shared)?\(7202\)/; // what every command begins with, and no reading

export class CutAtCommit {
  word = null; // of the command that is to be cut
  isDone = true; // ... after the server has committed; else before the COMMIT has reached it
  cuts = 0;

  async open(server, folder) {
    fs.mkdirSync(folder, { recursive: true });
    this.listener = net.createServer(near => this.#join(near, net.connect(path.join(server, socketName))));
    await new Promise(done => this.listener.listen(path.join(folder, socketName), done));
    return this;
  }

  #join(near, far) {
    let begun = false, meant = false, isCut = false;
    const cut = () => { near.destroy(); far.destroy(); };
    for (const side of [near, far]) side.on('error', cut).on('close', cut);
    near.on('data', bytes => {
      const text = bytes.toString('latin1');
      begun ||= isCommand.test(text);
      meant ||= begun && this.word !== null && text.includes(this.word);
      if (text.includes('COMMIT\0')) {
        if (meant) {
          this.word = null;
          this.cuts++;
          if (!this.isDone) return cut();
          isCut = true;
        }
        begun = meant = false;
      }
      far.write(bytes);
    });
    far.on('data', bytes => {
      if (!isCut) near.write(bytes);
      else if (bytes.includes('COMMIT\0')) cut(); // the server's own word that it is done
    });
  }

  close() { return new Promise(done => this.listener.close(done)); }
}
