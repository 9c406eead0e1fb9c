import { describe, expect, test } from 'vitest';
import type { Json } from '../../../src/release/json.js';
import { Draw, type Place } from '../../../src/synth/chart/draw.js';
import { expand, start } from '../../../src/synth/chart/expand.js';
import { generalise } from '../../../src/synth/chart/generalise.js';
import { printObjects } from '../../../src/synth/chart/print-template.js';
import type { Element, Template } from '../../../src/synth/chart/template.js';

type Render = (root: Place, draw: Draw) => Json;

/** The same numbers at every run. */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

function drawn(render: Render, count: number, seed: number) {
  const random = randomFrom(seed);
  return Array.from({ length: count }, () => {
    const draw = new Draw(random);
    return { ...start(draw), value: render(draw.root, draw) };
  });
}

/** The template that 100 draws give, after it gave what 100 others are. */
function templateOf(render: Render): string {
  const object: Element<Template> = { kind: 'one', element: generalise(drawn(render, 100, 1)) };
  for (const other of drawn(render, 100, 2)) expect(expand([object], other)).toEqual([other.value]);
  const { body, definitions } = printObjects([object], 'sluice.object');
  return body + definitions;
}

describe('generalise', () => {
  test('keeps what is the same everywhere, and refers to what is not', () => {
    const template = templateOf((root) => ({
      kind: 'Service',
      name: root.at('name').text(),
      port: root.at('port').int(),
      host: `${root.at('name').text()}.${root.at('namespace').text()}.svc:${root.at('port').int()}`,
    }));
    expect(template).toBe(`---
kind: Service
name: {{ $release.name | toJson }}
port: {{ int64 $release.port }}
host: {{ printf "%s.%s.svc:%d" $release.name $release.namespace (int64 $release.port) | toJson }}
`);
  });

  test('asks when an entry is there', () => {
    const template = templateOf((root) => {
      const image = root.at('image').optional((place) => place.text());
      return { kind: 'Pod', ...(image !== undefined && { image }), ...(root.at('quiet').flag() && { log: false }) };
    });
    expect(template).toBe(`---
kind: Pod
{{- if $release.image }}
image: {{ $release.image | toJson }}
{{- end }}
{{- if $release.quiet }}
log: false
{{- end }}
`);
  });

  test('writes a value in place of another as its default', () => {
    const template = templateOf((root) => ({
      name: root.at('own').optional((place) => place.text()) ?? root.at('name').text(),
    }));
    expect(template).toBe('---\nname: {{ $release.own | default $release.name | toJson }}\n');
  });

  test('goes over lists, with conditions on each item, also where the key is a value', () => {
    const template = templateOf((root, draw) => ({
      routes: root.at('rules').list('rule', 1 + draw.upTo(2), (rule) => ({
        name: rule.at('name').text(),
        headers: Object.fromEntries(
          rule
            .at('headers')
            .list('header', 1 + draw.upTo(1), (header) => [
              header.at('name').text(),
              { [header.at('kind').option(['exact', 'regex'])]: header.at('value').text() },
            ]),
        ),
        ...(rule.at('mirrored').flag() && { mirror: root.at('primary.name').text() }),
      })),
      last: 'all',
    }));
    expect(template).toBe(`---
routes:
{{- range $rule := $release.rules }}
- name: {{ $rule.name | toJson }}
  headers:
    {{- range $header := $rule.headers }}
    {{ $header.name | toJson }}:
      {{- if eq $header.kind "exact" }}
      exact: {{ $header.value | toJson }}
      {{- end }}
      {{- if eq $header.kind "regex" }}
      regex: {{ $header.value | toJson }}
      {{- end }}
    {{- end }}
  {{- if $rule.mirrored }}
  mirror: {{ $release.primary.name | toJson }}
  {{- end }}
{{- end }}
last: all
`);
  });

  test('keeps the order of a list that mixes fixed items with those of a loop', () => {
    const template = templateOf((root, draw) => [
      'first',
      ...root.at('hosts').list('host', draw.upTo(2), (host) => host.text()),
      ...(root.at('mesh').flag() ? ['mesh'] : []),
    ]);
    expect(template).toBe(`---
- first
{{- range $host := $release.hosts }}
- {{ $host | toJson }}
{{- end }}
{{- if $release.mesh }}
- mesh
{{- end }}
`);
  });

  test('merges the maps of the values over texts, so that no key stands twice', () => {
    const template = templateOf((root) => ({
      labels: { app: root.at('name').text(), ...root.at('labels').tree<Record<string, string>>() },
      spec: { ...root.at('spec').tree<Record<string, Json>>() },
    }));
    expect(template).toBe(`---
labels:
  {{- mergeOverwrite (dict) (dict "app" $release.name) $release.labels | toYaml | nindent 2 }}
spec:
  {{- toYaml $release.spec | nindent 2 }}
`);
  });

  test('writes a list or a map that has nothing in it', () => {
    const template = templateOf((root, draw) => ({
      kind: 'List',
      items: root.at('items').list('item', draw.upTo(1), (item) => item.text()),
    }));
    expect(template).toBe(`---
kind: List
{{- if $release.items }}
items:
{{- range $item := $release.items }}
- {{ $item | toJson }}
{{- end }}
{{- else }}
items: []
{{- end }}
`);
  });

  test('leaves braces in a text of the constructs alone', () => {
    expect(templateOf(() => ({ text: 'a {{ b }}' }))).toBe('---\ntext: {{ "a {{ b }}" | toJson }}\n');
  });

  test('refuses a difference that no question explains', () => {
    const random = randomFrom(3);
    expect(() => generalise(drawn(() => ({ text: random() < 0.5 ? 'a' : 'b' }), 20, 1))).toThrow(
      /no question tells when "[ab]" stands there and when "[ab]"/,
    );
  });

  test('refuses the value of an item outside the list that it comes from', () => {
    const render: Render = (root) => ({
      text: `${root
        .at('hosts')
        .list('host', 2, (host) => host.text())
        .join(',')}`,
    });
    expect(() => generalise(drawn(render, 5, 1))).toThrow('stands outside the list that it comes from');
  });
});
