import type { Io } from './io.js';

type Stream = Io['stdout'];

/**
 * What acts on a terminal or on its reader: controls but for line ends and tabs, what turns the reading direction, what
 * nobody sees, line separators. Joiners stay, which some scripts and emoji need.
 */
const acting = /[^\P{Cc}\n\t]|[\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]/gu;

/** What a runner of GitHub's takes for a command to itself; annotations, which may be forged anyway, are none. */
const runnerCommand = /^([^\S\n]*):(?=:(?!(?:error|warning|notice)[ :])[a-z-]+)|#(?=#\[)/gim;

/** The colours of `paint`, which itself lets none of a text's own through. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: that is what they start with.
const colours = /(\x1b\[(?:0|1|2|31|32|33|36)m)/;

/** Returns a text from anywhere so that it only shows: as escapes of JSON, so that JSON still says the same. */
export function visible(text: string): string {
  return text.replace(acting, escaped).replace(runnerCommand, (_, margin = '#') => {
    return margin === '#' ? '\\u0023' : `${margin}\\u003a`;
  });
}

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

const originals = new WeakMap<object, Stream>();

/** Returns a stream that writes everything `visible`, but for colours where it is a terminal. */
export function guarded<S extends Stream>(stream: S): S {
  const write = (text: string) => stream.write(stream.isTTY === true ? visibleInColour(text) : visible(text));
  const guard = new Proxy(stream, {
    get: (target, name) => (name === 'write' ? write : Reflect.get(target, name, target)),
  });
  originals.set(guard, stream);
  return guard;
}

/** Returns the stream behind a guard: for data that stays as it is, and for what moves the cursor. */
export function unguarded(stream: Stream): Stream {
  return originals.get(stream) ?? stream;
}

function visibleInColour(text: string): string {
  return text
    .split(colours)
    .map((part, i) => (i % 2 === 1 ? part : visible(part)))
    .join('');
}
