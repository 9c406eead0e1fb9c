import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { commands } from '../../src/cli/commands.js';
import { file, Ground, values } from '../cli/people/ground.js';
import { blocks, page } from './pages.js';

const commandsPage = page('docs/commands.md');

/** What no two runs have in common: the names of commits. */
function masked(text: string): string {
  return text.replace(/(?<=commit |\()[0-9a-f]{10}\b/g, 'COMMIT');
}

function wordsOf(call: string): string[] {
  const words = call.match(/'[^']*'|\S+/g) ?? [];
  return words.map((word) => word.replaceAll("'", ''));
}

test('docs/commands.md shows what its commands print', async () => {
  const ground = await Ground.start();
  ground.workspace.commit({ 'releases/ratings/values.yaml': values.replaceAll('reviews', 'ratings') });
  await ground.ran('synth');
  ground.workspace.commit({});
  ground.serve();
  await ground.pass();
  const shown = blocks(commandsPage, 'console');
  expect(shown.length).toBeGreaterThan(6);
  for (const { text } of shown) {
    const [call = '', ...lines] = text.split('\n');
    const words = wordsOf(call.replace('$ sluice ', ''));
    if (words[0] === 'evaluate') ground.flow();
    expect(masked(await ground.ran(...words)), call).toBe(masked(lines.join('\n')));
  }
});

test('docs/commands.md shows versions as --from takes them', async () => {
  const text = blocks(commandsPage, 'yaml').find((block) => block.text.startsWith('- metadata'))?.text ?? '';
  const ground = await Ground.start();
  ground.workspace.write('new.yaml', text);
  await ground.ran('candidate', 'reviews', '--from', 'new.yaml');
  expect(parse(ground.workspace.read(file)).application.versions).toHaveLength(2 + parse(text).length);
});

test.each(['pause', 'resume', 'promote', 'rollback', 'abort', 'freeze', 'unfreeze', 'candidate'])(
  'docs/commands.md tells of %s, which has the options that all have',
  (name) => {
    expect(commandsPage.text).toContain(`sluice ${name}`);
    expect(Object.keys(commands[name]?.options ?? {})).toEqual(
      expect.arrayContaining(['reason', 'push', 'dry-run', 'output']),
    );
  },
);
