import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  realpathSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Mesh } from './mesh.js';
import { evaluationValues, hashOf, reviewsValues, ScratchWorkspace, scratchFolder, sluice } from './workspace.js';

const file = 'releases/reviews/values.yaml';
const manifests = 'rendered/reviews/manifests.yaml';
const inventory = 'rendered/.sluice-inventory';

const values = reviewsValues + evaluationValues;

/** Nothing listens on this port: only a privileged process could. */
const metrics = 'metrics: {source: prometheus, url: "http://127.0.0.1:2", timeout: 2s}\n';

/** One thing that is wrong with a workspace, and what each command says of it. */
interface Fault {
  arrange(workspace: ScratchWorkspace): void;
  readonly says: string | RegExp;
  readonly hint: string;
  /** Which commands meet it. @default every one */
  readonly commands?: readonly (keyof typeof commands)[];
}

const commands = {
  synth: ['synth'],
  evaluate: ['evaluate'],
  'dry run': ['evaluate', '--dry-run'],
  candidate: ['candidate', 'reviews', '--image', 'registry.example/reviews:v3'],
};

/** What every command refuses that reads the workspace. */
const faults: Record<string, Fault> = {
  'a typo in a key of sluice.yaml': {
    arrange: (workspace) => workspace.commit({ 'sluice.yaml': `${metrics}rendred: out\n` }),
    says: 'sluice.yaml:2:1 rendred: is no known key',
    hint: 'Did you mean rendered? Allowed are: namespace, releases, render, rendered, git, ',
  },
  'a source that is not known': {
    arrange: (workspace) => workspace.commit({ 'sluice.yaml': metrics.replace('prometheus', 'promethius') }),
    says: 'sluice.yaml:1:19 metrics.source: is "promethius"',
    hint: 'Did you mean prometheus?',
  },
  'a URL that is none': {
    arrange: (workspace) => workspace.commit({ 'sluice.yaml': metrics.replace('http://', 'ada:secret@') }),
    says: /^(?!.*secret).*sluice\.yaml:1:36 metrics\.url: is no http or https URL\n/,
    hint: 'Write it as http://prometheus.monitoring:9090.',
  },
  'a namespace that is no DNS label': {
    arrange: (workspace) => workspace.commit({ 'sluice.yaml': `${metrics}namespace: My_Space\n` }),
    says: 'sluice.yaml:2:12 namespace: "My_Space" is no DNS label',
    hint: 'Use a-z, 0-9 and -',
  },
  'an empty sluice.yaml': {
    arrange: (workspace) => workspace.commit({ 'sluice.yaml': '# later\n' }),
    says: 'sluice.yaml:1:1 is empty',
    hint: 'Fill it in, or remove it',
  },
  'two documents in sluice.yaml': {
    arrange: (workspace) => workspace.commit({ 'sluice.yaml': `${metrics}---\n${metrics}` }),
    says: 'sluice.yaml:3:1 holds a second document',
    hint: 'One file is one document',
  },
  'a sluice.yaml that is a folder': {
    arrange(workspace) {
      workspace.remove('sluice.yaml');
      workspace.commit({ 'sluice.yaml/x': '' });
    },
    says: 'Cannot read sluice.yaml as text: it is a folder',
    hint: 'Check the path and its permissions.',
  },
  'a sluice.yaml that is no UTF-8': {
    arrange(workspace) {
      writeFileSync(join(workspace.folder, 'sluice.yaml'), Buffer.from([0x61, 0x3a, 0x20, 0xe9]));
      workspace.commit({});
    },
    says: 'Cannot read sluice.yaml as text: it is no UTF-8 text',
    hint: 'Check',
  },
  ...Object.fromEntries(
    ['../out', '/out', 'a/../../b', '.', 'a//b', 'a\\b', '.git/x', 'x/.GIT'].flatMap((path, i) =>
      (i === 0 ? ['releases', 'rendered'] : ['rendered']).map((key) => [
        `${path} as the folder ${key}`,
        {
          arrange: (workspace: ScratchWorkspace) =>
            workspace.commit({ 'sluice.yaml': `${metrics}${key}: '${path}'\n` }),
          says: `sluice.yaml:2:${key.length + 3} ${key}: ${JSON.stringify(path)} leaves the repository`,
          hint: 'Give a folder below it, such as releases.',
        } satisfies Fault,
      ]),
    ),
  ),
  ...Object.fromEntries(
    ['releases', 'rendered'].map((folder) => [
      `a link that leads out as the folder ${folder}`,
      {
        arrange(workspace: ScratchWorkspace) {
          workspace.remove(folder);
          symlinkSync(scratchFolder(), join(workspace.folder, folder));
          workspace.commit({});
        },
        says: `Cannot use ${folder} as a folder of the workspace: it leads to `,
        hint: 'Replace it by a folder inside the repository, or name another one in sluice.yaml.',
      } satisfies Fault,
    ]),
  ),
  'a link to nowhere as the folder rendered': {
    arrange(workspace) {
      workspace.remove('rendered');
      symlinkSync(join(scratchFolder(), 'gone'), join(workspace.folder, 'rendered'));
      workspace.commit({});
    },
    says: 'Cannot use rendered as a folder of the workspace: it leads to ',
    hint: 'Replace it by a folder inside the repository, or name another one in sluice.yaml.',
  },
  'a file as the folder releases': {
    arrange(workspace) {
      workspace.remove('releases');
      workspace.commit({ releases: '' });
    },
    says: 'Cannot use releases as a folder of the workspace: it is a file',
    hint: 'Replace it by a folder inside the repository, or name another one in sluice.yaml.',
  },
  'a file as the folder rendered': {
    arrange(workspace) {
      workspace.remove('rendered');
      workspace.commit({ rendered: '' });
    },
    says: 'Cannot use rendered as a folder of the workspace: it is a file',
    hint: 'Replace it by a folder inside the repository, or name another one in sluice.yaml.',
  },
  ...Object.fromEntries(
    ['../../outside', '/etc/outside', 'a/../../outside', './x', 'a\\..\\x', '.git/config'].map((path) => [
      `${path} in the inventory`,
      {
        arrange: (workspace: ScratchWorkspace) =>
          workspace.commit({ [inventory]: `# The files\nreviews/manifests.yaml\n${path}\n` }),
        says: `${inventory}:3:1 names a path outside its folder: ${JSON.stringify(path)}`,
        hint: 'Restore the file from Git; sluice alone writes it.',
        commands: ['synth', 'evaluate', 'dry run'],
      } satisfies Fault,
    ]),
  ),
  'manifests below a link that leads out': {
    arrange(workspace) {
      const outside = scratchFolder();
      workspace.remove('rendered/reviews');
      symlinkSync(outside, join(workspace.folder, 'rendered/reviews'));
      workspace.commit({});
    },
    says: 'Cannot write rendered/reviews as a plain file of the repository: it is a symbolic link',
    hint: 'Move it away',
    commands: ['synth', 'candidate'],
  },
  'manifests of a release that is gone below a link that leads out': {
    arrange(workspace) {
      const outside = scratchFolder();
      writeFileSync(join(outside, 'manifests.yaml'), 'precious: true\n');
      symlinkSync(outside, join(workspace.folder, 'rendered/gone'));
      workspace.commit({ [inventory]: 'gone/manifests.yaml\nreviews/manifests.yaml\n' });
    },
    says: 'Cannot write rendered/gone as a plain file of the repository: it is a symbolic link',
    hint: 'Move it away',
    commands: ['synth'],
  },
};

