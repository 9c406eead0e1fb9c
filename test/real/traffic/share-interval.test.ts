import { expect, test } from 'vitest';
import { shareInterval } from './share-interval.js';

// The quantiles at 0.0005 and 0.9995, from the logarithms of the gamma function.
test.each([
  { share: 0, least: 0, most: 0 },
  { share: 0.01, least: 29, most: 75 },
  { share: 0.1, least: 432, most: 571 },
  { share: 0.3, least: 1394, most: 1607 },
  { share: 0.5, least: 2384, most: 2616 },
  { share: 0.99, least: 4925, most: 4971 },
  { share: 1, least: 5000, most: 5000 },
])('shareInterval() of $share in 5,000 draws is $least to $most', ({ share, least, most }) => {
  expect(shareInterval(share, 5000)).toEqual({ least, most });
});
