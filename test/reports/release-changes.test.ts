import { describe, expect, it } from 'vitest';
import { addedRelease, releaseChanges, removedRelease } from '../../src/reports/release-changes.js';
import { releaseOf, twoVersions } from '../release-of.js';

const base = twoVersions('istio', 'blue-green');
const canary = twoVersions('istio', 'canary', ['match: [{headers: {traffic: {exact: test}}}]']);
const mirrored = twoVersions('istio', 'mirrored');
const judged = `${base}analysis:
  interval: 60s
  judge: threshold
  objectives: [{metric: error-rate, upperLimit: 0.05}]
rollout: {policy: steps, steps: [5, 50]}
`;
const kserve = twoVersions('kserve', 'blue-green');
const pods = twoVersions('kubernetes', 'blue-green');

/** Each pair is a part of the text and what stands in its place. */
type Edit = readonly [part: string, by: string];

function edited(text: string, edits: readonly Edit[]): string {
  return edits.reduce((before, [part, by]) => {
    expect(before).toContain(part);
    return before.replace(part, by);
  }, text);
}

function wordsOf(before: string, after: string): string[] {
  return releaseChanges(releaseOf(before), releaseOf(after)).map(({ text }) => text);
}

const scope = (condition: string): Edit => ['  strategy:', `  match: [${condition}]\n  strategy:`];
const beta = '{headers: {cookie: {regex: "^(.*?;)?(group=beta)(;.*)?$"}}}';
const v2 = '  - metadata: {name: v2}\n    image: registry.example/shop:v2\n    weight: 10\n';