describe('a bad workspace', () => {
  it.each(Object.entries(faults))(
    '%s: is refused with a hint by every command, and nothing changes',
    async (_, fault) => {
      const workspace = await ground();
      fault.arrange(workspace);
      const outside = linkTargets(workspace.folder);
      const before = { ...workspace.fingerprint(), outside: outside.map(hashOf) };
      for (const command of fault.commands ?? (Object.keys(commands) as (keyof typeof commands)[])) {
        const argv = commands[command];
        const { code, stdout, stderr } = await workspace.run(...argv);
        expect({ argv, code }).toEqual({ argv, code: 2 });
        // What concerns one release is part of the report of evaluate; what concerns all goes to stderr.
        const output = stdout + stderr;
        expect(output).toMatch(fault.says);
        expect(output).toContain('  hint: ');
        expect(output).toContain(fault.hint);
        if (argv[0] === 'synth') expect(stdout).toBe('');
        expect({ ...workspace.fingerprint(), outside: outside.map(hashOf) }).toEqual(before);
      }
    },
  );

  it.each(['rendered/reviews', 'rendered/gone'])(
    'with a link at %s lets evaluate write nothing beyond it',
    async (link) => {
      const workspace = await ground();
      const outside = scratchFolder();
      writeFileSync(join(outside, 'manifests.yaml'), 'precious: true\n');
      if (workspace.exists(link)) workspace.remove(link);
      symlinkSync(outside, join(workspace.folder, link));
      workspace.commit({ [inventory]: 'gone/manifests.yaml\nreviews/manifests.yaml\n' });
      const before = hashOf(outside);
      const { code, stdout } = await workspace.run('evaluate');
      expect(code).toBe(2);
      const reason = `Cannot write ${link} as a plain file of the repository: it is a symbolic link`;
      expect(stdout).toContain(`${link.slice('rendered/'.length)}: could not run\n  ${reason}\n    hint: `);
      expect(hashOf(outside)).toBe(before);
    },
  );

  it('with two releases of the same objects renders the first alone, and says what is wrong with the other', async () => {
    const workspace = await ground();
    workspace.commit({ 'releases/team/reviews/values.yaml': values });
    const before = workspace.fingerprint();
    const says =
      /^\s*releases\/team\/reviews\/values\.yaml:3:3 application: would write objects called default\/reviews, as releases\/reviews\/values\.yaml does\n\s+hint: /m;
    const { code, stderr } = await workspace.run('synth');
    expect(code).toBe(2);
    expect(stderr).toMatch(says);
    expect(await workspace.run('evaluate')).toMatchObject({ code: 2, stdout: expect.stringMatching(says) });
    expect(workspace.fingerprint()).toEqual(before);
  });

  it('does not follow a link below the releases, and says so', async () => {
    const workspace = await ground();
    const outside = scratchFolder();
    writeFileSync(join(outside, 'values.yaml'), values);
    symlinkSync(outside, join(workspace.folder, 'releases/loop'));
    workspace.commit({});
    const before = workspace.fingerprint();
    const { code, stderr } = await workspace.run('synth');
    expect(code).toBe(2);
    expect(stderr).toContain(
      'Cannot read releases/loop/values.yaml as the values of a release: its folder is a symbolic link',
    );
    expect(workspace.fingerprint()).toEqual(before);
  });

  it('forgets no file whose removal failed', async () => {
    const workspace = await ground();
    const other = values.replaceAll('reviews-', 'gone-');
    workspace.commit({
      'releases/gone/values.yaml': other,
      'releases/left/values.yaml': other.replaceAll('gone-', 'left-'),
    });
    await workspace.run('synth');
    workspace.commit({});
    workspace.remove('releases/gone');
    workspace.remove('releases/left');
    workspace.commit({});
    workspace.write('.git/hooks/commit-msg', '#!/bin/sh\n! grep -q "chore(gone)" "$1"\n');
    chmodSync(join(workspace.folder, '.git/hooks/commit-msg'), 0o755);
    expect((await workspace.run('evaluate')).stdout).toContain('gone: could not run');
    expect(workspace.read(inventory)).toContain('gone/manifests.yaml');
    expect(workspace.read(inventory)).not.toContain('left/manifests.yaml');
    workspace.remove('.git/hooks/commit-msg');
    await workspace.run('evaluate');
    expect(existsSync(join(workspace.folder, 'rendered/gone'))).toBe(false);
    expect(workspace.read(inventory)).not.toContain('gone/manifests.yaml');
  });

  it('asks evaluate for a source of metrics', async () => {
    const workspace = await ground();
    workspace.commit({ 'sluice.yaml': 'namespace: default\n' });
    await refuses(workspace, ['evaluate'], /Cannot evaluate without a source of metrics[\s\S]*hint: Add metrics:/);
  });

  it('says which releases there are', async () => {
    const workspace = await ground();
    for (const argv of [
      ['evaluate', 'review'],
      ['candidate', 'review', '--image', 'registry.example/reviews:v3'],
    ]) {
      await refuses(
        workspace,
        argv,
        'Cannot find the release review: no release is called that\n  hint: The releases are: reviews.\n',
      );
    }
  });
});

