import { describe, expect, it } from 'vitest';
import type { Edit } from '../../src/values/edit.js';
import { type Case, differingLines, edited, firstWeight, primary, versionName, weight } from './edits.js';

const replacements: readonly Case[] = [
  { behaviour: 'keeps a comment', before: 'weight: 0   # ours\n', edit: weight, after: 'weight: 20   # ours\n' },
  { behaviour: 'keeps trailing spaces', before: 'weight: 0  \nb: 1 \n', edit: weight, after: 'weight: 20  \nb: 1 \n' },
  { behaviour: 'keeps CRLF line ends', before: 'a: 1\r\nweight: 0\r\n', edit: weight, after: 'a: 1\r\nweight: 20\r\n' },
  {
    behaviour: 'keeps mixed line ends',
    before: 'a: 1\r\nweight: 0\nb: 1\r\n',
    edit: weight,
    after: 'a: 1\r\nweight: 20\nb: 1\r\n',
  },
  { behaviour: 'keeps a byte order mark', before: '\ufeffweight: 0\n', edit: weight, after: '\ufeffweight: 20\n' },
  { behaviour: 'keeps a missing final newline', before: 'weight: 0', edit: weight, after: 'weight: 20' },
  {
    behaviour: 'keeps document markers',
    before: '%YAML 1.2\n---\nweight: 0\n...\n',
    edit: weight,
    after: '%YAML 1.2\n---\nweight: 20\n...\n',
  },
  {
    behaviour: 'keeps single quotes',
    before: "primary: 'a' # 'a'\n",
    edit: primary,
    after: "primary: 'shop-v2' # 'a'\n",
  },
  { behaviour: 'keeps double quotes', before: 'primary: "a"\n', edit: primary, after: 'primary: "shop-v2"\n' },
  { behaviour: 'keeps a quoted key', before: '"weight" : 0\n', edit: weight, after: '"weight" : 20\n' },
  {
    behaviour: 'doubles a quote within single quotes',
    before: "primary: 'a'\n",
    edit: { ...primary, value: "it's" },
    after: "primary: 'it''s'\n",
  },
  {
    behaviour: 'double-quotes what single quotes cannot hold',
    before: "primary: 'a'\n",
    edit: { ...primary, value: 'a\nb' },
    after: 'primary: "a\\nb"\n',
  },
  {
    behaviour: 'quotes a string that would be read as a number',
    before: 'primary: a\n',
    edit: { ...primary, value: '1e3' },
    after: 'primary: "1e3"\n',
  },
  {
    behaviour: 'quotes a string that would be read as a boolean',
    before: 'primary: a\n',
    edit: { ...primary, value: 'Off' },
    after: 'primary: "Off"\n',
  },
  {
    behaviour: 'quotes a colon in flow only',
    before: 'a: {primary: a}\n',
    edit: { path: ['a', 'primary'], value: 'b:1' },
    after: 'a: {primary: "b:1"}\n',
  },
  {
    behaviour: 'writes a number in place of a quoted string',
    before: 'weight: "0"\n',
    edit: weight,
    after: 'weight: 20\n',
  },
  {
    behaviour: 'writes a boolean',
    before: 'routed: true\n',
    edit: { path: ['routed'], value: false },
    after: 'routed: false\n',
  },
  {
    behaviour: 'changes a value on the line after its key',
    before: 'weight:\n  # ours\n  0\nb: 1\n',
    edit: weight,
    after: 'weight:\n  # ours\n  20\nb: 1\n',
  },
  { behaviour: 'overwrites null', before: 'weight: null # c\n', edit: weight, after: 'weight: 20 # c\n' },
  { behaviour: 'overwrites a tilde', before: 'weight: ~\n', edit: weight, after: 'weight: 20\n' },
  { behaviour: 'gives an empty value its space', before: 'weight:\nb: 1\n', edit: weight, after: 'weight: 20\nb: 1\n' },
  {
    behaviour: 'gives an empty value its space before CRLF',
    before: 'weight:\r\nb: 1\r\n',
    edit: weight,
    after: 'weight: 20\r\nb: 1\r\n',
  },
  { behaviour: 'writes an empty value at the end of the text', before: 'weight:', edit: weight, after: 'weight: 20' },
  {
    behaviour: 'writes an empty value before its comment',
    before: 'weight:   # ours\n',
    edit: weight,
    after: 'weight: 20   # ours\n',
  },
  {
    behaviour: 'writes an empty value above comment lines',
    before: 'weight:\n  # ours\nb: 1\n',
    edit: weight,
    after: 'weight: 20\n  # ours\nb: 1\n',
  },
  {
    behaviour: 'changes a value in a flow map',
    before: 'v: [{name: a, weight: 0}]\n',
    edit: firstWeight,
    after: 'v: [{name: a, weight: 20}]\n',
  },
  {
    behaviour: 'changes a value in JSON',
    before: '{"v":[{"weight":0,"a":1}]}\n',
    edit: firstWeight,
    after: '{"v":[{"weight":20,"a":1}]}\n',
  },
  {
    behaviour: 'writes an empty value in a flow map',
    before: 'v: [{weight:, a: 1}]\n',
    edit: firstWeight,
    after: 'v: [{weight: 20, a: 1}]\n',
  },
  {
    behaviour: 'writes after a flow key without a colon',
    before: 'v: [{weight, a: 1}]\n',
    edit: firstWeight,
    after: 'v: [{weight: 20, a: 1}]\n',
  },
  {
    behaviour: 'writes a map into an empty item',
    before: 'v:\n- # c\n- a: 1\n',
    edit: firstWeight,
    after: 'v:\n- {weight: 20} # c\n- a: 1\n',
  },
  {
    behaviour: 'writes a map into an empty parent',
    before: 'metadata: # c\nb: 1\n',
    edit: versionName,
    after: 'metadata: {name: shop-0} # c\nb: 1\n',
  },
  {
    behaviour: 'writes a map over a null parent',
    before: 'metadata: null\n',
    edit: versionName,
    after: 'metadata: {name: shop-0}\n',
  },
  {
    behaviour: 'overrules a merge key that is overruled already',
    before: 'd: &d {weight: 1}\nv:\n- <<: *d\n  weight: 2\n',
    edit: firstWeight,
    after: 'd: &d {weight: 1}\nv:\n- <<: *d\n  weight: 20\n',
  },
  {
    behaviour: 'edits under an anchor that nothing uses',
    before: 'v: &v\n- &a\n  weight: 0\n',
    edit: firstWeight,
    after: 'v: &v\n- &a\n  weight: 20\n',
  },
];

