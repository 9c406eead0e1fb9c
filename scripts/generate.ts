import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { valuesJsonSchema } from '../src/values/json-schema.js';

// Writes the generated files; with --check it only says which of them are out of date.
const generated: { readonly [path: string]: string } = {
  'templates/values.schema.json': `${JSON.stringify(valuesJsonSchema(), null, 2)}\n`,
};

const check = process.argv.includes('--check');
for (const [path, content] of Object.entries(generated)) {
  const file = fileURLToPath(new URL(`../${path}`, import.meta.url));
  if (!check) {
    writeFileSync(file, content);
  } else if (readFileSync(file, 'utf8') !== content) {
    process.stderr.write(`${path} is out of date: run npm run generate, read the difference and commit it\n`);
    process.exitCode = 1;
  }
}