describe('a release that cannot be read', () => {
  it.each<[string, (workspace: ScratchWorkspace) => void, string]>([
    ['a folder', (workspace) => workspace.write(`${file}/x`, ''), `Cannot read ${file} as text: it is a folder`],
    [
      'invalid UTF-8',
      (workspace) =>
        writeFileSync(join(workspace.folder, file), Buffer.concat([Buffer.from(values), Buffer.from([0xff])])),
      `Cannot read ${file} as text: it is no UTF-8 text`,
    ],
    [
      'a link to nowhere',
      (workspace) => symlinkSync('nowhere', join(workspace.folder, file)),
      `Cannot read ${file} as text: there is no such file`,
    ],
    ['UTF-16', (workspace) => writeFileSync(join(workspace.folder, file), `\ufeff${values}`, 'utf16le'), 'no UTF-8'],
  ])('is reported where it is %s, and changes nothing', async (_, arrange, says) => {
    const workspace = await ground();
    workspace.remove(file);
    arrange(workspace);
    workspace.commit({});
    const before = workspace.fingerprint();
    const { code, stderr } = await workspace.run('synth');
    expect(code).toBe(2);
    expect(stderr).toContain(says);
    expect(stderr).toContain('  hint: Check the path');
    const evaluated = await workspace.run('evaluate');
    expect(evaluated).toMatchObject({ code: 2, stdout: expect.stringContaining(says) });
    expect(workspace.fingerprint()).toEqual(before);
  });

  it('is reported where it may not be read, and changes nothing', async () => {
    const cwd = scratchFolder();
    chmodSync(cwd, 0o755);
    writeFileSync(join(cwd, 'values.yaml'), values, { mode: 0o000 });
    const { code, stdout, stderr } = await asNobody(() =>
      sluice(['synth', '-f', 'values.yaml', '--name', 'x'], { cwd }),
    );
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain('Cannot read values.yaml as text: permission denied\n  hint: ');
  });

  it.each([
    ['releases/Reviews_V1/values.yaml', '"Reviews_V1" is no DNS label'],
    [`releases/${'r'.repeat(64)}/values.yaml`, 'is no DNS label'],
    ['releases/values.yaml', 'it lies in no folder of its own'],
  ])('is reported where its folder gives no name: %s', async (path, says) => {
    const workspace = await ground();
    workspace.commit({ [path]: values.replaceAll('reviews-', 'other-') });
    const before = workspace.fingerprint();
    const { code, stderr } = await workspace.run('synth');
    expect(code).toBe(2);
    expect(stderr).toContain(`Cannot use the folder of ${path} as the name of a release: `);
    expect(stderr).toContain(says);
    expect(stderr).toContain('  hint: ');
    expect(await workspace.run('evaluate')).toMatchObject({ code: 2, stdout: expect.stringContaining(says) });
    expect(workspace.fingerprint()).toEqual(before);
  });
});

