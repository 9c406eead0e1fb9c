import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { applyEdits } from '../../src/values/edit.js';
import { removeKey } from '../../src/values/remove-key.js';

const file = 'values.yaml';
const path = ['rollout', 'override'];

describe('removeKey()', () => {
  it.each([
    [
      'a line of a block',
      'a: 1\nrollout:\n  policy: x\n  override: {b: 1} # c\n  # keep\nb: 1\n',
      'a: 1\nrollout:\n  policy: x\n  # keep\nb: 1\n',
    ],
    ['several lines', 'rollout:\n  override:\n    b: 1\n    c: 2\n  policy: x\n', 'rollout:\n  policy: x\n'],
    ['the last line, without an end', 'rollout:\r\n  policy: x\r\n  override: 1', 'rollout:\r\n  policy: x'],
    [
      'the middle of a line',
      'rollout: {policy: x, override: {b: 1}, steps: [5]}\n',
      'rollout: {policy: x, steps: [5]}\n',
    ],
    ['the end of a line', 'rollout: {policy: x, override: {b: 1}} # c\n', 'rollout: {policy: x} # c\n'],
    ['the start of a line', 'rollout: {override: 1, policy: x}\n', 'rollout: {policy: x}\n'],
    [
      'what a comment stands before',
      'rollout: {policy: x, # why\n  override: 1}\n',
      'rollout: {policy: x, # why\n  }\n',
    ],
    ['a map that it was alone in', 'a: 1\nrollout: {override: {b: 1}}\nb: 1\n', 'a: 1\nb: 1\n'],
    ['all that there is', '# head\nrollout:\n  override: 1\n# tail\n', '# head\n{}\n# tail\n'],
    ['a key without a value', 'rollout:\n  override:\n  policy: x\n', 'rollout:\n  policy: x\n'],
    ['nothing, where it is not there', 'rollout: {policy: x}\n', 'rollout: {policy: x}\n'],
  ])('removes %s', (_, before, after) => {
    expect(removeKey(before, path, { file })).toBe(after);
  });

  it.each([
    ['an alias', 'a: &a {override: 1, b: 2}\nrollout: *a\n', /rollout is an alias/],
    ['a merge key', 'a: &a {override: 1}\nrollout: {<<: *a, b: 1}\n', /rollout\.override comes from a merge key/],
    ['an anchor that is used', 'rollout: &a {override: 1, b: 1}\nb: *a\n', /rollout has an anchor/],
  ])('refuses what stands behind %s', (_, text, says) => {
    expect(() => removeKey(text, path, { file })).toThrow(says);
  });

  it('takes back what applyEdits wrote, whatever stands around it', () => {
    const texts = fc.constantFrom(
      'a: 1\n',
      'rollout: {policy: x}\n',
      'rollout:\n  policy: x # p\n  steps:\n  - 5\n# tail\nb: 1\n',
      'rollout:\r\n  policy: x\r\n',
      '# only\na:\n- rollout\n',
    );
    const words = fc.string({ minLength: 1, unit: 'grapheme-ascii' });
    fc.assert(
      fc.property(texts, words, words, (text, by, reason) => {
        const edits = Object.entries({ action: 'pause', by, reason }).map(([key, value]) => ({
          path: [...path, key],
          value,
        }));
        const paused = applyEdits(text, edits, { file });
        expect(parse(paused).rollout.override).toEqual({ action: 'pause', by, reason });
        expect(removeKey(paused, path, { file })).toBe(text);
      }),
    );
  });
});
