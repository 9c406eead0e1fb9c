import { expect, test } from 'vitest';
import { ScratchWorkspace } from '../cli/workspace.js';
import { blocks, page } from './pages.js';

const diffPage = page('docs/diff.md');
const [committed = '', current = ''] = blocks(diffPage, 'yaml').map(({ text }) => text);
const file = 'releases/reviews/values.yaml';

function workspace(): ScratchWorkspace {
  const scratch = new ScratchWorkspace({ [file]: committed });
  scratch.write(file, current);
  return scratch;
}

test.each(blocks(diffPage, 'console').map(({ text }) => text))(
  'docs/diff.md shows what this prints: %s',
  async (text) => {
    const [call = '', ...lines] = text.split('\n');
    const { code, stdout } = await workspace().run(...call.replace('$ sluice ', '').split(' '));
    expect(code).toBe(1);
    expect(stdout).toBe(lines.join('\n'));
  },
);

test('docs/diff.md shows the first release of the JSON, but for its objects', async () => {
  const [shown] = blocks(diffPage, 'json').map(({ text }) => JSON.parse(text));
  const { stdout } = await workspace().run('diff', '-o', 'json');
  const printed = JSON.parse(stdout);
  const [{ objects, ...release }] = printed.releases;
  const [shownRelease] = shown.releases;
  expect({ ...printed, releases: [release] }).toEqual({
    ...shown,
    releases: [{ ...shownRelease, objects: undefined }],
  });
  expect(objects.map(({ object, status }: { object: string; status: string }) => ({ object, status }))).toEqual(
    shownRelease.objects.map(({ object, status }: { object: string; status: string }) => ({ object, status })),
  );
});
