import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { cpuTime } from '../cpu-time.js';
import { root } from '../docs/pages.js';

/** A regular expression of the sources, and where it is. */
export interface Pattern {
  readonly at: string;
  readonly expression: RegExp;
}

/** Returns every regular expression that is written as a literal in `src`. */
export function patterns(): Pattern[] {
  const files = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' });
  return files.filter((file) => file.endsWith('.ts')).flatMap((file) => patternsIn(`src/${file}`));
}

function patternsIn(file: string): Pattern[] {
  const source = ts.createSourceFile(file, readFileSync(join(root, file), 'utf8'), ts.ScriptTarget.ES2022, true);
  const found: Pattern[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isRegularExpressionLiteral(node)) {
      const end = node.text.lastIndexOf('/');
      const { line } = source.getLineAndCharacterOfPosition(node.getStart());
      const expression = new RegExp(node.text.slice(1, end), node.text.slice(end + 1));
      found.push({ at: `${file}:${line + 1}`, expression });
    }
    node.forEachChild(visit);
  };
  visit(source);
  return found;
}

const usual = [
  'a',
  'A',
  '0',
  'f',
  ' ',
  '\t',
  '-',
  '.',
  '_',
  '/',
  ':',
  '\\',
  '"',
  '`',
  '@',
  '#',
  '{{',
  '}}',
  '(',
  '*',
  'é',
  '\u202e',
  'a.',
  'a-',
  'a1',
  'a ',
  '. ',
  '\n',
];

/** Returns long texts that are made to have a pattern try again and again: its own words, repeated. */
export function* attacks({ expression }: Pattern, length: number): Generator<string> {
  const words = expression.source.match(/[a-z0-9 ]{2,}|[^\\[\](){}|?*+^$.]/gi) ?? [];
  const unescaped = [...new Set(words)].slice(0, 24);
  const pumps = [...new Set([...usual, ...unescaped, ...unescaped.map((word) => `${word} `)])];
  for (const pump of pumps) {
    const repeated = pump.repeat(Math.ceil(length / pump.length)).slice(0, length);
    for (const start of ['', unescaped[0] ?? '']) yield `${start}${repeated}\u0001`;
  }
}

/** Returns the milliseconds of work that it takes to find all matches, the least of some tries. */
export function timeOf({ expression }: Pattern, text: string, tries = 1): number {
  const global = new RegExp(expression.source, `${expression.flags.replace(/[gy]/g, '')}g`);
  let least = Number.POSITIVE_INFINITY;
  for (let i = 0; i < tries; i += 1) {
    const start = cpuTime();
    text.replace(global, '');
    least = Math.min(least, cpuTime() - start);
  }
  return least;
}
