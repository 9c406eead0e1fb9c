import { createHash } from 'node:crypto';
import { type ReleaseModel, versionNamed } from '../release/model.js';
import type { RouteMatch, RoutePlan, RouteRule } from '../release/route-plan.js';
import { type MappingMatch, mappingMatch, textPlan } from './emissary-match.js';
import { ownHosts } from './hosts.js';
import { sharedMetadata } from './metadata.js';
import { everything } from './precedence.js';

const MAX_NAME = 63;
const HASH_LENGTH = 8;

/** What one Mapping sends where. */
interface Branch {
  readonly version: string;
  readonly shadow: boolean;
  /** Undefined takes what the other Mappings with the same match leave. */
  readonly weight: number | undefined;
  /** Whether it alone answers what it matches. */
  readonly alone: boolean;
}

/** Where a Mapping takes requests from. */
interface Entrance {
  readonly host: string;
  readonly match: MappingMatch;
  /** Whether its match is that of the rule for every request. */
  readonly open: boolean;
}

/** Returns the host names of a release's Mappings: its own, or else any. */
export function mappingHosts(release: ReleaseModel): string[] {
  return release.hosts.length > 0 ? ownHosts(release) : ['*'];
}

/** Returns a Mapping for every match, host and version of every rule. A match that a rule repeats counts once. */
export function mappings(release: ReleaseModel, plan: RoutePlan) {
  return textPlan(release.prefix, plan).rules.flatMap((rule) =>
    entrances(release, rule.matches).flatMap((entrance) =>
      branches(release, rule).map((branch) => mapping(release, entrance, branch)),
    ),
  );
}

function entrances(release: ReleaseModel, matches: readonly RouteMatch[]): Entrance[] {
  const all = matches.length > 0 ? matches : [everything];
  const distinct = new Map(all.map((each) => [JSON.stringify(mappingMatch(release.prefix, each)), each]));
  return [...distinct.values()].flatMap((each) =>
    mappingHosts(release).map((host) => ({
      host,
      match: mappingMatch(release.prefix, each),
      open: matches.length === 0,
    })),
  );
}

/** The primary's weight is left to Emissary, so that a step of a rollout changes the candidates' Mappings alone. */
function branches(release: ReleaseModel, { backends, mirrors, weighted }: RouteRule): Branch[] {
  const alone = backends.length === 1;
  return [
    ...backends.map(({ version, share }) => ({
      version,
      shadow: false,
      weight: (weighted || !alone) && version !== release.primary ? share : undefined,
      alone,
    })),
    ...mirrors.map(({ version, percent }) => ({ version, shadow: true, weight: percent, alone: false })),
  ];
}

function mapping(release: ReleaseModel, entrance: Entrance, branch: Branch) {
  const { address, protocol } = versionNamed(release, branch.version);
  const { weight, shadow, alone } = branch;
  return {
    apiVersion: 'getambassador.io/v3alpha1',
    kind: 'Mapping',
    // The same labels on every Mapping: Emissary 3.8 and later reads them when it gathers Mappings into groups.
    metadata: sharedMetadata(release, mappingName(release, entrance, branch)),
    spec: {
      hostname: entrance.host,
      ...entrance.match,
      service: `${address.service}.${address.namespace}:${address.port}`,
      ...(weight !== undefined && { weight }),
      ...(shadow && { shadow }),
      ...(protocol === 'grpc' && { grpc: true }),
      ...(release.versionHeader && alone && { add_response_headers: versionHeader(branch.version) }),
    },
  };
}

/** Replaces a header of the same name that the version set itself, as other environments do. */
function versionHeader(version: string) {
  return { 'app-version': { value: version, append: false } };
}

/**
 * Says nothing of weights, positions or other versions, so that it stays while they change. The two hyphens part the
 * names, or else shop with api-v1 and shop-api with v1 would have one Mapping; the hash does where they have two as well.
 */
function mappingName({ name }: ReleaseModel, { host, match, open }: Entrance, { version, shadow }: Branch): string {
  const base = `${name}--${version}`;
  const slug = host
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');
  const words = [...(shadow ? ['shadow'] : []), ...(open ? [] : ['match']), ...(slug === '' ? [] : [slug])];
  const plain = words.length === 0 && host === '*' && base.split('--').length === 2;
  if (plain && base.length <= MAX_NAME) return base;
  const identity = JSON.stringify([name, version, shadow, open ? null : match, host]);
  const hash = createHash('sha256').update(identity).digest('hex').slice(0, HASH_LENGTH);
  const readable = [base, words.join('-')].filter((each) => each !== '').join('--');
  return `${readable.slice(0, MAX_NAME - HASH_LENGTH - 1).replace(/-+$/, '')}-${hash}`;
}
