import { type Document, type Scalar, type Tags, visit } from 'yaml';
import type { TextFault } from './text-fault.js';

const core = 'tag:yaml.org,2002:';
/** What the yaml package makes something else of than Helm, or what is no value of JSON. */
const foreign = ['binary', 'omap', 'pairs', 'set', 'timestamp'].map((name) => core + name);
const hint = 'Remove the tag: a value shows what it is without one, and quotes make a text of it.';

/** Returns the tags that stand for the same value here and in Helm; whatever has another one does not resolve. */
export function sharedTags(tags: Tags): Tags {
  // Helm knows no times of day, for which the yaml package has numbers that are tagged like all others.
  return tags.filter((tag) => typeof tag === 'string' || !(foreign.includes(tag.tag) || isTime(tag)));
}

function isTime(tag: object): boolean {
  return 'format' in tag && tag.format === 'TIME';
}

/** Says in the words of a values file what the yaml package says of a tag; undefined for other faults. */
export function unresolvedTag(message: string): Omit<TextFault, 'offset'> | undefined {
  const [, tag] = /^Unresolved tag: (.+)$/.exec(message) ?? [];
  if (tag === undefined) return undefined;
  if (tag === `${core}binary`) {
    return { message: 'is binary, which no value is', hint: 'Write it as text, without the tag.' };
  }
  return { message: `has the tag ${shown(tag)}, with which it cannot be read`, hint };
}

function shown(tag: string): string {
  return tag.startsWith(core) ? `!!${tag.slice(core.length)}` : tag;
}

/** Returns the scalars that resolve by their tag to something else than in Helm, or that Helm refuses. */
export function tagFaults(document: Document.Parsed): TextFault[] {
  const faults: TextFault[] = [];
  visit(document, {
    Scalar(key, node) {
      if (node.tag === undefined || !misread(node, key === 'key')) return;
      faults.push({
        offset: node.range?.[0] ?? 0,
        message: `has the tag ${shown(node.tag)}, with which it cannot be read`,
        hint,
      });
    },
  });
  return faults;
}

function misread(node: Scalar, isKey: boolean): boolean {
  const { tag, value, source = '', type } = node;
  if (tag === `${core}merge`) return !isKey;
  if (tag === `${core}str`) return isKey && value === '<<' && type === 'PLAIN';
  if (tag === `${core}int`) return !Number.isSafeInteger(value) || /^[-+]?0[\d_]*[89]/.test(source);
  return tag === `${core}float` && (typeof value !== 'number' || Number.isNaN(value));
}
