import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Manifest } from '../../src/release/model.js';
import { manifestsOf } from '../../src/synth/manifests.js';
import { cells, holds } from './accepted.js';
import type { Arrival, Arrivals, Entrance } from './arrival.js';
import { type HttpRequest, requests } from './matches.js';
import { type Meaning, meaningOf } from './meaning.js';
import { clusterHosts, type RouteReader } from './readers.js';
import type { WrittenValues } from './releases.js';
import { nameOf, pathOf, targetOf, type WrittenRelease, writtenRelease } from './written.js';

const someRequests = fc.array(requests, { minLength: 12, maxLength: 12 });

/**
 * Tests that an environment sends every request and every copy where the values say, over random releases and requests,
 * with the path and the header of the version; and to its Service, at its port.
 */
export function followsPlan(id: string, reader: RouteReader): void {
  const own = cells.filter(({ environment }) => environment.id === id);
  if (own.length === 0) throw new Error(`no environment ${id} is registered in src/environments/registry.ts`);
  describe.each(own)('$title', (cell) => {
    test('render() sends every request and every copy where the values say, with the path and header of the version', () => {
      holds(cell, someRequests, ({ release: resolved }, values, list) => {
        const objects = manifestsOf(resolved);
        const hosts = hostsOf(reader, writtenRelease(values));
        for (const request of list.filter((each) => isServed(objects, each))) {
          for (const host of hosts) expectArrival({ reader, objects, values }, { host, request });
        }
        return hosts.length > 0;
      });
    });
  });
}

function hostsOf({ hosts = clusterHosts }: RouteReader, release: WrittenRelease): readonly string[] {
  return hosts(release);
}

interface Tried {
  readonly reader: RouteReader;
  readonly objects: readonly Manifest[];
  readonly values: WrittenValues;
}

/** Every reading of the objects is what the values say; where they serve nobody, so is none. */
function expectArrival({ reader, objects, values }: Tried, { host, request }: Entrance): void {
  const release = writtenRelease(values);
  const meaning = meaningOf(values, request);
  const expected = meaning && {
    answers: meaning.answers,
    copies: meaning.copies,
    headers: headersOf(reader, release, meaning),
    paths: [],
  };
  const readings = reader.arrivals(objects, { host, request });
  const found = readings.map((each) => near(release, seen(release, each, { request, meaning }), meaning));
  for (const each of found.length === 0 ? [undefined] : found) {
    expect({ host, request, seen: each }).toEqual({ host, request, seen: expected });
  }
}

/** A GRPCRoute takes calls alone. */
function isServed(objects: readonly Manifest[], { path, method }: HttpRequest): boolean {
  return !objects.some(({ kind }) => kind === 'GRPCRoute') || (method === 'POST' && /^\/[^/]+\/[^/]+$/.test(path));
}

interface Asked {
  readonly request: HttpRequest;
  readonly meaning: Meaning | undefined;
}

/** What arrived, by the names of the versions; a target of nobody keeps its own. `paths` are those that are wrong. */
function seen(release: WrittenRelease, { answers, copies }: Arrivals, { request, meaning }: Asked) {
  const versions = new Map(release.versions.map((each) => [targetOf(release, each), each]));
  const nameFor = (target: string) => {
    const version = versions.get(target);
    return version === undefined ? target : nameOf(release, version);
  };
  const wrong = [...answers, ...copies].flatMap(({ target, path }) => {
    const version = versions.get(target);
    const expected = version && pathOf(release, version, { path: request.path, by: meaning?.path });
    return expected === undefined || expected === path ? [] : [{ target, path, expected }];
  });
  const headers = Object.fromEntries(answers.map(({ target, header }) => [nameFor(target), header]));
  return { answers: percents(answers, nameFor), copies: percents(copies, nameFor), headers, paths: wrong };
}

function percents(arrivals: readonly Arrival[], nameFor: (target: string) => string): Record<string, number> {
  const sums: Record<string, number> = {};
  for (const { target, percent } of arrivals) sums[nameFor(target)] = (sums[nameFor(target)] ?? 0) + percent;
  return sums;
}

/** The header of every version that answers; undefined where its environment cannot set it. */
function headersOf({ namesVersion = () => true }: RouteReader, { application }: WrittenRelease, { answers }: Meaning) {
  const names = Object.keys(answers);
  const named = application.versionHeader !== false && namesVersion(names.length);
  return Object.fromEntries(names.map((name) => [name, named ? name : undefined]));
}

/** Pods are whole, and so are the percents of a split of copies: what is nearly as it should be becomes that. */
function near(release: WrittenRelease, arrived: ReturnType<typeof seen>, meaning: Meaning | undefined) {
  const { environment, application } = release;
  const pods = environment === 'kubernetes' ? 100 / (application.replicas ?? 1) : 1e-6;
  const copied = environment.startsWith('kserve') ? 1 : 1e-6;
  const rounded = (found: Record<string, number>, meant: Meaning['answers'] = {}, slack: number) =>
    Object.fromEntries(
      Object.entries(found).map(([name, percent]) => {
        const exact = meant[name];
        return [name, exact !== undefined && Math.abs(percent - exact) <= slack ? exact : percent];
      }),
    );
  return {
    ...arrived,
    answers: rounded(arrived.answers, meaning?.answers, pods),
    copies: rounded(arrived.copies, meaning?.copies, copied),
  };
}
