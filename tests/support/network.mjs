// A net on this computer with several machines in it (network namespaces at the ports of a bridge), each of which can be cut off without
// anybody being told: what is sent to it gets no answer, as with a machine that lost its power. Loopback would refuse at once.
// Whoever may not make such a thing gets null.
import { execFileSync } from 'node:child_process';

const ip = (...words) => execFileSync('ip', words, { stdio: ['ignore', 'pipe', 'pipe'] });

export class Network {
  static open(count) {
    const { pid } = process, net = `10.${128 + (pid >> 8) % 120}.${pid & 255}`;
    const n = Object.assign(new Network(), { bridge: `mc${pid}`, host: `${net}.1`, nodes: [] });
    try {
      ip('link', 'add', n.bridge, 'type', 'bridge');
      ip('addr', 'add', `${n.host}/24`, 'dev', n.bridge);
      ip('link', 'set', n.bridge, 'up');
      for (let i = 1; i <= count; i++) n.nodes.push(n.machine(`mc${pid}-${i}`, `${net}.${10 + i}`));
      return n;
    } catch {
      n.close();
      return null;
    }
  }

  machine(name, host) {
    const node = { name, host, within: ['ip', 'netns', 'exec', name] };
    ip('netns', 'add', name);
    ip('link', 'add', name, 'type', 'veth', 'peer', 'name', 'eth0', 'netns', name);
    ip('link', 'set', name, 'master', this.bridge);
    ip('-n', name, 'addr', 'add', `${host}/24`, 'dev', 'eth0');
    for (const of of ['lo', 'eth0']) ip('-n', name, 'link', 'set', of, 'up');
    return node;
  }

  cut(node) {
    ip('link', 'set', node.name, 'down');
  }

  join(node) {
    ip('link', 'set', node.name, 'up');
  }

  close() {
    for (const words of [...this.nodes.map(n => ['netns', 'del', n.name]), ['link', 'del', this.bridge]]) {
      try { ip(...words); } catch { /* it was not made */ }
    }
  }
}
