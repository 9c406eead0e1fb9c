import { ask, type Exchange, type HttpAnswer } from './ask.js';
import type { Endpoint } from './endpoint.js';

/**
 * Sends a form and returns the answer, whatever its status: see `ask`.
 *
 * @throws SourceError when there is no answer, or one above 64 MiB, or one that leads to another origin
 */
export async function postForm(
  endpoint: Endpoint,
  form: Readonly<Record<string, string>>,
  exchange: Exchange,
): Promise<HttpAnswer> {
  const headers = { 'content-type': 'application/x-www-form-urlencoded;charset=UTF-8' };
  return ask(endpoint, { method: 'POST', headers, body: `${new URLSearchParams(form)}` }, exchange);
}
