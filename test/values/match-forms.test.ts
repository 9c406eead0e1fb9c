import { describe, expect, test } from 'vitest';
import { ConfigError } from '../../src/errors.js';
import { manifestsOf } from '../../src/synth/manifests.js';
import { loadedOf, releaseOf, twoVersions } from '../release-of.js';

function problemsOf(text: string): string[] {
  try {
    loadedOf(text);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems.map((each) => `${each.path} ${each.message} ${each.hint}`);
    throw error;
  }
  return [];
}

/** The matches of the first rule of the VirtualService. */
function firstMatch(lines: readonly string[]): unknown {
  const objects = manifestsOf(releaseOf(twoVersions('istio', 'canary', lines)));
  const route = objects.find(({ kind }) => kind === 'VirtualService') as unknown as {
    spec: { http: { match: unknown }[] };
  };
  return route.spec.http[0]?.match;
}

describe('match', () => {
  test('refuses a typo with the nearest key, since Istio would drop it and match everything', () => {
    expect(problemsOf(twoVersions('istio', 'canary', ['match: [{header: {x: {exact: "1"}}}]']))).toEqual([
      expect.stringMatching(/^application\.versions\[1\]\.match\[0\]\.header is no known key Did you mean headers\?/),
    ]);
  });

  test('says what a comparison takes where its value is no text, or its kind unknown', () => {
    const lines = ['match: [{headers: {x: {exact: 5}, z: {contains: a}}}]'];
    const said = 'needs one of exact, prefix or regex, with a string Or write {} for any value.';
    expect(problemsOf(twoVersions('istio', 'canary', lines))).toEqual(
      ['x', 'z'].map((name) => `application.versions[1].match[0].headers.${name} ${said}`),
    );
  });

  test.each([
    ['match: [{name: testers}]'],
    ['match: [{uri: {prefix: /}}]'],
    ['matches: [{path: {type: RegularExpression, value: ".*"}}]'],
    ['matches: [{path: {value: /}}]'],
  ])('refuses %s, which fits every request', (line) => {
    expect(problemsOf(twoVersions('istio', 'canary', [line]))).toEqual([expect.stringContaining('fits every request')]);
  });

  test('keeps an empty header match, by which Istio asks for presence, and translates it for the Gateway API', () => {
    const lines = ['match: [{headers: {x-tester: {}}}]'];
    expect(firstMatch(lines)).toEqual([{ headers: { 'x-tester': {} } }]);
    const objects = manifestsOf(releaseOf(twoVersions('gateway-api', 'canary', lines)));
    expect(objects.find(({ kind }) => kind === 'HTTPRoute')).toMatchObject({
      spec: {
        rules: [{ matches: [{ headers: [{ type: 'RegularExpression', name: 'x-tester', value: '.*' }] }] }, {}],
      },
    });
  });

  test('translates a path that is compared by its elements into two matches of Istio', () => {
    expect(firstMatch(['matches: [{path: {value: /api/}}]'])).toEqual([
      { uri: { exact: '/api' } },
      { uri: { prefix: '/api/' } },
    ]);
  });

  test.each(['istio', 'gateway-api', 'emissary', 'kserve', 'modelmesh'])(
    'refuses every expression that RE2 cannot read on %s, at its place',
    (environment) => {
      const broken = [
        'match: [{headers: {a: {regex: "(a"}, b: {regex: "(?=a)b"}}, uri: {regex: "[b"}, queryParams: {c: {regex: "*"}}}]',
      ];
      expect(problemsOf(twoVersions(environment, 'canary', broken))).toEqual([
        expect.stringMatching(
          /match\[0\]\.uri\.regex is "\[b", which is no regular expression of RE2: a bracket is not closed RE2 knows/,
        ),
        expect.stringMatching(/match\[0\]\.headers\.a\.regex is "\(a", .*: a parenthesis is not closed/),
        expect.stringMatching(/match\[0\]\.headers\.b\.regex .*: \(\?= is a look-around/),
        expect.stringMatching(/match\[0\]\.queryParams\.c\.regex .*: \* has nothing to repeat/),
      ]);
      const named = ['matches: [{headers: [{name: a, value: "("}, {name: b, type: RegularExpression, value: "("}]}]'];
      expect(problemsOf(twoVersions(environment, 'canary', named))).toEqual([
        expect.stringMatching(/matches\[0\]\.headers\[1\]\.value is "\(", /),
      ]);
    },
  );

  test('takes an empty key for an absent one, as Helm does', () => {
    const text = twoVersions('istio', 'canary', ['match:', 'matches: []']).replace(
      'application:',
      'gateway:\napplication:\n  metadata: {labels: , annotations: }',
    );
    expect(JSON.stringify(manifestsOf(releaseOf(text)))).toContain(
      '"match":[{"headers":{"traffic":{"exact":"test"}}}]',
    );
  });

  test('notices a candidate that no request reaches', () => {
    const third = '  - metadata: {name: v3}\n    image: registry.example/shop:v3\n';
    const { notices } = loadedOf(`${twoVersions('istio', 'canary')}${third}`);
    expect(notices.map(({ path, message }) => `${path} ${message}`)).toContain(
      'application.versions[2] is reached by no request, since an earlier version has the same match',
    );
  });

  const both = [
    'match: [{headers: {x-user: {exact: a}}}]',
    'matches: [{headers: [{name: x-user, type: RegularExpression, value: "("}]}]',
  ];

  test.each(['istio', 'kserve', 'modelmesh'])('counts in the form of %s, with a notice on the other', (environment) => {
    const loaded = loadedOf(twoVersions(environment, 'canary', both));
    expect(loaded.release.model.versions[1]?.matches).toMatchObject([{ headers: [{ name: 'x-user' }] }]);
    const mode = environment === 'kserve' ? ' in Serverless mode' : '';
    expect(loaded.notices.map(({ path, message }) => `${path} ${message}`)).toContain(
      `application.versions[1].matches has no effect beside match, which is the form of ${environment}${mode}`,
    );
  });

  test.each([
    ['gateway-api', '', ''],
    ['kserve', 'application:\n  deploymentMode: RawDeployment', ' in RawDeployment mode'],
  ])('counts in the form of %s where %s', (environment, mode, where) => {
    const lines = ['match: [{headers: {x-user: {prefix: a}}}]', 'matches: [{headers: [{name: x-team, value: b}]}]'];
    const text = twoVersions(environment, 'canary', lines).replace('application:', mode || 'application:');
    const { release, notices } = loadedOf(text);
    expect(release.model.versions[1]?.matches).toMatchObject([{ headers: [{ name: 'x-team' }] }]);
    expect(notices.map(({ path, message }) => `${path} ${message}`)).toContain(
      `application.versions[1].match has no effect beside matches, which is the form of ${environment}${where}`,
    );
  });

  test('counts in the form of the environment for the application, too', () => {
    const text = twoVersions('istio', 'blue-green').replace(
      'application:',
      'application:\n  match: [{method: {exact: GET}}]\n  matches: [{method: POST}]',
    );
    const { release, notices } = loadedOf(text);
    expect(release.model.matches).toMatchObject([{ method: 'GET' }]);
    expect(notices.map(({ path }) => path)).toEqual(['application.matches']);
  });

  test('takes an empty list beside the other form for none', () => {
    const { release, notices } = loadedOf(twoVersions('istio', 'canary', ['match: []', 'matches: [{method: POST}]']));
    expect(release.model.versions[1]?.matches).toMatchObject([{ method: 'POST' }]);
    expect(notices.filter(({ path }) => path.includes('match'))).toEqual([]);
  });

  test('refuses both forms where neither is the own one, and only where they are read', () => {
    const lines = ['match: [{method: {exact: GET}}]', 'matches: [{method: POST}]'];
    expect(problemsOf(twoVersions('emissary', 'canary', lines))).toEqual([
      'application.versions[1].match stands beside matches, and one of the two would be ignored Keep one of match and matches.',
    ]);
    expect(problemsOf(twoVersions('emissary', 'none', lines))).toEqual([]);
    expect(problemsOf(twoVersions('kubernetes', 'none', lines))).toEqual([]);
  });
});
