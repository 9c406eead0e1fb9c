import type { Json } from '../../src/release/json.js';
import type { WrittenValues } from '../laws/releases.js';
import { isAccepted } from './same-objects.js';

/** Texts that YAML, Go's templates, a shell or JSON could take for something else. */
export const hardTexts: readonly string[] = [
  ...['yes', 'no', 'on', 'y', 'null', '~', 'true', 'False', '0o7', '007', '0x1f', '1e3', 'e656', '1000000', '1_000'],
  ...[
    '12:30:45',
    '2020-01-01',
    '.inf',
    '-0',
    '1.50',
    '=',
    '',
    ' ',
    ' a ',
    'a: b',
    'a #b',
    '- a',
    '*a',
    '&a',
    '!a',
    '%s',
  ],
  ...[
    '"',
    "'",
    '\\',
    '\\n',
    'C:\\a\\',
    'a"b\'c',
    '{{ .Values }}',
    '{{',
    '}}',
    '{{- fail "run" }}',
    '{{/*',
    '`',
    '$release',
  ],
  ...['a\nb', 'a\n', '\na', 'a\n\n  b\n', 'a\tb', 'x'.repeat(63), 'é 中文 😀', 'a\u2028b', '<&>', '---', 'a\n---\nb'],
  ...['zq7qz', '${a}', '{"a": [1]}', '[a', '{a'],
];

type Change = (values: Values) => void;

/** Values as plain data, of which every part may be written to. */
interface Values {
  // biome-ignore lint/suspicious/noExplicitAny: whether a part is there is what a change finds out.
  [key: string]: any;
}

/** Returns changes that put the text, or what it can be made into, where values take one. */
function changesFor(text: string, versionCount: number): Change[] {
  const name = text.toLowerCase();
  return [
    ({ application }) => put(application, ['metadata', 'annotations', 'example.com/note'], text),
    ({ application }) => put(application, ['metadata', 'labels', 'team'], text),
    ({ application }) => put(application, ['metadata', 'namespace'], name),
    ({ application }) => put(application, ['appProtocol'], text),
    ({ application }) => put(application, ['modelFormat'], text),
    ({ application }) => put(application, ['runtime'], text),
    ({ application }) => put(application, ['deployment', 'metadata', 'annotations', 'example.com/note'], text),
    ({ application }) => put(application, ['deployment', 'spec', 'template', 'spec', 'containers'], containers(text)),
    ({ application }) => put(application, ['inferenceService', 'metadata', 'annotations', 'example.com/note'], text),
    ({ application }) => put(application, ['hosts'], [{ name: name, gateway: `${name}/${name}` }]),
    ({ application }) => put(application, ['sessionAffinity'], { type: 'Cookie', cookie: text }),
    (values) => put(values, ['gateway'], name),
    (values) => put(values, ['service'], { host: name, port: 1 }),
    ({ application }) => put(application, ['match'], matches(text)),
    ...[0, 1]
      .slice(0, versionCount)
      .flatMap((position): Change[] => [
        ({ application: { versions } }) => put(versions[position], ['image'], text),
        ({ application: { versions } }) => put(versions[position], ['storageUri'], text),
        ({ application: { versions } }) => put(versions[position], ['metadata', 'annotations', text], text),
        ({ application: { versions } }) => put(versions[position], ['metadata', 'labels', 'tier'], text),
        ({ application: { versions } }) => put(versions[position], ['match'], matches(text)),
        ({ application: { versions } }) =>
          put(versions[position], ['serviceSpecification', 'metadata', 'annotations'], { a: text }),
        ({ application: { versions } }) => put(versions[position], ['disruptionBudget'], { minAvailable: text }),
      ]),
    ({ application: { versions } }) => put(versions.at(-1), ['metadata', 'name'], name),
    (values) => {
      put(values.application.versions[0], ['metadata', 'name'], name);
      put(values.application, ['primary'], name);
    },
  ];
}

function containers(text: string): Json {
  return [{ args: [text, 'b', text], env: [{ name: 'A', value: text }], resources: { limits: { [text]: text } } }];
}

function matches(text: string): Json {
  return [{ headers: { 'x-user': { exact: text } } }, { headers: { 'x-user': { regex: text } } }];
}

/** Where nothing stands yet, something is made: what does not belong there is refused as a whole. */
function put(target: Values, path: readonly string[], value: Json): void {
  const [key, ...rest] = path as [string, ...string[]];
  if (rest.length === 0) {
    target[key] = value;
    return;
  }
  target[key] ??= {};
  put(target[key], rest, value);
}

/** Returns the values with the text wherever they may hold it, and the number of these places. */
export function hardRelease(
  values: WrittenValues,
  text: string,
): { readonly values: WrittenValues; readonly places: number } {
  let places = 0;
  let current = values;
  for (const change of changesFor(text, values.application.versions.length)) {
    const next = structuredClone(current);
    change(next);
    if (!isAccepted(next)) continue;
    current = next;
    places += 1;
  }
  return { values: current, places };
}
