import fc from 'fast-check';

/** The longest name of a Service. */
const LIMIT = 63;

/** Names that generated ones could collide with, where suffixes tell them apart. */
const confusable = fc.constantFrom(
  ...['v1', 'v2', 'v3', 'a', 'shop-0', 'shop-1', 'shop-2', 'shop-v1', 'shop-predictor', 'v1-predictor', 'shop-canary'],
  ...[
    'shop',
    'shop-mirror',
    'shop-shadow',
    'v1-shadow',
    'shop-grpc',
    'shop-primary',
    'v1-mirror',
    'shop-split',
    'v2-predictor',
  ],
);

function ofLength(min: number, max: number): fc.Arbitrary<string> {
  return fc.stringMatching(new RegExp(`^[a-z][-a-z0-9]{${min - 2},${max - 2}}[a-z0-9]$`));
}

const versionName = fc.oneof(
  { weight: 8, arbitrary: confusable },
  { weight: 2, arbitrary: ofLength(2, 20) },
  { weight: 1, arbitrary: ofLength(40, LIMIT) },
);

/** Names that differ at the end alone, which is lost where they are cut. */
const alike = fc.shuffledSubarray(
  ['a', 'b', 'c', 'd'].map((end) => `${'n'.repeat(50)}-${end}`),
  { minLength: 4, maxLength: 4 },
);

/** Names of a release and its versions; undefined leaves the default, which is made of the position. */
export const names = fc.record({
  release: fc.oneof(
    { weight: 6, arbitrary: fc.constant(undefined) },
    { weight: 3, arbitrary: ofLength(2, 20) },
    { weight: 1, arbitrary: ofLength(50, LIMIT) },
  ),
  versions: fc
    .oneof(
      { weight: 9, arbitrary: fc.uniqueArray(versionName, { minLength: 4, maxLength: 4 }) },
      { weight: 1, arbitrary: alike },
    )
    .chain((list) =>
      fc.tuple(
        ...list.map((name) =>
          fc.oneof({ weight: 4, arbitrary: fc.constant(name) }, { weight: 1, arbitrary: fc.constant(undefined) }),
        ),
      ),
    ),
});
