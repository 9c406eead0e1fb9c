import * as z from 'zod';

/** `metrics.url`; its error does not repeat it, since it may hold a password. */
export const MetricsUrl = z.url({
  protocol: /^https?$/,
  error: 'is no http or https URL: write it as http://prometheus.monitoring:9090',
});
