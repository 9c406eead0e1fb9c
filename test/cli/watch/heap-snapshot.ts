import { readFileSync } from 'node:fs';

interface Snapshot {
  readonly snapshot: { readonly meta: { readonly node_fields: string[]; readonly node_types: [string[]] } };
  readonly nodes: readonly number[];
}

/** What V8 makes of our code as it gets hot, for hours, and what it keeps for itself. */
const ofTheMachine = new Set(['code', 'hidden', 'object shape', 'synthetic']);

/** Returns how many bytes the objects, strings, closures and the like of a program hold in a snapshot of V8's heap. */
export function bytesHeld(file: string): number {
  const { snapshot, nodes } = JSON.parse(readFileSync(file, 'utf8')) as Snapshot;
  const { node_fields: fields, node_types } = snapshot.meta;
  const [type, size] = [fields.indexOf('type'), fields.indexOf('self_size')];
  let bytes = 0;
  for (let node = 0; node < nodes.length; node += fields.length) {
    if (!ofTheMachine.has(node_types[0][nodes[node + type] ?? 0] ?? '')) bytes += nodes[node + size] ?? 0;
  }
  return bytes;
}
