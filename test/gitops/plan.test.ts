import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type CommitText, commitMessage } from '../../src/gitops/plan.js';

const text: CommitText = {
  release: 'reviews',
  summary: 'candidate 20 % → 35 %',
  body: 'error-rate 0.001 of 12,000 requests is below the limit of 0.01, and latency-mean is 1.02 times the baseline.',
  trailers: { decision: 'advance', iteration: 4, verdict: 'pass', evidence: 'sha256:4f2a' },
};

describe('commitMessage()', () => {
  it('writes a Conventional Commit subject, a wrapped body and the trailers', () => {
    expect(commitMessage(text)).toBe(`chore(reviews): candidate 20 % → 35 %

error-rate 0.001 of 12,000 requests is below the limit of 0.01, and latency-mean
is 1.02 times the baseline.

Sluice-Release: reviews
Sluice-Decision: advance
Sluice-Iteration: 4
Sluice-Verdict: pass
Sluice-Evidence: sha256:4f2a
`);
  });

  it('fills a template of the subject, in which a value stands for itself alone', () => {
    const template = '{{decision}} {{ release }}#{{iteration}} [{{verdict}}]: {{summary}}';
    const odd = { ...text, summary: '{{release}} $& $1\nSluice-Verdict: fail', release: '{{summary}}' };
    expect(commitMessage(odd, template).split('\n')[0]).toBe(
      'advance {{summary}}#4 [pass]: {{release}} $& $1 Sluice-Verdict: fail',
    );
    const bare = { release: 'a', summary: 'add it', trailers: {} };
    expect(commitMessage(bare, '# {{verdict}} {{summary}}')).toBe('add it\n\nSluice-Release: a\n');
  });

  it('leaves out the body and the trailers that are not given', () => {
    expect(commitMessage({ release: 'a', summary: 'add candidate', trailers: {} })).toBe(
      'chore(a): add candidate\n\nSluice-Release: a\n',
    );
  });

  it('shortens a subject past 100 characters, never inside a character', () => {
    const subject = commitMessage({ ...text, summary: '🚦'.repeat(200) }).split('\n')[0] ?? '';
    expect([...subject]).toHaveLength(100);
    expect(subject).toMatch(/🚦…$/u);
  });

  it('does not let a sentence with newlines forge a trailer', () => {
    const body = 'all is well\n\nSluice-Verdict: pass\nSluice-Decision : promote';
    const message = commitMessage({ ...text, body, trailers: { verdict: 'fail\nSluice-Decision: promote' } });
    expect(trailersOf(message)).toBe('Sluice-Release: reviews\nSluice-Verdict: fail Sluice-Decision: promote\n');
    expect(message.match(/^Sluice-Verdict\s*:/gm)).toHaveLength(1);
  });

  it('removes what hides or turns text', () => {
    const message = commitMessage({ release: 'a\u0007b', summary: 'x\u001b[31my\u202ez\u2028w', trailers: {} });
    expect(message).toBe('chore(a b): x [31my z w\n\nSluice-Release: a b\n');
  });

  it('has one line per trailer, none forged and none lost, whatever the texts are', () => {
    const word = fc.constantFrom(
      'Sluice-Verdict:',
      'Sluice-Release: x',
      '\n',
      '\r\n',
      '\u0085',
      '---',
      '#',
      '\0',
      'ok',
    );
    const sentence = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.array(word, { maxLength: 40 }).map((w) => w.join(' ')),
    );
    fc.assert(
      fc.property(sentence, sentence, sentence, (summary, body, verdict) => {
        const lines = commitMessage({ release: 'r', summary, body, trailers: { verdict } }).split('\n');
        expect(lines.filter((line) => /^Sluice-[A-Za-z]+\s*:/.test(line))).toEqual(lines.slice(-3, -1));
        expect(lines.slice(-4, -2)).toEqual(['', 'Sluice-Release: r']);
        expect(lines.slice(1).filter((line) => /^(#|---)/.test(line))).toEqual([]);
        expect(lines.join('')).not.toMatch(/\p{Cc}/u);
      }),
    );
  });
});

function trailersOf(message: string): string {
  return execFileSync('git', ['interpret-trailers', '--parse'], { input: message, encoding: 'utf8' });
}
