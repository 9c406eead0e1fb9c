import { describe, expect, test } from 'vitest';
import { re2Fault } from '../../src/values/re2-fault.js';

describe('re2Fault()', () => {
  test.each([
    ['the empty one', ''],
    ['flags', '(?i)a(?s-m:b)(?U)c'],
    ['named groups', '(?P<one>a)(?<two>b)'],
    ['empty alternatives', '(|a)|()*'],
    ['ends of the text', '\\A^a$\\z'],
    ['Unicode classes', '\\pN\\p{Greek}\\P{^L}[\\pL\\d]'],
    ['named classes', '[[:alpha:][:^digit:]_-]+'],
    ['brackets as themselves', '[]a][^]a]]}{[[]'],
    ['hyphens as themselves', '[-a][a-][\\d-z][a-z-9]'],
    ['ranges of escapes', '[\\x00-\\x{7f}\\n-\\r\\0-\\177]'],
    ['repetitions', 'a*?b+?c??d{2}e{2,}?f{0,1000}'],
    ['braces that count nothing', 'a{,2}{x}{b{01}'],
    ['an anchor that is repeated', '^*\\b+'],
    ['quoted text', '\\Q(*[\\E*\\Q('],
    ['octal numbers and escaped signs', '\\12\\0\\_\\/\\-\\#'],
    ['signs beyond 16 bits', '[😀-😎]+'],
    ['what affinity writes', '(.*;\\s*)?sid=v1\\s*(;.*)?'],
  ])('takes %s', (_what, expression) => {
    expect(re2Fault(expression)).toBeUndefined();
  });

  test.each([
    ['(a', 'a parenthesis is not closed'],
    ['a)(', 'a parenthesis is closed that was not opened'],
    ['[a', 'a bracket is not closed'],
    ['[]', 'a bracket is not closed'],
    ['*a', '* has nothing to repeat'],
    ['(+a)', '+ has nothing to repeat'],
    ['a|?', '? has nothing to repeat'],
    ['(?i){2}', '{2} has nothing to repeat'],
    ['a**', '* repeats a repetition'],
    ['a{2}{3}', '{3} repeats a repetition'],
    ['a++', '+ repeats a repetition'],
    ['a{1001}', '{1001} is above 1000'],
    ['a{1,1001}', '{1,1001} is above 1000'],
    ['a{3,2}', '{3,2} counts downwards'],
    ['a(?=b)', '(?= is a look-around'],
    ['a(?!b)', '(?! is a look-around'],
    ['(?<=a)b', '(?<= is a look-around'],
    ['(?<!a)b', '(?<! is a look-around'],
    ['(?>a)', '(?> begins no group that RE2 knows'],
    ['(?x)a', '(?x begins no group that RE2 knows'],
    ['(a)\\1', '\\1 is a backreference'],
    ['(?P<n>a)\\k<n>', '\\k is a backreference'],
    ['(?P<n>a)(?P=n)', '(?P= is a backreference'],
    ['(?P<n>a)(?P<n>b)', 'two groups are called n'],
    ['[z-a]', 'z-a is no range'],
    ['[a-\\d]', '\\d is no escape'],
    ['[[:letter:]]', '[:letter:] is no class'],
    ['a\\Z', '\\Z is no escape'],
    ['\\xg', '\\x is no escape'],
    ['[\\b]', '\\b is no escape'],
    ['a\\', 'a backslash stands at the end'],
  ])('refuses %s: %s', (expression, fault) => {
    expect(re2Fault(expression)).toBe(fault);
  });
});
