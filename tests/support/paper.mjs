// Papers as people hold them: a PDF's words, its facts, its code.
import { execFile, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

// The bytes behind an address, for a client with a token.
export async function bytesOf(client, target, accept = '*/*') {
  const response = await fetch(client.office.url + target, { headers: { authorization: `Bearer ${client.token}`, accept } });
  return { status: response.status, type: response.headers.get('content-type'), name: response.headers.get('content-disposition'), bytes: Buffer.from(await response.arrayBuffer()) };
}

async function withFile(bytes, look) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'motcua-paper-'));
  try {
    fs.writeFileSync(path.join(folder, 'paper.pdf'), bytes);
    return await look(path.join(folder, 'paper.pdf'), folder);
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

// Its words in the order in which they were set, one blank between them.
export const wordsOf = bytes => withFile(bytes, async file => (await run('pdftotext', ['-raw', file, '-'])).stdout.replace(/\s+/g, ' ').trim());

// What pdfinfo says: {Pages, 'Page size', Tagged, ...}.
export const factsOf = bytes => withFile(bytes, async file =>
  Object.fromEntries((await run('pdfinfo', [file])).stdout.trim().split('\n').map(line => line.split(/:\s+/)).map(([name, ...rest]) => [name, rest.join(': ')])));

// The tree of its elements, as a screen reader walks it.
export const treeOf = bytes => withFile(bytes, async file => (await run('pdfinfo', ['-struct-text', file])).stdout);

// Each font: {name, type, embedded, subset, unicode}.
export const fontsOf = bytes => withFile(bytes, async file => (await run('pdffonts', [file])).stdout.trim().split('\n').slice(2).map(line => {
  const [, name, type, emb, sub, uni] = /^(\S+)\s+(\S.*?)\s{2,}\S+\s+(yes|no)\s+(yes|no)\s+(yes|no)/.exec(line);
  return { name, type, embedded: emb === 'yes', subset: sub === 'yes', unicode: uni === 'yes' };
}));

// The objects of the file, as qpdf reads them, after it found nothing wrong.
export const objectsOf = bytes => withFile(bytes, async file => {
  await run('qpdf', ['--check', file]);
  return JSON.parse((await run('qpdf', ['--json=2', '--json-stream-data=none', '--decode-level=generalized', file], { maxBuffer: 1 << 28 })).stdout).qpdf[1];
});

// The streams of pages as text, one string a page.
export const contentsOf = bytes => withFile(bytes, async (file, folder) => {
  const plain = path.join(folder, 'plain.pdf');
  await run('qpdf', ['--qdf', '--object-streams=disable', file, plain]);
  return [...fs.readFileSync(plain, 'latin1').matchAll(/^%% Contents for page \d+\n(?:%%.*\n)?\d+ 0 obj\n[\s\S]*?\nstream\n([\s\S]*?)\nendstream/gm)].map(m => m[1]);
});

// What a telephone reads from the codes on its first page.
export const codesOf = bytes => withFile(bytes, async (file, folder) => {
  await run('pdftoppm', ['-r', '200', '-f', '1', '-l', '1', '-png', file, path.join(folder, 'page')]);
  const picture = fs.readdirSync(folder).find(name => name.endsWith('.png'));
  return spawnSync('zbarimg', ['-q', '--raw', path.join(folder, picture)], { encoding: 'utf8' }).stdout.trim().split('\n').filter(Boolean);
});
