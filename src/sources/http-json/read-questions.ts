import type { SampleRequest, Subject } from '../../release/evaluation.js';
import { ask, type Exchange } from '../ask.js';
import { type Endpoint, endpoint } from '../endpoint.js';
import { excerpt, failure } from '../failure.js';
import { someAtOnce } from '../some-at-once.js';
import { numbers, slotsOf, type Values, valuesOf } from '../variables.js';
import { type Expression, readExpression } from './expression.js';
import { isUnreadable, manyPoints, onePoint, type Point, type Points } from './points.js';
import { fillBody, fillUrl } from './request-template.js';
import type { Asked } from './settings.js';

/** Of which versions something is asked. */
export interface Question {
  readonly asked: Asked;
  readonly subjects: readonly Subject[];
}

/** What was found: by the key of the question and of the subject. */
export interface Answers {
  readonly queries: readonly string[];
  readonly warnings: readonly string[];
  points(asked: Asked, subject: Subject): Points;
}

/** How a read asks. */
export interface Reading {
  readonly request: SampleRequest;
  readonly windows: 'each' | 'all';
  readonly headers: { readonly [name: string]: string };
  readonly exchange: Exchange;
}

/** More requests for one read are a mistake, or would keep the server from anything else. */
const mostRequests = 500;

/** One request, and what is to be found in its answer. */
interface Sending {
  readonly values: Values;
  readonly wanted: { readonly asked: Asked; readonly subject: Subject }[];
}

/**
 * Asks the questions; what two of them have in common is asked once.
 *
 * @throws SourceError when a request fails, or an expression goes beyond its limits
 */
export async function readQuestions(questions: readonly Question[], reading: Reading): Promise<Answers> {
  const sendings = sendingsFor(questions, reading);
  const expressions = await expressionsOf(questions);
  const found = new Map<string, Map<number, Point>>();
  const warnings = new Set<string>();
  await someAtOnce(sendings, async ({ values, wanted }) => {
    const [first] = wanted;
    if (first === undefined) return;
    const data = await send(first.asked, values, reading);
    for (const { asked, subject } of wanted) {
      const expression = expressions.get(asked.expression) as Expression;
      const points = pointsOf(await expression(data, bindings(values)), asked, { values, reading });
      if ('unreadable' in points) {
        warnings.add(`${asked.key} of ${subject.version} is ${points.unreadable}`);
        continue;
      }
      const key = keyOf(asked, subject);
      const known = found.get(key) ?? new Map();
      for (const [end, value] of points) known.set(end, value);
      found.set(key, known);
      const odd = oddCounts(asked, points);
      if (odd !== undefined) warnings.add(`${asked.key} of ${subject.version} is ${odd}`);
      const lost = lostPoint(points, reading);
      if (lost !== undefined) warnings.add(`${asked.key} of ${subject.version}: ${lost}`);
    }
  });
  return {
    queries: [...new Set(questions.map(({ asked }) => queryOf(asked)))],
    warnings: [...warnings],
    points: (asked, subject) => found.get(keyOf(asked, subject)) ?? new Map(),
  };
}

/** Returns a question as people read it, without what the URL may hold of secrets. */
export function queryOf({ method, url, body, expression }: Asked): string {
  const target = endpoint(url, '');
  const [address = ''] = target.masked.split('?');
  const shown = `${address.replace(/%7B/g, '{').replace(/%7D/g, '}')}${shownQuery(url)}`;
  return [method, shown, ...(body === undefined ? [] : [target.redact(body)]), '→', expression].join(' ');
}

/** A parameter with a variable is a question; any other one may be a key. */
function shownQuery(url: string): string {
  const at = url.indexOf('?');
  if (at === -1) return '';
  const [query = ''] = url.slice(at + 1).split('#');
  const parameters = query.split('&');
  const shown = parameters.map((each) => (slotsOf(each).length > 0 ? each : masked(each)));
  return `?${shown.join('&')}`;
}

function masked(parameter: string): string {
  const equals = parameter.indexOf('=');
  return equals === -1 ? '***' : `${parameter.slice(0, equals)}=***`;
}

