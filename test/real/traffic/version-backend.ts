import type { IncomingMessage, ServerResponse } from 'node:http';
import { constants, type Http2ServerRequest, type Http2ServerResponse } from 'node:http2';

export type Request = IncomingMessage | Http2ServerRequest;
export type Response = ServerResponse | Http2ServerResponse;

/** How a backend answers: after so many milliseconds, never, by a broken connection, or with a status that is not 200. */
export interface Behaviour {
  readonly delay?: number;
  readonly hangs?: boolean;
  readonly breaks?: boolean;
  readonly status?: number;
}

/** For whom a request is, by what arrived. */
export interface Arrival {
  readonly authority: string;
  /** Without the query. */
  readonly path: string;
}

/** What answers for one version: says its name, counts what it receives, and is slow or fails on command. */
export class VersionBackend {
  /** What it answers from now on. */
  behaviour: Behaviour = {};
  /** Requests since the start, answered or not. */
  received = 0;

  /** @param knows every other request is answered with 404 */
  constructor(
    readonly name: string,
    readonly knows: (arrival: Arrival) => boolean = () => true,
  ) {}

  answer(request: Request, response: Response): void {
    this.received += 1;
    const { delay = 0, hangs = false, breaks = false, status = 200 } = this.behaviour;
    if (hangs) return;
    const known = this.knows(arrivalOf(request));
    const say = () => {
      if (breaks) cut(response);
      else reply(request, response, { from: this.name, status: known ? status : 404 });
    };
    if (delay === 0) say();
    else setTimeout(say, delay);
  }
}

interface Said {
  readonly from: string;
  readonly status: number;
}

/** Answers in the words of who asks: a call of gRPC has its status at the end. */
export function reply(request: Request, response: Response, { from, status }: Said): void {
  const headers = { 'x-backend': from, 'x-authority': arrivalOf(request).authority, 'x-path': request.url };
  if (request.headers['content-type'] === 'application/grpc') {
    response.addTrailers({ 'grpc-status': String(callStatus[status] ?? 13) });
    response.writeHead(200, { ...headers, 'content-type': 'application/grpc' });
  } else {
    response.writeHead(status, headers);
  }
  response.end();
}

/** Those of gRPC, without those that a proxy tries again. */
const callStatus: Readonly<Record<number, number>> = { 200: 0, 404: 5 };

function arrivalOf({ url = '', headers }: Request): Arrival {
  return { authority: String(headers[':authority'] ?? headers.host), path: url.split('?')[0] ?? '' };
}

function cut(response: Response): void {
  if ('stream' in response) response.stream.close(constants.NGHTTP2_INTERNAL_ERROR);
  else response.destroy();
}
