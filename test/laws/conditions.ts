import type { HttpRequest } from './matches.js';

/** How Istio compares a text; without any key it asks whether there is one. */
export interface Text {
  readonly exact?: string;
  readonly prefix?: string;
  readonly regex?: string;
}

/** A condition in Istio's form, as in values and as in a VirtualService. */
export interface IstioCondition {
  readonly uri?: Text;
  readonly method?: Text;
  readonly headers?: Readonly<Record<string, Text>>;
  readonly queryParams?: Readonly<Record<string, Text>>;
}

export interface GatewayNamed {
  readonly type?: string;
  readonly name: string;
  readonly value: string;
}

/** A condition in the Gateway API's form, as in values and as in an HTTPRoute. */
export interface GatewayCondition {
  readonly path?: { readonly type?: string; readonly value?: string };
  readonly headers?: readonly GatewayNamed[];
  readonly queryParams?: readonly GatewayNamed[];
  readonly method?: string;
}

export function fitsText(text: string | undefined, { exact, prefix, regex }: Text): boolean {
  if (text === undefined) return false;
  if (exact !== undefined) return text === exact;
  if (prefix !== undefined) return text.startsWith(prefix);
  return regex === undefined || new RegExp(`^(?:${regex})$`).test(text);
}

/** Istio compares the prefix of a path as a text, so that /api fits /apis. */
export function fitsIstio(
  { path, method, headers, query }: HttpRequest,
  { uri = {}, method: verb = {}, headers: named = {}, queryParams = {} }: IstioCondition,
): boolean {
  return (
    fitsText(path, uri) &&
    fitsText(method, verb) &&
    Object.entries(named).every(([name, wanted]) => fitsText(headers[name.toLowerCase()], wanted)) &&
    Object.entries(queryParams).every(([name, wanted]) => fitsText(query[name], wanted))
  );
}

/** The Gateway API compares the prefix of a path by whole elements, so that /api and /api/ fit /api and /api/x. */
export function fitsGateway(
  { path, method, headers, query }: HttpRequest,
  { path: wantedPath, method: verb = method, headers: named = [], queryParams = [] }: GatewayCondition,
): boolean {
  return (
    fitsPath(path, wantedPath) &&
    verb === method &&
    named.every((each) => fitsText(headers[each.name.toLowerCase()], textOf(each))) &&
    queryParams.every((each) => fitsText(query[each.name], textOf(each)))
  );
}

function fitsPath(path: string, { type = 'PathPrefix', value = '/' }: GatewayCondition['path'] & object = {}): boolean {
  if (type !== 'PathPrefix') return fitsText(path, type === 'Exact' ? { exact: value } : { regex: value });
  return `${path}/`.startsWith(`${value.replace(/\/+$/, '')}/`);
}

function textOf({ type = 'Exact', value }: GatewayNamed): Text {
  return type === 'Exact' ? { exact: value } : { regex: value };
}