function sendingsFor(questions: readonly Question[], { request, windows }: Reading): Sending[] {
  const sendings = new Map<string, Sending>();
  for (const { asked, subjects } of questions) {
    const { method, url, body, contentType } = asked;
    for (const subject of subjects) {
      for (const values of slicesOf(subject, request, windows)) {
        const filled = [method, fillUrl(url, values), body && fillBody(body, values, contentType), contentType];
        // The same text for other windows is another question: nobody can tell which of them it was answered for.
        const key = JSON.stringify([...filled, ...numbers.map((name) => values[name])]);
        const sending = sendings.get(key) ?? { values, wanted: [] };
        sending.wanted.push({ asked, subject });
        sendings.set(key, sending);
      }
    }
  }
  const [first] = questions;
  if (sendings.size > mostRequests && first !== undefined) throw tooMany(endpoint(first.asked.url, ''), sendings.size);
  return [...sendings.values()];
}

function slicesOf(subject: Subject, request: SampleRequest, windows: 'each' | 'all'): Values[] {
  if (windows === 'all') return [valuesOf(subject, request)];
  const { interval, firstEnd, lastEnd } = request;
  const slices: Values[] = [];
  for (let end = firstEnd; end <= lastEnd; end += interval) {
    slices.push(valuesOf(subject, { interval, firstEnd: end, lastEnd: end }));
  }
  return slices;
}

async function expressionsOf(questions: readonly Question[]): Promise<ReadonlyMap<string, Expression>> {
  const expressions = new Map<string, Expression>();
  for (const { asked } of questions) {
    if (expressions.has(asked.expression)) continue;
    expressions.set(asked.expression, await readExpression(asked.expression, asked.key));
  }
  return expressions;
}

async function send(asked: Asked, values: Values, { headers, exchange }: Reading): Promise<unknown> {
  const { method, url, body, contentType } = asked;
  const target = endpoint(fillUrl(url, values), '', { headers, server: 'the server of the metrics' });
  const filled = body === undefined ? undefined : fillBody(body, values, contentType);
  const typed: Record<string, string> = filled === undefined ? {} : { 'content-type': contentType };
  const answer = await ask(target, { method, headers: typed, body: filled }, exchange);
  if (answer.status < 200 || answer.status > 299) {
    const words = excerpt(target, `${answer.status} ${answer.text}`);
    throw failure(target, `Cannot read the answer of the metrics source as one with status 200: ${words}`, {
      code: 'source/http-status',
      hint: 'Check metrics.url, headers and auth in sluice.yaml; sluice metrics RELEASE --try asks again.',
    });
  }
  return parseJson(target, answer.text);
}

function parseJson(target: Endpoint, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw failure(target, `Cannot read the answer of the metrics source as JSON: ${excerpt(target, text)}`, {
      code: 'source/not-json',
      hint: 'Correct metrics.url in sluice.yaml where it leads to a login page or to another program.',
    });
  }
}

function pointsOf(
  result: unknown,
  { counted }: Asked,
  { values, reading }: { readonly values: Values; readonly reading: Reading },
): ReturnType<typeof manyPoints> {
  return reading.windows === 'all' ? manyPoints(result, counted) : onePoint(result, Number(values.end), counted);
}

/** Counts of another shape are a mistake in the expression, where a number that is none may be one window's. */
function oddCounts({ counted }: Asked, points: Points): string | undefined {
  if (counted === undefined) return undefined;
  return [...points.values()].find(isUnreadable)?.unreadable;
}

/** In the expression every variable has its name; numbers are numbers. */
function bindings(values: Values): Record<string, unknown> {
  return { ...values, ...Object.fromEntries(numbers.map((name) => [name, Number(values[name])])) };
}

/** A server that names windows by their beginning has values that nobody would ever find. */
function lostPoint(points: Points, { request, windows }: Reading): string | undefined {
  if (windows === 'each' || points.size === 0) return undefined;
  const { firstEnd, lastEnd, interval } = request;
  const fits = [...points.keys()].some((end) => end >= firstEnd && end <= lastEnd && (end - firstEnd) % interval === 0);
  return fits ? undefined : `none of its ${points.size} values ends a window (Unix seconds, multiples of ${interval})`;
}

function tooMany(target: Endpoint, count: number) {
  return failure(target, `Cannot ask the metrics source at most ${mostRequests} times for one read: ${count}`, {
    code: 'source/too-many-requests',
    hint: 'Set metrics.windows to all, with expressions that give a list of {end, value}, or a longer interval.',
  });
}

function keyOf({ key }: Asked, { namespace, service, release, version, reporter }: Subject): string {
  return JSON.stringify([key, namespace, service, release, version, reporter]);
}
