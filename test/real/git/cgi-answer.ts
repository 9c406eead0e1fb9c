/** What a CGI program answered. */
export interface CgiAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

const blankLine = '\r\n\r\n';

/** Reads what a CGI program wrote: the status is one of its headers, and 200 when it is none. */
export function answerOf(output: Buffer): CgiAnswer {
  const end = output.indexOf(blankLine);
  if (end < 0) return { status: 500, headers: {}, body: output };
  const lines = output.subarray(0, end).toString('latin1').split('\r\n');
  const { Status = '200', ...headers } = Object.fromEntries(lines.map((line) => line.split(': ', 2)));
  return { status: Number.parseInt(Status, 10), headers, body: output.subarray(end + blankLine.length) };
}
