import { describe, expect, it } from 'vitest';
import { isByHand } from '../../src/cli/release-status.js';
import { openWorkspace } from '../../src/cli/workspace.js';
import { writtenByHand } from '../../src/cli/written-by-hand.js';
import { ScratchRepository } from '../gitops/scratch-repository.js';

const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g'];
const fileOf = (name: string) => `shop/releases/team/${name}/values.yaml`;

/** A repository whose workspace is a folder of it. */
class Ground {
  readonly repository = new ScratchRepository({ 'shop/sluice.yaml': '{}\n' });

  writes(message: string, ...written: readonly string[]): void {
    for (const name of written) this.repository.write(`shop/releases/team/${name}/status.yaml`, `${message}\n`);
    this.repository.git('add', '--all');
    this.repository.git('commit', '--quiet', '--message', message);
  }

  async answers(asked: readonly string[]): Promise<readonly (readonly [name: string, many: boolean, one: boolean])[]> {
    const workspace = openWorkspace(`${this.repository.root}/shop`);
    const files = asked.map((name) => fileOf(name).slice('shop/'.length));
    const tells = await writtenByHand(workspace, files);
    return Promise.all(
      files.map(async (file, i) => [asked[i] ?? '', await tells(file), await isByHand(workspace, file)] as const),
    );
  }
}

const decided = (text: string) => `chore: ${text}\n\nSluice-Decision: advance`;

describe('who wrote the statuses', () => {
  it('is the same whether many are asked for together or each alone', async () => {
    const ground = new Ground();
    const { repository } = ground;
    ground.writes('by a person, before all', 'g');
    ground.writes(decided('one'), ...names.slice(0, 6));
    ground.writes('by a person', 'b');
    repository.git('revert', '--no-edit', '--quiet', 'HEAD');
    ground.writes('by a person again', 'c');
    repository.git('checkout', '--quiet', '-b', 'side');
    ground.writes(decided('on the side'), 'd');
    ground.writes('by a person on the side', 'e');
    repository.git('checkout', '--quiet', '-');
    ground.writes(decided('beside it'), 'f');
    repository.git('merge', '--quiet', '--no-edit', 'side');

    const answers = await ground.answers(names);
    expect(answers.map(([name, many]) => [name, many])).toEqual(answers.map(([name, , one]) => [name, one]));
    expect(answers.filter(([, many]) => many).map(([name]) => name)).toEqual(['b', 'c', 'e', 'g']);
  });

  it('is nobody where the only commit has no parent', async () => {
    const ground = new Ground();
    ground.writes('all', ...names);
    ground.repository.git('checkout', '--quiet', '--orphan', 'alone');
    ground.repository.git('commit', '--quiet', '--message', 'all at once');
    const answers = await ground.answers(names);
    expect(answers.every(([, many, one]) => !many && !one)).toBe(true);
  });
});
