import type { YAMLParseError, YAMLWarning } from 'yaml';
import { unresolvedTag } from './tag-faults.js';
import type { TextFault } from './text-fault.js';

const yamlHint = 'The file is read as YAML 1.1, as Helm and Kubernetes read it.';

/** Returns what is no YAML, in the words of a values file; behind a tab that stands for an indent the rest is guesswork. */
export function syntaxFaults(text: string, faults: readonly (YAMLParseError | YAMLWarning)[]): TextFault[] {
  const tab = faults.find(({ code }) => code === 'TAB_AS_INDENT');
  return (tab === undefined ? faults : [tab]).map((fault) => ({ offset: fault.pos[0], ...wordsFor(text, fault) }));
}

function wordsFor(text: string, { code, message, pos: [offset] }: YAMLParseError | YAMLWarning) {
  if (code === 'TAB_AS_INDENT') {
    return { message: 'is indented with a tab, which YAML does not take', hint: 'Indent with spaces.' };
  }
  if (code === 'DUPLICATE_KEY') {
    const [key = ''] = /^(?:"[^"\n]*"|'[^'\n]*'|[^:\n]+)/.exec(text.slice(offset, offset + LONGEST)) ?? [];
    return {
      message: `has the key ${key.trim()} a second time`,
      hint: 'Keep one of the two, or give one another name.',
    };
  }
  return unresolvedTag(message) ?? { message, hint: yamlHint };
}

/** Characters of a key that are shown. */
const LONGEST = 80;
