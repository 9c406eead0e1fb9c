import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { JsonObject } from '../../src/release/json.js';
import { tools } from './tools.js';

/** What is read is handed out in base64, so that nothing after the parser can change it. */
const template = `{{- range $path, $_ := .Files.Glob "documents/*" }}
---
kind: Read
read: {{ $.Files.Get $path | fromYaml | toJson | b64enc }}
{{- end }}
`;

/** Returns the objects of a stream as Kubernetes' own parser reads them, which Helm brings along. */
export async function kubernetesObjects(stream: string): Promise<JsonObject[]> {
  const folder = await mkdtemp(join(tmpdir(), 'sluice-read-'));
  try {
    await mkdir(join(folder, 'templates'));
    await mkdir(join(folder, 'documents'));
    await writeFile(join(folder, 'Chart.yaml'), 'apiVersion: v2\nname: read\nversion: 0.0.0\n');
    await writeFile(join(folder, 'templates', 'read.yaml'), template);
    const documents = stream.split(/^---(?: .*)?\n/m).filter((text) => /^[^#\s]/m.test(text));
    await Promise.all(documents.map((text, i) => writeFile(join(folder, 'documents', `${i}.yaml`), text)));
    const { stdout } = await promisify(execFile)(tools.helm, ['template', 'read', folder], {
      maxBuffer: 64 * 1024 * 1024,
    });
    return [...stdout.matchAll(/^read: (.*)$/gm)].map(([, encoded]) =>
      JSON.parse(Buffer.from(encoded as string, 'base64').toString('utf8')),
    );
  } finally {
    await rm(folder, { recursive: true });
  }
}
