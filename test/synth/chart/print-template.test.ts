import { describe, expect, test } from 'vitest';
import { printObjects } from '../../../src/synth/chart/print-template.js';
import type { Element, Entry, Reference, Template } from '../../../src/synth/chart/template.js';

const text = (...parts: readonly (string | Reference)[]): Template => ({ kind: 'text', parts });
const of = (path: string, type: Reference['type'] = 'text'): Reference => ({ variable: 'version', path, type });
const entry = (key: string, value: Template): Element<Entry> => ({ kind: 'one', element: { key: [key], value } });
const map = (...entries: readonly Element<Entry>[]): Template => ({ kind: 'map', entries });

function printed(object: Template) {
  return printObjects([{ kind: 'one', element: object }], 'sluice.pod');
}

describe('printObjects()', () => {
  test('quotes what YAML would read as something else, and counts by int64', () => {
    const object = map(
      entry('a', text('yes')),
      entry('b', text(of('port', 'int'))),
      entry('c', text('100%-', of('name'))),
    );
    expect(printed(object).body).toBe(`---
a: "yes"
b: {{ int64 $version.port }}
c: {{ printf "100%%-%s" $version.name | toJson }}
`);
  });

  test('writes two neighbours that are the cases of one question with else', () => {
    const when = (not: boolean, value: string): Element<Template> => ({
      kind: 'if',
      condition: { kind: 'ask', expression: '$version.quiet', not },
      elements: [{ kind: 'one', element: text(value) }],
    });
    expect(printed({ kind: 'list', items: [when(false, 'a'), when(true, 'b')] }).body).toBe(`---
{{- if $version.quiet }}
- a
{{- else }}
- b
{{- end }}
`);
  });

  test('begins the map of a list with an entry that is always there', () => {
    const maybe: Element<Entry> = {
      kind: 'if',
      condition: { kind: 'ask', expression: '$version.image', not: false },
      elements: [entry('image', text(of('image')))],
    };
    const object: Template = { kind: 'list', items: [{ kind: 'one', element: map(maybe, entry('name', text('x'))) }] };
    expect(printed(object).body).toBe(`---
- name: x
  {{- if $version.image }}
  image: {{ $version.image | toJson }}
  {{- end }}
`);
  });

  test('makes a template of its own of an object that may be overlaid', () => {
    const overlays: Element<Entry> = { kind: 'one', element: { key: [of('overlays', 'tree')], value: undefined } };
    const { body, definitions } = printed(map(entry('kind', text('Pod')), overlays));
    expect(body).toContain('{{ include "sluice.overlaid" (dict "base" $base "overlays" $version.overlays)');
    expect(definitions).toContain('{{- define "sluice.pod" }}');
    expect(definitions).toContain('kind: Pod');
    expect(definitions).not.toContain('overlays');
  });
});