describe('a dirty working tree', () => {
  interface Difference {
    readonly arrange: (workspace: ScratchWorkspace) => void;
    /** What it keeps from being done is said with this; undefined where it is in nobody's way. */
    readonly evaluate?: RegExp;
    readonly candidate?: RegExp;
  }
  const hint = / differs? from HEAD\n +hint: Commit these changes, or/;
  const unclean = new RegExp(`as a clean working tree: .*${hint.source}`);
  const uncommitted = new RegExp(`as a release that is committed: .*${hint.source}`);
  const both = (says: RegExp) => ({ evaluate: says, candidate: says });
  const differences: Record<string, Difference> = {
    'sluice.yaml, modified': {
      arrange: (workspace) => workspace.write('sluice.yaml', `${metrics}# mine\n`),
      ...both(unclean),
    },
    'values, modified': { arrange: (workspace) => workspace.write(file, `${values}# mine\n`), ...both(uncommitted) },
    'values, staged': {
      arrange(workspace) {
        workspace.write(file, `${values}# mine\n`);
        workspace.git('add', file);
      },
      ...both(uncommitted),
    },
    'values, staged and put back': {
      arrange(workspace) {
        workspace.write(file, `${values}# mine\n`);
        workspace.git('add', file);
        workspace.write(file, values);
      },
      ...both(uncommitted),
    },
    'values, removed': { arrange: (workspace) => workspace.remove(file), ...both(uncommitted) },
    'values, only from the index': {
      arrange: (workspace) => workspace.git('rm', '--quiet', '--cached', file),
      ...both(uncommitted),
    },
    'a release, untracked': {
      arrange: (workspace) => workspace.write('releases/new/values.yaml', values),
      evaluate: uncommitted,
    },
    'a file beside a release, untracked': {
      arrange: (workspace) => workspace.write('releases/reviews/notes.md', 'mine'),
    },
    'a status, untracked': {
      arrange: (workspace) => workspace.write('releases/reviews/status.yaml', 'phase: Progressing\n'),
      ...both(uncommitted),
    },
    'manifests, modified': { arrange: (workspace) => workspace.write(manifests, 'mine'), ...both(unclean) },
    'manifests, removed': { arrange: (workspace) => workspace.remove(manifests), ...both(unclean) },
    'a file beside manifests, untracked': { arrange: (workspace) => workspace.write('rendered/mine.yaml', 'mine') },
    'the inventory, modified': {
      arrange: (workspace) => workspace.write(inventory, 'reviews/manifests.yaml\n'),
      evaluate: unclean,
    },
  };

  it.each(Object.entries(differences))('is never written over: %s', async (_, { arrange, evaluate, candidate }) => {
    const workspace = await ground();
    arrange(workspace);
    const before = workspace.fingerprint();
    for (const argv of [['evaluate'], ['evaluate', '--dry-run']]) {
      const { code, stdout, stderr } = await workspace.run(...argv);
      if (evaluate === undefined) expect(stdout + stderr).not.toContain('HEAD');
      else expect({ code, said: stdout + stderr }).toEqual({ code: 2, said: expect.stringMatching(evaluate) });
      expect(workspace.fingerprint()).toEqual(before);
    }
    const added = await workspace.run('candidate', 'reviews', '--image', 'registry.example/reviews:v3');
    if (candidate === undefined) expect(added).toMatchObject({ code: 0 });
    else {
      expect(added).toMatchObject({ code: 2, stderr: expect.stringMatching(candidate) });
      expect(workspace.fingerprint()).toEqual(before);
    }
    expect(workspace.repository.status()).toEqual(before.status);
  });

  it('counts below the folder of the workspace, and not beside it', async () => {
    const files = { 'deploy/sluice.yaml': metrics, [`deploy/${file}`]: values };
    const workspace = await ScratchWorkspace.rendered(files, { below: 'deploy' });
    workspace.write('sluice.yaml', 'somebody: else\n');
    workspace.write('releases/reviews/values.yaml', 'somebody: else\n');
    expect((await workspace.run('evaluate')).stderr).toBe('');
    workspace.write(`deploy/${file}`, `${values}# mine\n`);
    expect(await workspace.run('evaluate')).toMatchObject({
      code: 2,
      stdout: expect.stringContaining(`as a release that is committed: ${file} differs from HEAD`),
    });
  });
});

