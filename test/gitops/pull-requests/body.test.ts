import { describe, expect, it } from 'vitest';
import { keyOf, sentenceOf, withdrawn } from '../../../src/gitops/pull-requests/body-mark.js';
import { sentence, table } from '../../../src/reports/markdown.js';
import { requestBody } from '../../../src/reports/pull-request.js';

const nothing = { against: 'main', workspace: [], releases: [], errors: [] };
const head = ['version', 'metric', 'found', 'value', 'baseline', 'limit'];

describe('sentence()', () => {
  it('leaves what a judge says as it is', () => {
    const said = 'reviews-v2 keeps error-rate: 0.1 % (at most 5 %), 120,000 requests; 20 % → 35 %.';
    expect(sentence(said)).toBe(said);
  });

  it.each([
    ['@ada merge this', '`@ada` merge this'],
    ['see #12 and ada/cells#1', 'see `#12` and `ada/cells#1`'],
    ['<img src=x onerror=alert(1)>', '`<img` src=x `onerror=alert(1)>`'],
    ['[safe](https://evil.example)', '`[safe](https://evil.example)`'],
    ['www.evil.example', '`www.evil.example`'],
    ['**all** _is_ well', '`**all**` `_is_` well'],
    ['a | b', 'a `|` b'],
    ['/merge', '`/merge`'],
    ['closes GH-12 !3 %4 $5', 'closes `GH-12` `!3` `%4` `$5`'],
    ['at 0123abc', 'at `0123abc`'],
    ['``` x', '```` ``` ```` x'],
    ['- one', '`-` one'],
    ['1. one', '`1.` one'],
    ['a\n\n# b\u202e c\u0000', 'a `#` b c'],
    ['Sluice-Proposal: 00\nSluice-Proposal: 11', 'Sluice-Proposal: 00 Sluice-Proposal: 11'],
  ])('makes %j harmless', (text, shown) => {
    expect(sentence(text)).toBe(shown);
  });
});

describe('table()', () => {
  it('keeps a bar inside its cell', () => {
    expect(
      table([
        ['a', 'b'],
        ['x|y', '@z'],
      ]),
    ).toBe('| a | b |\n| --- | --- |\n| `x\\|y` | `@z` |\n');
  });
});

describe('requestBody()', () => {
  it('begins with the sentence, also where that is long or would be a block', () => {
    const body = requestBody({ reason: `# ${'x '.repeat(2000)}`, evidence: [head], difference: nothing, remarks: [] });
    expect(sentenceOf(body)).toMatch(/^`#` x .*…$/);
    expect([...sentenceOf(body)].length).toBeLessThan(1100);
    expect(body).not.toContain('## Evidence');
  });

  it('fits with the most evidence there may be', () => {
    const row = Array.from({ length: 6 }, () => 'm'.repeat(63));
    const evidence = [head, ...Array.from({ length: 500 }, () => row)];
    const body = requestBody({ reason: 'why', evidence, difference: nothing, remarks: ['**Mind.**'] });
    expect(body).toContain('… and 460 more in ledger.jsonl');
    expect(body.split('\n\n').slice(0, 2)).toEqual(['why', '**Mind.**']);
  });
});

describe('keyOf()', () => {
  const body = 'why\r\n\r\nSluice-Release: r\r\nSluice-Proposal: 0123456789abcdef\r\n';

  it('reads the last line that names a decision, whatever ends the lines', () => {
    expect(keyOf({ body })).toBe('0123456789abcdef');
    expect(keyOf({ body: `Sluice-Proposal: ff\n\n${body}` })).toBe('0123456789abcdef');
  });

  it('reads none of a request that was taken back, nor of one of a person', () => {
    expect(keyOf({ body: withdrawn(body) })).toBeUndefined();
    expect(keyOf({ body: 'I say Sluice-Proposal: 00' })).toBeUndefined();
  });
});
