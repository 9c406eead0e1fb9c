/** One line as it came, without its end. */
export interface Line {
  /** 1-based. */
  readonly number: number;
  readonly bytes: Buffer;
}

const newline = 0x0a;

/** Splits a stream into lines; no more than one line and one chunk of it are held at a time. */
export async function* linesOf(chunks: AsyncIterable<Buffer | string>): AsyncGenerator<Line> {
  let number = 1;
  let parts: Buffer[] = [];
  for await (const chunk of chunks) {
    const bytes = Buffer.from(chunk);
    let start = 0;
    for (let end = bytes.indexOf(newline); end >= 0; end = bytes.indexOf(newline, start)) {
      yield { number, bytes: Buffer.concat([...parts, bytes.subarray(start, end)]) };
      parts = [];
      start = end + 1;
      number += 1;
    }
    if (start < bytes.length) parts.push(bytes.subarray(start));
  }
  if (parts.length > 0) yield { number, bytes: Buffer.concat(parts) };
}
