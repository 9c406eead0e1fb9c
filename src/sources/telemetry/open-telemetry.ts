/**
 * The bounds in milliseconds that OpenTelemetry advises for the durations of requests: "Semantic conventions for HTTP
 * metrics" (opentelemetry.io).
 */
export const openTelemetryBuckets: readonly number[] = [
  5, 10, 25, 50, 75, 100, 250, 500, 750, 1000, 2500, 5000, 7500, 10_000,
];

/** The matcher of requests that failed, by the attribute `http.response.status_code`. */
export const failedStatus = 'http_response_status_code=~"5.."';
