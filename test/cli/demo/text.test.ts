import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clip, justify, type Line, paint, type Style, wrap } from '../../../src/cli/demo/text.js';
import { withoutControls } from './terminal.js';

const span = fc.record({
  text: fc.stringMatching(/^[ -~█–]{0,20}$/),
  style: fc.constantFrom<Style>('bold', 'dim', 'red'),
});
const anyLine: fc.Arbitrary<Line> = fc.array(span, { maxLength: 6 });
const columns = fc.integer({ min: 1, max: 90 });
const bare = (line: Line) => paint(line, false);

describe('text of the demo', () => {
  it('clip() leaves a line that fits, and else its beginning with an ellipsis in exactly the columns', () => {
    fc.assert(
      fc.property(anyLine, columns, (line, width) => {
        const clipped = bare(clip(line, width));
        if (bare(line).length <= width) expect(clipped).toBe(bare(line));
        else expect(clipped).toBe(`${bare(line).slice(0, width - 1)}…`);
      }),
    );
  });

  it('paint() adds nothing but styles, and none without colour', () => {
    fc.assert(fc.property(anyLine, (line) => withoutControls(paint(line, true)) === bare(line)));
    expect(paint([{ text: 'a', style: 'red' }, { text: 'b' }], true)).toBe('\x1b[31ma\x1b[0mb');
  });

  it('justify() fills the columns, or leaves the right part out', () => {
    const [left, right]: [Line, Line] = [[{ text: 'left' }], [{ text: 'right' }]];
    expect(bare(justify(left, right, 12))).toBe('left   right');
    expect(bare(justify(left, right, 10))).toBe('left');
  });

  it('wrap() loses no word and keeps within the columns', () => {
    // A unit stays with what is before it.
    const word = fc.stringMatching(/^[a-z]{1,12}$/).filter((text) => text !== 'ms');
    const sentence = fc.array(word, { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(sentence, fc.integer({ min: 12, max: 40 }), (words, width) => {
        const lines = wrap(words.join(' '), width);
        expect(lines.join(' ')).toBe(words.join(' '));
        expect(lines.every((line) => line.length <= width)).toBe(true);
      }),
    );
  });

  it('wrap() keeps a number and its unit on one line', () => {
    expect(wrap('takes 19.9 ms or 1 % more', 9)).toEqual(['takes', '19.9 ms', 'or 1 %', 'more']);
  });
});
