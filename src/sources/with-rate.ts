import type { Missing, Sample, SampleRequest, Subject } from '../release/evaluation.js';

const rate = 'request-rate';

/** Returns the sample with the requests per second, where they are wanted of this subject and the source has none. */
export function withRate(
  sample: Sample | Missing,
  { release, version }: Subject,
  { gaugesOf, interval }: Pick<SampleRequest, 'gaugesOf' | 'interval'>,
): Sample | Missing {
  const isWanted = gaugesOf?.[rate]?.some((each) => each.release === release && each.version === version) ?? false;
  if (!isWanted || 'missing' in sample) return sample;
  return { ...sample, gauges: { [rate]: sample.requests / interval, ...sample.gauges } };
}
