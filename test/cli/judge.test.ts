import { EventEmitter } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { linesOf } from '../../src/cli/judge/lines.js';
import { run } from '../../src/cli/run.js';
import { scratchFolder, sluice } from './workspace.js';

const cwd = scratchFolder();

/** A case with so many errors in 100 requests; up to one is allowed. */
function caseOf(id: string | number, e: number, n = 100): string {
  const rows = [{ baseline: { n: 1900, e: 2 }, candidate: { n, e } }];
  return JSON.stringify({ id, rows, objectives: [{ metric: 'error-rate', upperLimit: 0.01 }] });
}

const good = caseOf('good', 1);
const bad = caseOf('bad', 5);
const few = caseOf('few', 0, 9);

async function judge(lines: readonly (string | Buffer)[], ...more: string[]) {
  const stdin = Buffer.concat(lines.flatMap((line) => [Buffer.from(line), Buffer.from('\n')]));
  return sluice(['judge', '--judge', 'threshold', '-f', '-', ...more], { cwd, stdin });
}

function idsOf(stdout: string): unknown[] {
  return stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line).id);
}

afterEach(() => {
  vi.unstubAllEnvs();
});

describe('sluice judge', () => {
  it('prints a table with the sentence for people', async () => {
    const { code, stdout, stderr } = await judge([good, bad]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toBe(`good  pass  candidate keeps error-rate 1 % (limit 1 %); 100 requests against 1,900 of baseline
  metric      found  candidate  baseline  limit
  error-rate  pass   1 %        0.11 %    1 %
bad  fail  candidate breaks error-rate 5 % (at most 1 %); 100 requests against 1,900 of baseline
  metric      found  candidate  baseline  limit
  error-rate  high   5 %        0.11 %    1 %
2 cases: 1 pass, 1 fail
`);
  });

  it('answers one line of JSON a case, in order, and reads a file as stdin', async () => {
    const cases = [good, bad, few, caseOf(3, 0)].join('\n');
    writeFileSync(join(cwd, 'cases.jsonl'), cases);
    const { code, stdout } = await sluice(['judge', '--judge', 'threshold', '-f', 'cases.jsonl', '-o', 'json'], {
      cwd,
    });
    expect({ code, ids: idsOf(stdout) }).toEqual({ code: 0, ids: ['good', 'bad', 'few', 3] });
    expect((await judge([cases], '-o', 'json')).stdout).toBe(stdout);
  });

  it.each([
    ['a pass', good, 0],
    ['a fail', bad, 1],
    ['an inconclusive one', few, 3],
  ])('with a single case has the exit code of %s', async (_what, line, code) => {
    expect((await judge([line])).code).toBe(code);
    expect((await judge([line, good])).code).toBe(0);
  });

  it('does not lose the other answers by a bad line: it is told of, answered with its error, and the code is 2', async () => {
    const lines = [good, '{"id":"broken",', '', '{"id":"foreign","rowz":[]}', Buffer.from([0x22, 0xff, 0x22]), bad];
    const { code, stdout, stderr } = await judge(lines, '-o', 'json');
    expect({ code, ids: idsOf(stdout) }).toEqual({ code: 2, ids: ['good', null, 'foreign', null, 'bad'] });
    expect(JSON.parse(stdout.split('\n')[2] ?? '').error).toContain('stdin:4:1 rowz: is no known key');
    expect(stderr).toMatch(/^stdin:2:1 is no JSON: .*\n {2}hint: Write one case a line/);
    expect(stderr).toContain('stdin:4:1 rows: is missing\n  hint: Give a list.');
    expect(stderr).toContain('stdin:4:1 rowz: is no known key\n  hint: Did you mean rows? Allowed are: id, ');
    expect(stderr).toContain('stdin:5:1 is no UTF-8 text');
    expect((await judge(lines)).stdout).toMatch(
      /^good {2}pass.*\nbad {2}fail.*\n5 cases: 1 pass, 3 no case, 1 fail\n$/s,
    );
  });

  it('takes a byte order mark, line ends of Windows and a last line without an end', async () => {
    const { code, stdout } = await judge([`\ufeff${good}\r\n${bad}\r\n\r\n${few}`], '-o', 'json');
    expect({ code, ids: idsOf(stdout) }).toEqual({ code: 0, ids: ['good', 'bad', 'few'] });
  });

  it.each([
    [
      'an unknown judge',
      ['--judge', 'treshold', '-f', '-'],
      /^sluice: Cannot judge with treshold.*\n {2}hint: Did you mean threshold\? Allowed are: .*threshold/,
    ],
    ['toString as a judge', ['--judge', 'toString', '-f', '-'], /Cannot judge with toString/],
    [
      'an absent file',
      ['--judge', 'threshold', '-f', 'none.jsonl'],
      /Cannot read none\.jsonl as text: there is no such file/,
    ],
    ['a folder', ['--judge', 'threshold', '-f', '.'], /Cannot read \. as text: it is a folder/],
    [
      'another format',
      ['--judge', 'threshold', '-f', '-', '-o', 'xml'],
      /Cannot print the answers as asked: xml\n {2}hint: Allowed are: text, json/,
    ],
    [
      'no case',
      ['--judge', 'threshold', '-f', '-'],
      /^sluice: Cannot judge stdin as JSON Lines: it holds no case\n {2}hint: Write one case a line/,
    ],
    ['no judge', ['-f', '-'], /--judge is missing/],
  ])('could not run with %s', async (_what, words, says) => {
    const { code, stdout, stderr } = await sluice(['judge', ...words], { cwd, stdin: '\n \n' });
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(says);
  });

  it.each([
    [{ isTTY: true }, '', true],
    [{ isTTY: true }, '1', false],
    [{ isTTY: false }, '', false],
  ])('on %j with NO_COLOR=%j colours: %s', async (tty, noColour, coloured) => {
    vi.stubEnv('NO_COLOR', noColour);
    vi.stubEnv('TERM', 'xterm');
    let stdout = '';
    const io = {
      stdin: Readable.from([bad]),
      stdout: { ...tty, write: (text: string) => (stdout += text) },
      stderr: { write: () => {} },
      cwd,
      now: () => 0,
    };
    expect(await run(['judge', '--judge', 'threshold', '-f', '-'], io)).toBe(1);
    expect(stdout.includes('\x1b[31mfail\x1b[0m')).toBe(coloured);
    expect(stdout.includes('\x1b[')).toBe(coloured);
  });

  it('reads on only when its reader has taken what there is', async () => {
    let asked = 0;
    async function* lines() {
      for (; asked < 50; asked += 1) yield `${good}\n`;
    }
    class Slow extends EventEmitter {
      written = 0;
      write() {
        this.written += 1;
        expect(asked).toBeLessThan(this.written + 20);
        setImmediate(() => this.emit('drain'));
        return false;
      }
    }
    const stdout = new Slow();
    const io = { stdin: Readable.from(lines()), stdout, stderr: { write: () => {} }, cwd, now: () => 0 };
    await run(['judge', '--judge', 'threshold', '-f', '-', '-o', 'json'], io);
    expect(stdout.written).toBe(50);
  });
});

describe('linesOf()', () => {
  it('joins what chunks tear apart, also inside of a character', async () => {
    const bytes = Buffer.from('one\ntwö\n\nlast');
    for (let size = 1; size <= bytes.length; size += 1) {
      async function* chunks() {
        for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
      }
      const lines: string[] = [];
      for await (const line of linesOf(chunks())) lines.push(`${line.number} ${line.bytes}`);
      expect(lines).toEqual(['1 one', '2 twö', '3 ', '4 last']);
    }
  });
});
