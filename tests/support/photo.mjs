// Photographs for stories: made here, so that none is kept in the repository.
import { execFileSync, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import zlib from 'node:zlib';
import { program } from './office.mjs';

function chunk(type, data) {
  const body = Buffer.concat([Buffer.from(type), data]), out = Buffer.alloc(body.length + 8);
  out.writeUInt32BE(data.length, 0);
  body.copy(out, 4);
  out.writeUInt32BE(zlib.crc32 ? zlib.crc32(body) : crc(body), body.length + 4);
  return out;
}

function crc(bytes) {
  let n = ~0;
  for (const byte of bytes) {
    n ^= byte;
    for (let i = 0; i < 8; i++) n = n & 1 ? n >>> 1 ^ 0xedb88320 : n >>> 1;
  }
  return ~n >>> 0;
}

// A PNG with a slope of brightness in one colour.
export function png(width, height, colour) {
  const head = Buffer.alloc(13), rows = Buffer.alloc((width * 3 + 1) * height);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.set([8, 2, 0, 0, 0], 8);
  for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) for (let c = 0; c < 3; c++) rows[y * (width * 3 + 1) + 1 + x * 3 + c] = Math.min(255, colour[c] + x * 40 / width + y * 15 / height);
  return Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), chunk('IHDR', head), chunk('IDAT', zlib.deflateSync(rows)), chunk('IEND', Buffer.alloc(0))]);
}

function inFolder(use) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'motcua-photo-'));
  try { return use(folder); } finally { fs.rmSync(folder, { recursive: true, force: true }); }
}

// The program's own worker: a photograph as JPEG. Nothing runs beside it in its cell, no valgrind either; the server starts it alike.
const worker = process.env.MOTCUA_WORKER ?? program;
export function jpeg(picture) {
  return inFolder(folder => {
    fs.writeFileSync(`${folder}/in`, picture);
    const input = fs.openSync(`${folder}/in`), output = fs.openSync(`${folder}/out`, 'w');
    const { status, stderr } = spawnSync(worker, ['image-worker', 'photo', '0', '1', '0', '1'], { stdio: ['ignore', output, 'pipe', input] });
    fs.closeSync(input);
    fs.closeSync(output);
    if (status !== 0) throw new Error(`${stderr}`);
    return fs.readFileSync(`${folder}/out`);
  });
}

export function heic(picture) {
  return inFolder(folder => {
    fs.writeFileSync(`${folder}/in.png`, picture);
    execFileSync('heif-enc', ['-q', '50', `${folder}/in.png`, '-o', `${folder}/out.heic`], { stdio: 'ignore' });
    return fs.readFileSync(`${folder}/out.heic`);
  });
}

// What a camera writes beside a photograph: how it was held, and where it was taken.
export function exif(bytes, orientation) {
  const tiff = Buffer.alloc(60);
  tiff.write('MM\0*', 0, 'latin1');
  tiff.writeUInt32BE(8, 4);
  tiff.writeUInt16BE(1, 8);
  tiff.writeUInt16BE(0x0112, 10);
  tiff.writeUInt16BE(3, 12);
  tiff.writeUInt32BE(1, 14);
  tiff.writeUInt16BE(orientation, 18);
  tiff.write('GPS 21.0278N 105.8342E', 30);
  const segment = Buffer.concat([Buffer.from('Exif\0\0', 'latin1'), tiff]), head = Buffer.from([0xff, 0xe1, 0, 0]);
  head.writeUInt16BE(segment.length + 2, 2);
  return Buffer.concat([bytes.subarray(0, 2), head, segment, bytes.subarray(2)]);
}