describe('no repository to write to', () => {
  const argvs = [['evaluate'], ['evaluate', '--dry-run'], ['candidate', 'reviews', '--image', 'registry.example/r:v3']];

  it.each(argvs)('a folder that is in none is refused: %s', async (...argv) => {
    const folder = scratchFolder();
    mkdirSync(join(folder, 'releases/reviews'), { recursive: true });
    writeFileSync(join(folder, file), values);
    const before = hashOf(folder);
    const { code, stdout, stderr } = await sluice(argv, { cwd: folder });
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(
      /^sluice: Cannot use .* as a working tree of Git: it is in no Git repository\n {2}hint: .*sluice init/,
    );
    expect(hashOf(folder)).toBe(before);
    expect(readdirSync(folder)).toEqual(['releases']);
  });

  it('synth needs none', async () => {
    const folder = scratchFolder();
    mkdirSync(join(folder, 'releases/reviews'), { recursive: true });
    writeFileSync(join(folder, file), values);
    expect(await sluice(['synth'], { cwd: folder })).toMatchObject({ code: 0 });
    expect(existsSync(join(folder, manifests))).toBe(true);
  });

  it.each(argvs)('HEAD on no branch is refused: %s', async (...argv) => {
    const workspace = await ground();
    workspace.git('checkout', '--quiet', '--detach');
    await refuses(workspace, argv, /HEAD is detached at [0-9a-f]+\n {2}hint: Switch to a branch/);
  });

  it.each(argvs)('a merge that is not finished is refused: %s', async (...argv) => {
    const workspace = await ground();
    workspace.write('.git/MERGE_HEAD', `${workspace.head}\n`);
    await refuses(workspace, argv, /a merge is in progress\n {2}hint: Finish it with git merge --continue/);
  });
});

