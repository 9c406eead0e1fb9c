/** A series as it is pushed: its labels, `__name__` among them, and values by Unix seconds. */
export interface PushedSeries {
  readonly labels: Readonly<Record<string, string>>;
  readonly values: readonly (readonly [seconds: number, value: number])[];
}

/**
 * Pushes series to a Prometheus that was started with `remoteWrite`, as agents do ("Remote-Write 1.0", prometheus.io): a
 * WriteRequest in Protocol Buffers, compressed with Snappy.
 *
 * @throws Error when it refuses them
 */
export async function remoteWrite(url: string, series: readonly PushedSeries[]): Promise<void> {
  const response = await fetch(`${url}/api/v1/write`, {
    method: 'POST',
    headers: { 'content-encoding': 'snappy', 'content-type': 'application/x-protobuf' },
    body: new Uint8Array(literalSnappy(Buffer.concat(series.map((each) => field(1, timeSeries(each)))))),
  });
  if (!response.ok) throw new Error(`Cannot push to Prometheus: ${response.status} ${await response.text()}`);
}

/** Labels have to be sorted. */
function timeSeries({ labels, values }: PushedSeries): Buffer {
  const names = Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1));
  return Buffer.concat([
    ...names.map(([name, value]) =>
      field(1, Buffer.concat([field(1, Buffer.from(name)), field(2, Buffer.from(value))])),
    ),
    ...values.map(([seconds, value]) => {
      const number = Buffer.alloc(9);
      number.writeUInt8((1 << 3) | 1);
      number.writeDoubleLE(value, 1);
      return field(2, Buffer.concat([number, Buffer.from([2 << 3]), varint(Math.round(seconds * 1000))]));
    }),
  ]);
}

/** A field of Protocol Buffers whose length goes before it. */
function field(number: number, content: Buffer): Buffer {
  return Buffer.concat([Buffer.from([(number << 3) | 2]), varint(content.length), content]);
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 128; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 128);
  return Buffer.from([...bytes, rest]);
}

/** Snappy's format without any compression: one literal. */
function literalSnappy(content: Buffer): Buffer {
  const head = Buffer.alloc(5);
  head.writeUInt8(63 << 2);
  head.writeUInt32LE(content.length - 1, 1);
  return Buffer.concat([varint(content.length), head, content]);
}
