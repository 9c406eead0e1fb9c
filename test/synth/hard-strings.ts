import fc from 'fast-check';

/** Texts that one parser or another reads as something else when they stand without quotes, or cannot read at all. */
export const hardStrings: readonly string[] = [
  // Empty, white space, line breaks of YAML 1.1
  ...['', ' ', '  ', '\t', '\n', '\r', '\r\n', 'a\n', '\na', ' a', 'a ', 'a\tb', 'a\u0085b', 'a\u2028b', 'a\u2029b'],
  // Booleans and nulls
  ...['y', 'Y', 'n', 'N', 'yes', 'Yes', 'YES', 'no', 'No', 'NO', 'on', 'On', 'ON', 'off', 'Off', 'OFF', 'oN', 'yEs'],
  ...['true', 'True', 'TRUE', 'tRUE', 'false', 'False', 'FALSE', 'null', 'Null', 'NULL', 'nULL', '~', 'undefined'],
  // Integers
  ...['0', '-0', '+0', '00', '7', '-7', '+7', '07', '08', '0o7', '0O7', '0x1f', '0X1F', '-0x1F', '+0x1f', '0b101'],
  ...['-0b101', '1_000', '0x_1', '_1', '1_', '1,000', '12:30', '12:30:45', '-1:30', '190:20:30.15', '1:60', '١٢'],
  ...['9007199254740993', '18446744073709551616', '99999999999999999999'],
  // Floats
  ...[
    '.5',
    '-.5',
    '5.',
    '1.',
    '1e3',
    '1E3',
    '1e+3',
    '1.0e+3',
    '1e',
    'e1',
    'E+1',
    'e-1_0',
    '.e1',
    '.',
    '..',
    '1.2.3',
    '1e999',
  ],
  ...['.inf', '-.inf', '+.inf', '.Inf', '.INF', 'inf', '-inf', '.nan', '.NaN', '.NAN', 'nan', 'NaN', 'Infinity'],
  ...['0x1p-2', '1_0.5', '100m', '128Mi', '5s', '1h30m', '10.0.0.1', '1.2.3-rc.1', 'v1.2.3'],
  // Dates
  ...['2020-01-01', '2020-1-1', '2001-12-14t21:59:43.10-05:00', '2001-12-14 21:59:43.10 -5', '2020-01-01T00:00:00Z'],
  // Words of YAML itself, indicators, document marks
  ...[
    '=',
    '<<',
    '!',
    '!!str',
    '!!str a',
    '&a',
    '*a',
    '*',
    '&',
    '|',
    '>',
    '|-',
    '>+2',
    '%',
    '%YAML 1.1',
    '@',
    '`',
    '`a',
  ],
  ...['-', '- a', '-a', '--', '---', '--- a', '...', '... a', '?', '? a', '?a', ':', ': a', ':a', 'a:', 'a: b', 'a:b'],
  ...['#', '# a', '#a', 'a#', 'a #b', 'a#b', ',', '[', ']', '{', '}', '[a]', '{a}', '{a: b}', '[]', '{}', 'a, b'],
  ...['"', "'", '"a"', "'a'", 'a"b', "a'b", '\\', '\\n', '\\u0041', 'a\\', '{{ .Values.a }}', '${a}', '$(a)'],
  // What appears in Kubernetes objects
  ...['/', '/healthz', '//', 'a/b', 'apps/v1', 'app.kubernetes.io/name', 'registry.example:5000/a/b:v1@sha256:0e1'],
  ...['--port=80', '-c', 'a=b', 'a==b', 'a+b', 'a@b', 'a-', 'a.', 'a_', 'a:b:c', 'a::b', '*.example.org', '^/a(/|$)'],
  ...['echo hello', 'GET /a?b=c&d=<e>', '{"a":[1,"b"]}', '#!/bin/sh\nset -eu\n\techo "a"\n', 'C:\\a', '0 3 * * *'],
  // Characters that a parser may not print, or that are outside the basic plane
  ...['\0', '\u0001', '\u0007', '\b', '\v', '\f', '\u001b', '\u001f', '\u007f', '\u0080', '\u009f', '\u00a0', '\u00ad'],
  ...['\ufeff', '\ufeffa', 'a\ufeff', '\ufffd', '\ufffe', '\uffff', '\ufdd0', '\ud7ff', '\ue000', '\u200b', '\u202e'],
  ...['é', 'e\u0301', '中文', '😀', '👩‍👩‍👧', '\u{10000}', '\u{1fffe}', '\u{10ffff}', '\u{e0001}', 'ｙ', 'ﬀ'],
  // Names that JavaScript treats apart
  ...['__proto__', 'constructor', 'toString', 'length', '-1', '1.5'],
  // Around the longest simple key, with and without quotes, in one and in several bytes per character
  ...[1021, 1022, 1023, 1024, 1025, 1026, 5000].flatMap((length) =>
    ['k', ' ', 'é', '\u0085'].map((c) => c.repeat(length)),
  ),
  ...[510, 511, 512, 513, 1023, 1024].map((length) => '😀'.repeat(length)),
];

/** Short texts over the letters of numbers, dates, words and indicators, so that look-alikes are frequent. */
const lookAlike = fc.string({
  unit: fc.constantFrom(...'0123789abefxXoOyYnNtTsSlLiI.+-_:~=<>,#?!&*|%@`\'"{}[] /'),
  maxLength: 8,
});

/** Any text that UTF-8 can hold; often a hard one. */
export const anyText = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...hardStrings) },
  { weight: 4, arbitrary: lookAlike },
  { weight: 2, arbitrary: fc.string({ unit: 'binary', maxLength: 20 }) },
  {
    weight: 1,
    arbitrary: fc.string({ unit: fc.integer({ min: 0, max: 0x2100 }).map((code) => String.fromCodePoint(code)) }),
  },
);

/** Any number that JSON can hold, often at the edges of integers; without -0, which JSON prints as 0. */
export const anyNumber = fc
  .oneof(
    fc.integer(),
    fc.maxSafeInteger(),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.integer({ min: -330, max: 308 }).map((exponent) => Number(`1e${exponent}`)),
    fc.integer({ min: 40, max: 100 }).map((exponent) => 2 ** exponent),
  )
  .map((number) => (number === 0 ? 0 : number));

/** Any JSON value, with hard keys and leaves. */
export const anyJson = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.oneof(anyText, anyNumber, fc.boolean(), fc.constant(null)),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(anyText, tie('value'), { maxKeys: 4 }),
  ),
})).value;