describe('applyEdits() on a value that is there', () => {
  it.each(replacements)('applyEdits() $behaviour', ({ before, edit, after }) => {
    expect(edited(before, edit)).toBe(after);
    expect(differingLines(before, after)).toEqual({ removed: 1, added: 1 });
    expect(edited(after, edit)).toBe(after);
  });
});

describe('applyEdits() without need', () => {
  it.each([
    ['another notation of the number', 'weight: 20.0\n', weight],
    ['quotes that are not needed', 'primary: "shop-v2"\n', primary],
    ['an alias of the same value', 'a: &a 20\nweight: *a\n', weight],
    ['a merge key that supplies the same value', 'a: &a {weight: 20}\nv: [{<<: *a}]\n', firstWeight],
  ])('applyEdits() leaves %s as it is', (_, text, edit) => {
    expect(edited(text, edit)).toBe(text);
  });

  it('applyEdits() without edits returns the text', () => {
    expect(edited('a:   1\r\n')).toBe('a:   1\r\n');
  });
});

const sample = `# our shop
environment: istio  # the mesh
application:
  port: 8080

  versions:
  - metadata: {name: shop-v1}
    image: 'registry.example/shop:v1'
    weight: 100
  # the new one
  - image: "registry.example/shop:v2"
    deployment:
      replicas: 2
`;

describe('applyEdits() with several edits', () => {
  it('applyEdits() changes one line per edit', () => {
    const edits: Edit[] = [
      { path: ['application', 'versions', 0, 'weight'], value: 80 },
      { path: ['application', 'versions', 1, 'weight'], value: 20 },
      { path: ['application', 'versions', 1, 'routed'], value: true },
      { path: ['application', 'versions', 1, 'metadata', 'name'], value: 'shop-1' },
      { path: ['application', 'primary'], value: 'shop-v1' },
    ];
    expect(edited(sample, ...edits)).toBe(`# our shop
environment: istio  # the mesh
application:
  port: 8080
  primary: shop-v1

  versions:
  - metadata: {name: shop-v1}
    image: 'registry.example/shop:v1'
    weight: 80
  # the new one
  - image: "registry.example/shop:v2"
    routed: true
    weight: 20
    metadata: {name: shop-1}
    deployment:
      replicas: 2
`);
  });

  it('applyEdits() puts two keys into one absent parent', () => {
    const namespace: Edit = { path: ['metadata', 'namespace'], value: 'web' };
    expect(edited('a: 1\n', namespace, versionName)).toBe('a: 1\nmetadata: {name: shop-0, namespace: web}\n');
  });
});
