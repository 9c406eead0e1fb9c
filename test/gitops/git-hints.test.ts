import { describe, expect, it } from 'vitest';
import { hintFor } from '../../src/gitops/git-hints.js';

describe('hintFor()', () => {
  it.each([
    ['fetch', 'the right to read and push to this repository'],
    ['push', 'the right to push to this repository'],
  ])('names the right that a %s lacks', (command, right) => {
    expect(hintFor("fatal: unable to access 'https://h/x/': The requested URL returned error: 403", command)).toContain(
      right,
    );
  });

  it.each([
    "fatal: sha1 file '.git/objects/pack/tmp_pack_x' write error. Out of diskspace",
    "fatal: sha1 file '.git/objects/pack/tmp_pack_x' write error: File too large",
    '',
  ])('sends nobody to run git fast-import by hand: %j', (words) => {
    expect(hintFor(words, 'fast-import')).toMatch(/room/);
  });
});
