// What Debian 12's node 18 lacks and the stories use: its fetch is older than Headers.getSetCookie, and File is no global.
import { File } from 'node:buffer';

globalThis.File ??= File;
if (!Headers.prototype.getSetCookie) {
  Headers.prototype.getSetCookie = function () {
    return (this.get('set-cookie') ?? '').split(/, (?=[^;,\s]+=)/).filter(Boolean);
  };
}

// Under a sanitizer or valgrind (tools/test --under) the program is so many times slower: every pause of a story and every limit of
// time that it waits for is that much longer, so that a story that polls sees what it always sees. Limits it asserts say `* slow`.
export const slow = Number(process.env.MOTCUA_SLOW ?? 1);
if (slow > 1) {
  const { setTimeout } = globalThis;
  globalThis.setTimeout = Object.assign((what, ms, ...more) => setTimeout(what, ms * slow, ...more), setTimeout);
}

// Whether what the program is started by (valgrind) hides this of the kernel from it, though the machine has it: tools/test asks that.
export const isHidden = call => (process.env.MOTCUA_HIDDEN ?? '').split(' ').includes(call);
