// What Debian 12's node 18 lacks and the stories use: its fetch is older than Headers.getSetCookie, and File is no global.
import { File } from 'node:buffer';

globalThis.File ??= File;
if (!Headers.prototype.getSetCookie) {
  Headers.prototype.getSetCookie = function () {
    return (this.get('set-cookie') ?? '').split(/, (?=[^;,\s]+=)/).filter(Boolean);
  };
}
