import type { ScalarTag } from 'yaml';

const decimalFloat = /^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)(e[-+]?[0-9]+)?$/i;
const integer = /^([-+]?)(0x[0-9a-f]+|0b[01]+|0o?[0-7]+|0|[1-9][0-9]*)$/i;
/** Beyond 64 bits Helm's parser knows no integers. */
const INTEGERS = 2 ** 64;

/**
 * Reads what may be a number as Helm's parser does, which is neither YAML 1.1 nor 1.2 to the letter: a float needs a
 * digit before its exponent and a size that a double has, so commits such as `e1234567` and `1234e567` are strings; and
 * so are times of day and dates, which the yaml package takes for seconds and for points in time.
 */
export const helmNumber: ScalarTag = {
  tag: 'tag:yaml.org,2002:float',
  default: true,
  // The words for infinity and for no number are left to the yaml package, and refused where they stand.
  test: /^(?![-+]?\.(inf|Inf|INF)$|\.(nan|NaN|NAN)$)[-+.0-9]/,
  resolve: (text) => numberOf(text) ?? text,
};

/** Returns undefined for what is a string. */
function numberOf(text: string): number | undefined {
  // Helm's parser leaves out underscores, but not right behind a leading point.
  const plain = text.startsWith('._') ? text : text.replaceAll('_', '');
  const [, sign, digits] = integer.exec(plain) ?? [];
  if (digits !== undefined) {
    const size = /^0[0-7]/.test(digits) ? Number.parseInt(digits, 8) : Number(digits);
    // Not by a sign in front, since -0 is written 0.
    if (size < INTEGERS) return sign === '-' ? 0 - size : size;
  }
  const float = decimalFloat.test(plain) ? Number(plain) : Number.NaN;
  return Number.isFinite(float) ? float : undefined;
}
