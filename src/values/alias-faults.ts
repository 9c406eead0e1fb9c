import { type Document, type Node, visit } from 'yaml';
import type { TextFault } from './text-fault.js';

/** Returns the aliases of what was not named before, and of what they are a part of, in the order of the text. */
export function aliasFaults(document: Document.Parsed): TextFault[] {
  const anchors = new Map<string, Node>();
  const faults: TextFault[] = [];
  visit(document, {
    Value(_key, node) {
      if (node.anchor !== undefined) anchors.set(node.anchor, node);
    },
    Alias(_key, alias, path) {
      const offset = alias.range?.[0] ?? 0;
      const target = anchors.get(alias.source);
      if (target === undefined) {
        const hint = `Put &${alias.source} before the value that is meant, further up, or write the value out.`;
        faults.push({ offset, message: `names *${alias.source}, which nothing before it is called`, hint });
      } else if (path.includes(target)) {
        faults.push({ offset, message: `names *${alias.source}, of which it is a part`, hint: 'Write the value out.' });
      }
    },
  });
  return faults;
}
