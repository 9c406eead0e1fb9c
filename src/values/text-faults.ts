import { type Document, isAlias, isScalar, type Pair, visit } from 'yaml';
import { tagFaults } from './tag-faults.js';
import type { TextFault } from './text-fault.js';

const NEXT_LINE = '\u0085';
const mayHoldNextLine = /\u0085|\\(N|x85|u0085|U00000085)/;
/** Where a line ends for Helm and not for us, so that what follows could hide in a comment. */
const foreignBreaks = /[\u2028\u2029]|\r(?!\n)/g;
/** What is longer is no text that somebody forgot to quote. */
const MAX_QUOTED = 60;

/** Returns what Helm refuses, or what does not come through it unchanged, in the order of the text. */
export function textFaults(text: string, document: Document.Parsed): TextFault[] {
  const faults = [
    ...keyFaults(text, document),
    ...(text.includes('!') ? tagFaults(document) : []),
    ...(mayHoldNextLine.test(text) ? nextLineFaults(text, document) : []),
    ...breakFaults(text),
  ];
  return faults.sort((a, b) => a.offset - b.offset);
}

function keyFaults(text: string, document: Document.Parsed): TextFault[] {
  const faults: TextFault[] = [];
  visit(document, {
    Pair(_key, pair, path) {
      const fault = keyFault(pair, document);
      if (fault === undefined) return;
      const { message, hint = 'Quote it: a key is a text, such as "a".' } = fault;
      const map = path.at(-1) as { readonly range?: readonly [number, number, number] | null } | undefined;
      const source = map?.range ? text.slice(map.range[0], map.range[1]) : '';
      const whole = source.startsWith('{{') && source.length <= MAX_QUOTED && !source.includes('\n');
      faults.push({
        offset: (whole ? map?.range?.[0] : (pair.key as { range?: [number] } | null)?.range?.[0]) ?? 0,
        message,
        hint: whole ? `Quote it: '${source.replaceAll("'", "''")}'.` : hint,
      });
      return visit.SKIP;
    },
  });
  return faults;
}

interface KeyFault {
  readonly message: string;
  /** @default to quote it */
  readonly hint?: string;
}

function keyFault({ key }: Pair, document: Document.Parsed): KeyFault | undefined {
  const node = isAlias(key) ? key.resolve(document) : key;
  if (!isScalar(node)) return { message: 'has a map or a list as a key, which no object of Kubernetes can' };
  if (node.value === null) return { message: 'has an empty key, which Helm refuses' };
  // In a map whose keys are free, what is so called would be lost without a word.
  if (node.value !== '__proto__') return undefined;
  return { message: 'has the key __proto__, which is read nowhere', hint: 'Take it out, or call it otherwise.' };
}

/** Outside of texts, as in comments, only the character itself does harm, for a line ends there. */
function nextLineFaults(text: string, document: Document.Parsed): TextFault[] {
  const offsets = new Set<number>();
  visit(document, {
    Scalar(_key, { value, range }) {
      if (typeof value === 'string' && value.includes(NEXT_LINE) && range) {
        const raw = text.slice(range[0], range[1]).indexOf(NEXT_LINE);
        offsets.add(range[0] + Math.max(raw, 0));
      }
    },
  });
  const raw = text.indexOf(NEXT_LINE);
  if (raw >= 0) offsets.add(raw);
  return [...offsets].map((offset) => ({
    offset,
    message: 'holds the character U+0085, which some YAML parsers take for the end of a line and Helm makes a space of',
    hint: 'Remove it, or write \\n in double quotes where a line should end.',
  }));
}

/** Only the characters themselves: their escapes in double quotes are text for both. */
function breakFaults(text: string): TextFault[] {
  return [...text.matchAll(foreignBreaks)].map(({ 0: character, index }) => {
    const code = character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0');
    const escaped = character === '\r' ? '\\r' : `\\u${code}`;
    return {
      offset: index,
      message: `holds the character U+${code}, which ends a line for Helm and is text for other YAML parsers`,
      hint: `Remove it, or write ${escaped} in double quotes where a text should hold it.`,
    };
  });
}
