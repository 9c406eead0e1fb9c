import type { Missing, Sample, SampleRequest, Subject } from '../release/evaluation.js';
import { wantedOf } from './wanted-of.js';

const rate = 'request-rate';

/** Returns the sample with the requests per second, where they are wanted of this subject and the source has none. */
export function withRate(
  sample: Sample | Missing,
  { release, version }: Subject,
  request: Omit<SampleRequest, 'subjects'>,
): Sample | Missing {
  const of = wantedOf(request).gaugesOf[rate] ?? [];
  if ('missing' in sample || !of.some((each) => each.release === release && each.version === version)) return sample;
  return { ...sample, gauges: { [rate]: sample.requests / request.interval, ...sample.gauges } };
}