describe('a source of metrics that does not answer', () => {
  it('keeps the release where it is when nothing listens there', async () => {
    await keeps(metrics, /Cannot reach the metrics source: .*ECONNREFUSED/);
  });

  it('keeps the release where it is when something else answers there', async () => {
    const mesh = await Mesh.start();
    await keeps(mesh.project.replace('"}', '/elsewhere"}'), /Cannot .*404/);
  });

  /** One pass that could not run: a message with a hint, exit code 2, and nothing changes. */
  async function keeps(project: string, says: RegExp): Promise<void> {
    const workspace = await ground();
    workspace.commit({ 'sluice.yaml': project });
    const before = workspace.fingerprint();
    const { code, stdout, stderr } = await workspace.run('evaluate');
    expect({ code, stderr }).toEqual({ code: 2, stderr: '' });
    expect(stdout).toMatch(/^reviews: could not run\n {2}Cannot .*\n {4}at: http:.*\n {4}hint: .*\n$/);
    expect(stdout).toMatch(says);
    const report = JSON.parse((await workspace.run('evaluate', '-o', 'json')).stdout);
    expect(report).toMatchObject({ decisions: [], failures: [{ release: 'reviews', hint: expect.any(String) }] });
    expect(report.failures[0].code).toMatch(/^source\//);
    expect(workspace.fingerprint()).toEqual(before);
  }
});

let shared: ScratchWorkspace | undefined;
let first: string | undefined;

/** A workspace whose one release is rendered and committed, as new for every test. */
async function ground(): Promise<ScratchWorkspace> {
  shared ??= await ScratchWorkspace.rendered({ 'sluice.yaml': metrics, [file]: values });
  first ??= shared.head;
  shared.reset(first);
  return shared;
}

async function refuses(workspace: ScratchWorkspace, argv: readonly string[], says: string | RegExp): Promise<void> {
  const before = workspace.fingerprint();
  const { code, stdout, stderr } = await workspace.run(...argv);
  expect({ argv, code, stdout }).toEqual({ argv, code: 2, stdout: '' });
  expect(stderr).toMatch(says);
  expect(stderr).not.toContain('a defect of sluice');
  expect(workspace.fingerprint()).toEqual(before);
}

/** The folders outside that links of the workspace lead to. */
function linkTargets(folder: string): string[] {
  return ['releases', 'rendered', 'rendered/reviews', 'rendered/gone'].flatMap((path) => {
    const link = join(folder, path);
    return existsSync(link) && lstatSync(link).isSymbolicLink() ? [realpathSync(link)] : [];
  });
}

/** No permission binds root, so as root the work is done in the name of a user who owns nothing. */
async function asNobody<Result>(work: () => Promise<Result>): Promise<Result> {
  const nobody = 65_534;
  if (process.geteuid?.() !== 0) return work();
  process.seteuid?.(nobody);
  try {
    return await work();
  } finally {
    process.seteuid?.(0);
  }
}
