import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { tools } from './tools.js';

const run = promisify(execFile);
const maxBuffer = 256 * 1024 * 1024;

/** The parsed value is handed out in base64, so that nothing after the parser can change it. */
const proofTemplate = `apiVersion: v1
kind: ConfigMap
metadata: {name: proof}
data: {proof: "{{ .Files.Get "proof.yaml" | fromYaml | toJson | b64enc }}"}
`;

/** A key that is no text, or a value that JSON does not know, must not pass for its own JSON form. */
const pythonReader = `
import json, sys, yaml

def strict(value):
    if isinstance(value, dict):
        return {key if isinstance(key, str) else '%s key' % type(key).__name__: strict(item) for key, item in value.items()}
    if isinstance(value, list):
        return [strict(item) for item in value]
    return value

loader = getattr(yaml, sys.argv[1])
json.dump([strict(document) for document in yaml.load_all(sys.stdin.buffer.read(), loader)], sys.stdout, default=repr)
`;

/**
 * Returns what Kubernetes' own parser (sigs.k8s.io/yaml, as Helm's `fromYaml` calls it) reads from one document that
 * holds a mapping. Text that it cannot read gives `{ Error: … }`.
 */
export async function readWithHelm(yaml: string): Promise<unknown> {
  return inFolder(async (folder) => {
    await mkdir(join(folder, 'templates'));
    await writeFile(join(folder, 'Chart.yaml'), 'apiVersion: v2\nname: proof\nversion: 0.0.0\n');
    await writeFile(join(folder, 'templates', 'proof.yaml'), proofTemplate);
    await writeFile(join(folder, 'proof.yaml'), yaml);
    const { stdout } = await run(tools.helm, ['template', 'proof', folder], { maxBuffer });
    const encoded = /proof: "(.*)"/.exec(stdout)?.[1] ?? '';
    return JSON.parse(Buffer.from(encoded, 'base64').toString('utf8'));
  });
}

/** PyYAML's two parsers: its own, and libyaml. */
export const pythonLoaders = ['SafeLoader', 'CSafeLoader'] as const;

/** Returns the documents that PyYAML reads from a stream. A key that is no text becomes `<type> key`. */
export async function readWithPython(yaml: string, loader: (typeof pythonLoaders)[number]): Promise<unknown> {
  const reading = run(tools.python, ['-c', pythonReader, loader], { maxBuffer });
  reading.child.stdin?.end(yaml);
  return JSON.parse((await reading).stdout);
}

async function inFolder<Result>(use: (folder: string) => Promise<Result>): Promise<Result> {
  const folder = await mkdtemp(join(tmpdir(), 'sluice-yaml-'));
  try {
    return await use(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}