describe('releaseChanges()', () => {
  it.each<[what: string, base: string, edits: Edit[], words: string[]]>([
    [
      'a share that grows',
      base,
      [
        ['weight: 90', 'weight: 80'],
        ['weight: 10', 'weight: 20'],
      ],
      ['candidate v2: 10 % → 20 %', 'primary v1: 90 % → 80 %'],
    ],
    [
      'an overlay of a version beside one of all versions',
      edited(base, [['  versions:', '  deployment: {spec: {minReadySeconds: 5}}\n  versions:']]),
      [['    weight: 10', '    weight: 10\n    deployment: {spec: {replicas: 3}}']],
      ['candidate v2: deployment.spec.replicas: unset → 3'],
    ],
    [
      'the port that a Service of its own decides',
      edited(base, [
        [
          '    weight: 10',
          '    port: 8080\n    serviceSpecification: {spec: {selector: {app: a}, ports: [{name: http, port: 80}, {name: old, port: 8080}]}}\n    weight: 10',
        ],
      ]),
      [['    port: 8080\n    service', '    service']],
      ['candidate v2: routes lead to port 8080 → 80'],
    ],
    [
      'an objective that comes and one that goes',
      judged,
      [['{metric: error-rate, upperLimit: 0.05}', '{metric: latency-mean, upperLimit: 300, maxRatio: 1.2}']],
      [
        'analysis.objectives[latency-mean] added: upperLimit 300, maxRatio 1.2',
        'analysis.objectives[error-rate] removed: upperLimit 0.05',
      ],
    ],
    [
      'a mirror that copies less',
      mirrored,
      [scope('{method: {exact: GET}}')],
      [
        'rule 1, to v1 with copies to v2, now matches method GET, no longer every request',
        'rule 2 added: all other requests to v1',
      ],
    ],
    [
      'a share inside a match',
      edited(base, [scope(beta)]),
      [
        ['weight: 90', 'weight: 80'],
        ['weight: 10', 'weight: 20'],
      ],
      [
        'candidate v2: 10 % → 20 % of requests with cookie group=beta',
        'primary v1: 90 % → 80 % of requests with cookie group=beta',
      ],
    ],
    [
      'a promotion',
      base,
      [
        ['  strategy', '  primary: v2\n  strategy'],
        ['weight: 90', 'weight: 0'],
      ],
      [
        'primary: v1 → v2',
        'v1, the primary until now, leaves the route; it had 90 % of the requests',
        'primary v2: 10 % → 100 %',
      ],
    ],
    [
      'a version that leaves',
      base,
      [['weight: 10', 'weight: 10\n    routed: false']],
      ['candidate v2 leaves the route; it had 10 % of the requests', 'primary v1: 90 % → 100 %'],
    ],
    [
      'a version that enters',
      edited(base, [['weight: 10', 'weight: 0']]),
      [['weight: 0', 'weight: 10']],
      ['candidate v2 enters the route: 10 % of the requests', 'primary v1: 100 % → 90 %'],
    ],
    [
      'a candidate that enters by match',
      edited(canary, [['weight: 10', 'weight: 10\n    routed: false']]),
      [['    routed: false\n', '']],
      ['candidate v2 enters the route: requests with header traffic=test'],
    ],
    [
      'a match that is added',
      canary,
      [['exact: test}}}', 'exact: test}}}, {uri: {prefix: /api}, method: {exact: GET}}']],
      ['rule 1, to v2, now matches path starting with /api and method GET'],
    ],
    [
      'another match',
      canary,
      [['{headers: {traffic: {exact: test}}}', beta]],
      ['rule 1, to v2, now matches cookie group=beta', 'rule 1, to v2, no longer matches header traffic=test'],
    ],
    [
      'a split that is narrowed to a match',
      base,
      [scope(beta)],
      ['rule 1 now matches cookie group=beta, no longer every request', 'rule 2 added: all other requests to v1'],
    ],
    [
      'a split that is widened again',
      edited(base, [scope('{queryParams: {debug: {exact: "1"}}}')]),
      [['  match: [{queryParams: {debug: {exact: "1"}}}]\n', '']],
      ['rule 1 now matches every request, not only query debug=1', 'rule 2 removed: all other requests to v1'],
    ],
    [
      'a mirror that is added',
      edited(mirrored, [['weight: 10', 'weight: 0']]),
      [['weight: 0', 'weight: 10']],
      ['mirror to v2 added: 10 % of the requests'],
    ],
    [
      'a mirror that is removed',
      mirrored,
      [['weight: 10', 'weight: 0']],
      ['mirror to v2 removed; it had 10 % of the requests'],
    ],
    ['another percent of copies', mirrored, [['weight: 10', 'weight: 30']], ['mirror to v2: 10 % → 30 %']],
    [
      'another strategy',
      base,
      [['blue-green', 'mirrored']],
      [
        'candidate v2 leaves the route; it had 10 % of the requests',
        'strategy: blue-green → mirrored',
        'primary v1: 90 % → 100 %',
        'mirror to v2 added: 10 % of the requests',
      ],
    ],
    ['another environment', base, [['istio', 'gateway-api']], ['environment: istio → gateway-api']],
    [
      'another name',
      base,
      [['  port', '  metadata: {name: store}\n  port']],
      ['name: default/shop → default/store: every object that is called or placed by it is made anew'],
    ],
    [
      'a host',
      base,
      [['  port', '  hosts: [{name: shop.example, gateway: infra/edge}]\n  port']],
      ['host shop.example added, gateway infra/edge'],
    ],
    [
      'a second gateway of a host',
      edited(base, [['  port', '  hosts: [{name: shop.example, gateway: infra/edge}]\n  port']]),
      [['gateway: infra/edge}', 'gateway: infra/edge}, {name: shop.example, gateway: infra/inner}']],
      ['host shop.example: gateway infra/edge → infra/edge, infra/inner'],
    ],
    [
      'the gateway of a host',
      edited(base, [['  port', '  hosts: [{name: shop.example, gateway: infra/edge}]\n  port']]),
      [['infra/edge', 'edge']],
      ['host shop.example: gateway infra/edge → edge'],
    ],
    [
      'a host that is gone',
      edited(base, [['  port', '  hosts: [{name: shop.example}]\n  port']]),
      [['  hosts: [{name: shop.example}]\n', '']],
      ['host shop.example removed, gateway none'],
    ],
    [
      'a gateway',
      base,
      [['environment: istio\n', 'environment: istio\ngateway: infra/edge\n']],
      ['gateway: none → infra/edge'],
    ],
    ['an image', base, [['shop:v1', 'shop:v1.1']], ['primary v1: image v1 → v1.1 (registry.example/shop)']],
    [
      'an image of another repository',
      base,
      [['registry.example/shop:v2', 'other.example:5000/shop@sha256:0a']],
      ['candidate v2: image registry.example/shop:v2 → other.example:5000/shop@sha256:0a'],
    ],
    [
      'a model',
      kserve,
      [['shop/v2', 'shop/v3']],
      ['candidate v2: storageUri: gs://models.example/shop/v2 → gs://models.example/shop/v3'],
    ],
    [
      'a version that is added',
      base,
      [[v2, `${v2}  - metadata: {name: v3}\n    image: registry.example/shop:v3\n    weight: 0\n`]],
      ['candidate v3 added: registry.example/shop:v3, not in the route'],
    ],
    [
      'a version that is removed',
      edited(base, [['weight: 10', 'weight: 0']]),
      [[v2.replace('10', '0'), '']],
      ['version v2 removed: its workload is deleted'],
    ],
    [
      'a version that is renamed',
      base,
      [['{name: v2}', '{name: next}']],
      ['version v2 is now called next: its objects are made anew under that name'],
    ],
    [
      'a version without a name',
      base,
      [['{name: v2}', '{}']],
      ['version v2 is now called shop-1: its objects are made anew under that name'],
    ],
    [
      'a version whose Service keeps its name',
      edited(base, [['weight: 10', 'weight: 10\n    serviceSpecification: {metadata: {name: v2}}']]),
      [['- metadata: {name: v2}', '- metadata: {name: other}']],
      ['candidate v2: instance unset → other'],
    ],
    ['replicas that weights divide', pods, [['replicas: 10', 'replicas: 20']], ['replicas: 10 → 20']],
    [
      'replicas of one version',
      base,
      [['weight: 10', 'weight: 10\n    deployment: {spec: {replicas: 3}}']],
      ['candidate v2: deployment.spec.replicas: unset → 3'],
    ],
    [
      'an overlay that the application adds to the one of a version',
      edited(base, [['weight: 10', 'weight: 10\n    deployment: {spec: {replicas: 3}}']]),
      [['  port', '  deployment: {metadata: {labels: {team: c}}}\n  port']],
      // Once for both: the version's own overlay stays what it was.
      ['every version: deployment.metadata.labels.team: unset → c'],
    ],
    ['a port', base, [['port: 8080', 'port: 9090']], ['every version: port 8080 → 9090']],
    [
      'labels',
      base,
      [['{name: v2}', '{name: v2, labels: {team: a}}']],
      ['candidate v2: metadata.labels.team: unset → a'],
    ],
    [
      'the header',
      base,
      [['  port', '  versionHeader: false\n  port']],
      ['answers no longer name their version in app-version'],
    ],
    [
      'a weight that changes no share',
      canary,
      [['weight: 10', 'weight: 20']],
      ['candidate v2: weight 10 → 20, which changes no share'],
    ],
    [
      'a match that no rule uses',
      base,
      [['weight: 10', 'weight: 10\n    match: [{headers: {traffic: {exact: beta}}}]']],
      ['candidate v2: match header traffic=beta, which no rule uses'],
    ],
    ['an analysis', base, [[base, judged]], ['analysis added: judge threshold, policy steps']],
    ['no analysis', judged, [[judged, base]], ['analysis removed: sluice evaluate decides nothing here']],
    ['a limit', judged, [['0.05', '0.01']], ['analysis.objectives[error-rate].upperLimit: 0.05 → 0.01']],
    ['an interval', judged, [['60s', '90s']], ['analysis.interval: 1m → 90s']],
    [
      'steps',
      judged,
      [['steps: [5, 50]', 'steps: [5, {weight: 50, duration: 10m, pause: true}]']],
      ['rollout.steps: ["5 %","50 %"] → ["5 %","50 % for 10m, pause"]'],
    ],
  ])('tells of %s', (_what, before, edits, words) => {
    expect(wordsOf(before, edited(before, edits))).toEqual(words);
  });

  it.each<[what: string, edits: Edit[]]>([
    ['comments and layout', [['  port: 8080', '  # the port\n  port:   8080']]],
    ['an alias of the environment', [['istio', 'deployment-istio']]],
    ['a default that is written out', [['  strategy', '  primary: v1\n  versionHeader: true\n  strategy']]],
    ['weights of one proportion', [['weight: 90', 'weight: 90 # as before']]],
  ])('says nothing of %s', (_what, edits) => {
    expect(wordsOf(base, edited(base, edits))).toEqual([]);
  });

  it('says nothing of another order of versions that have names, with the primary where it was', () => {
    const versions = base.slice(base.indexOf('  - metadata'));
    const v1 = versions.slice(0, versions.indexOf(v2));
    const named = edited(base, [['  strategy', '  primary: v1\n  strategy']]);
    expect(wordsOf(named, edited(named, [[versions, v2 + v1]]))).toEqual([]);
    // Without it, the first one is the primary.
    expect(wordsOf(base, edited(base, [[versions, v2 + v1]]))).toEqual(['primary: v1 → v2']);
  });

  it('tells of rules in another order', () => {
    const candidate = (name: string) =>
      `  - metadata: {name: ${name}}\n    image: registry.example/shop:${name}\n    match: [{headers: {team: {exact: ${name}}}}]\n`;
    const [v3, v4] = [candidate('v3'), candidate('v4')];
    expect(
      wordsOf(base.replace('blue-green', 'canary') + v3 + v4, base.replace('blue-green', 'canary') + v4 + v3),
    ).toEqual(['rules in another order, and the first that fits decides: v2, v4, v3, v1']);
  });

  it('puts what changes who answers before everything else', () => {
    const changes = releaseChanges(
      releaseOf(judged),
      releaseOf(
        edited(judged, [
          ['0.05', '0.01'],
          ['shop:v1', 'shop:v1.1'],
          ['weight: 10', 'weight: 40'],
          ['weight: 90', 'weight: 60'],
        ]),
      ),
    );
    expect(changes.map(({ risk, kind }) => `${risk} ${kind}`)).toEqual([
      'high share',
      'medium share',
      'medium image',
      'low analysis',
    ]);
  });

  it('shows no control character of a value as it is', () => {
    const words = wordsOf(base, edited(base, [['{name: v2}', '{name: v2, annotations: {note: "a\\e[2Jb\\u202e"}}']]));
    expect(words).toEqual(['candidate v2: metadata.annotations.note: unset → a\\u{1b}[2Jb\\u{202e}']);
  });
});

describe('addedRelease() and removedRelease()', () => {
  it('say what a release is, and that all of it goes', () => {
    const release = releaseOf(edited(judged, [['  port', '  hosts: [{name: shop.example}]\n  port']]));
    expect(addedRelease(release).map(({ text }) => text)).toEqual([
      'release shop added in namespace default: istio, blue-green',
      'host shop.example added, gateway none',
      'primary v1 added: registry.example/shop:v1, 90 % of the requests',
      'candidate v2 added: registry.example/shop:v2, 10 % of the requests',
      'analysis added: judge threshold, policy steps',
    ]);
    expect(removedRelease(release).map(({ text }) => text)).toEqual([
      'release shop removed from namespace default: all its objects are deleted',
      'host shop.example removed, gateway none',
    ]);
  });
});
