import { expect, test } from 'vitest';
import { ScratchWorkspace } from '../cli/workspace.js';
import { blocks, page } from './pages.js';

const validatePage = page('docs/validate.md');
const file = 'releases/reviews/values.yaml';

test('docs/validate.md shows what its commands print', async () => {
  const values = blocks(validatePage, 'yaml').find(({ text }) => text.startsWith(`# ${file}\n`))?.text ?? '';
  const workspace = new ScratchWorkspace({ [file]: values });
  const runs = blocks(validatePage, 'console').flatMap(({ text }) => text.split(/^(?=\$ )/m));
  expect(runs).toHaveLength(4);
  for (const run of runs) {
    const [command = '', ...shown] = run.split('\n');
    const [program, ...words] = command.slice('$ '.length).split(' ');
    if (program === 'sluice') expect((await workspace.run(...words)).stdout).toBe(shown.join('\n'));
    else {
      const [, old = '', by = ''] = /^-i s\/([^/]*)\/([^/]*)\//.exec(words.join(' ')) ?? [];
      workspace.replace(file, old, by);
    }
  }
});
