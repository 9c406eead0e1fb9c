import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { ConfigError, formatProblems, GitError, InternalError, isSluiceError, SourceError } from '../src/errors.js';

/** A place where an error is made, as its source has it. */
interface Site {
  readonly where: string;
  /** Every text that the message may be made of, with `…` for what is filled in; undefined where it is handed on. */
  readonly texts: readonly string[] | undefined;
  /** The names in the details; undefined where they are handed on as a whole. */
  readonly details: readonly string[] | undefined;
  readonly error: string;
}

const errorClasses = ['ConfigError', 'SourceError', 'GitError', 'InternalError'];
/** Make an error of what they are given, with a hint where none is: their callers are looked at too. */
const makers = ['failure'];

const files = readdirSync('src', { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.ts'))
  .map((path) => join('src', path));
const sites = files.flatMap(sitesIn);
const worded = sites.flatMap(({ where, texts = [] }) => texts.map((text) => [where, text] as const));

describe('the text of every error', () => {
  it('is found, so that this can fail', () => {
    expect(sites.length).toBeGreaterThan(40);
    const handedOn = sites.filter(({ texts }) => texts === undefined).map(({ where }) => where.replace(/:\d+$/, ''));
    // Only the makers themselves hand a text on, and a replay the one that was committed.
    const makersOfTexts = ['src/sources/failure.ts', 'src/gitops/settle-after.ts', 'src/cli/replay/ledger-source.ts'];
    expect(new Set(handedOn)).toEqual(new Set(makersOfTexts));
  });

  it.each(worded)('%s begins with Cannot: %s', (_, text) => {
    // What could not be done may be a variable, shown as ….
    expect(text).toMatch(/^Cannot [a-z…]/);
  });

  it.each(worded)('%s has no period at its end: %s', (_, text) => {
    expect(text).not.toMatch(/[.!]$/);
  });

  it.each(worded)('%s has no contractions: %s', (_, text) => {
    expect(text).not.toMatch(
      /\b(can|don|doesn|won|isn|aren|couldn|didn|hasn|wasn|weren|mustn|shouldn|wouldn)['’]?t\b/i,
    );
    expect(text).not.toMatch(/\b(it|that|there|what|you|we|they)['’](s|re|ve|ll|d)\b/i);
  });
});

describe('the details of every error', () => {
  it.each(sites.map((site) => [site.where, site] as const))('%s: a code, and what to do about it', (_, site) => {
    if (site.details === undefined) return;
    expect(site.details).toContain('code');
    // A defect of sluice is nobody else's to mend, and problems carry hints of their own.
    if (site.error === 'InternalError' || makers.includes(site.error) || site.details.includes('problems')) return;
    if (site.texts?.includes(ownMistake)) return;
    expect(site.details).toContain('hint');
  });

  it('names codes as area/what', () => {
    const codes = files.flatMap((file) => [...readFileSync(file, 'utf8').matchAll(/\bcode: '([^']+)'/g)]);
    expect(codes.length).toBeGreaterThan(40);
    // zod's own word for an issue of ours.
    for (const [, code] of codes) expect(code).toMatch(/^([a-z]+\/[a-z0-9-]+|custom)$/);
  });
});

/** Of a plan, which sluice makes itself. */
const ownMistake = 'Cannot commit … as one change: the plan changes it twice';

describe('an error', () => {
  it('carries code, path, hint and cause', () => {
    const cause = new Error('underneath');
    const details = { code: 'values/invalid', path: 'values.yaml', hint: 'Look there.', cause };
    for (const Kind of [ConfigError, SourceError, GitError, InternalError]) {
      const error = new Kind('Cannot do it', details);
      expect(error).toMatchObject({ ...details, name: Kind.name, message: 'Cannot do it' });
      expect(isSluiceError(error)).toBe(true);
    }
    expect(isSluiceError(cause)).toBe(false);
    expect('cause' in new GitError('Cannot do it', { code: 'git/x' })).toBe(false);
  });

  it('formatProblems() gives one positioned line per problem, each followed by its hint', () => {
    const problems = [
      { file: 'v.yaml', line: 3, column: 5, path: 'application.port', message: 'is 0', hint: 'Give at least 1.' },
      { file: 'v.yaml', line: 1, column: 1, path: '', message: 'is empty' },
      { file: 'v.yaml', path: 'application', message: 'is missing' },
    ];
    expect(formatProblems(problems)).toBe(
      'v.yaml:3:5 application.port: is 0\n  hint: Give at least 1.\nv.yaml:1:1 is empty\nv.yaml application: is missing',
    );
  });
});

function sitesIn(file: string): Site[] {
  const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.ES2022, true);
  const found: Site[] = [];
  const look = (node: ts.Node): void => {
    const name = errorMadeBy(node);
    if (name !== undefined) found.push(siteOf(node as ts.NewExpression | ts.CallExpression, name, source));
    ts.forEachChild(node, look);
  };
  look(source);
  return found;
}

function errorMadeBy(node: ts.Node): string | undefined {
  if (!ts.isNewExpression(node) && !ts.isCallExpression(node)) return undefined;
  if (!ts.isIdentifier(node.expression)) return undefined;
  const { text } = node.expression;
  return (ts.isNewExpression(node) ? errorClasses : makers).includes(text) ? text : undefined;
}

function siteOf(call: ts.NewExpression | ts.CallExpression, error: string, source: ts.SourceFile): Site {
  const { line } = source.getLineAndCharacterOfPosition(call.getStart());
  const given = (call.arguments ?? []).slice(error === 'failure' ? 1 : 0);
  const [message, details] = given;
  const texts = message === undefined ? undefined : textsOf(message);
  const where = `${source.fileName}:${line + 1}`;
  return { where, texts, details: details && namesIn(details, source), error };
}

/** A spread may hold any name, so what has one counts as handed on. */
function namesIn(details: ts.Expression, source: ts.SourceFile): string[] | undefined {
  if (!ts.isObjectLiteralExpression(details)) return undefined;
  const names = details.properties.map((property) => property.name?.getText(source));
  return names.every((name) => name !== undefined) ? names : undefined;
}

function textsOf(node: ts.Expression): string[] | undefined {
  if (ts.isStringLiteralLike(node)) return [node.text];
  if (ts.isTemplateExpression(node)) {
    // Two messages of other errors, one per line, are worded elsewhere.
    if (node.head.text === '' && node.templateSpans[0]?.literal.text === '\n') return undefined;
    return [node.head.text + node.templateSpans.map(({ literal }) => `…${literal.text}`).join('')];
  }
  if (!ts.isConditionalExpression(node)) return undefined;
  const branches = [textsOf(node.whenTrue), textsOf(node.whenFalse)];
  return branches.includes(undefined) ? undefined : branches.flatMap((texts) => texts ?? []);
}
