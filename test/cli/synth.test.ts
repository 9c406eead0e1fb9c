import { statSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { ScratchWorkspace, scratchFolder, sluice } from './workspace.js';

const values = `environment: istio
application:
  strategy: blue-green
  versions:
  - {metadata: {name: reviews-v1}, image: "registry.example/reviews:v1", weight: 90}
  - {metadata: {name: reviews-v2}, image: "registry.example/reviews:v2", weight: 10}
`;
const plain = 'environment: kubernetes\napplication: {versions: [{image: "registry.example/app:v1"}]}\n';
const inventory = 'rendered/.sluice-inventory';

/** What the tests look at of a Kubernetes object. */
interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace: string };
}

describe('synth -f', () => {
  it('prints nothing but manifests, as documents that --- divides', async () => {
    const folder = new ScratchWorkspace({ 'v.yaml': values }).folder;
    const { code, stdout, stderr } = await sluice(['synth', '-f', 'v.yaml', '--name', 'reviews'], { cwd: folder });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const documents = parseAllDocuments(stdout);
    expect(documents.flatMap(({ errors }) => errors)).toEqual([]);
    const manifests = documents.map((document) => document.toJS() as Manifest);
    expect(manifests.map(({ kind, metadata }) => `${kind} ${metadata.name}`)).toEqual([
      'Deployment reviews-v1',
      'Service reviews-v1',
      'Deployment reviews-v2',
      'Service reviews-v2',
      'Service reviews',
      'VirtualService reviews',
    ]);
    expect(stdout.match(/^---$/gm)).toHaveLength(manifests.length);
    expect(stdout).toMatch(/^---\napiVersion: /);
    expect(stdout).toMatch(/[^\n]\n$/);
  });

  it('reads stdin for -', async () => {
    const cwd = scratchFolder();
    const argv = ['--name', 'reviews', '--namespace', 'shop'];
    const outcome = await sluice(['synth', '-f', '-', ...argv], { cwd, stdin: values });
    expect(outcome).toMatchObject({ code: 0, stderr: '' });
    const { stdout } = await sluice(['synth', '--file=-', ...argv], { cwd, stdin: values.replaceAll('\n', '\r\n') });
    expect(outcome.stdout).toBe(stdout);
    expect(new Set(namespacesOf(outcome.stdout))).toEqual(new Set(['shop']));
  });

  it('takes any file, also one outside of the folder', async () => {
    const [cwd, elsewhere] = [scratchFolder(), new ScratchWorkspace({ 'v.yaml': plain })];
    const argv = ['synth', '--name', 'app', '-f'];
    const absolute = await sluice([...argv, join(elsewhere.folder, 'v.yaml')], { cwd });
    const relative = await sluice([...argv, `../${elsewhere.folder.split('/').at(-1)}/v.yaml`], { cwd });
    expect(absolute).toMatchObject({ code: 0, stderr: '' });
    expect(relative).toEqual(absolute);
  });

  it('writes the namespace default on every object where none is given, and the values own over all', async () => {
    const cwd = scratchFolder();
    const argv = ['synth', '-f', '-', '--name', 'reviews'];
    const { stdout } = await sluice(argv, { cwd, stdin: values });
    expect(namespacesOf(stdout)).toEqual(Array(6).fill('default'));
    const named = values.replace('application:', 'application:\n  metadata: {name: ratings, namespace: books}');
    const own = await sluice([...argv, '--namespace', 'shop'], { cwd, stdin: named });
    expect(namespacesOf(own.stdout)).toEqual(Array(6).fill('books'));
    expect(own.stdout).toContain('name: ratings\n');
    expect(own.stdout).not.toMatch(/name: reviews$/m);
  });

  it('needs a name only where the values give none', async () => {
    const cwd = scratchFolder();
    const nameless = await sluice(['synth', '-f', '-'], { cwd, stdin: plain });
    expect(nameless).toEqual({
      code: 2,
      stdout: '',
      stderr:
        'sluice: Cannot name the release of stdin as its values do: they give no application.metadata.name\n  hint: Add --name NAME.\n',
    });
    const named = plain.replace('{versions', '{metadata: {name: app}, versions');
    expect(await sluice(['synth', '-f', '-'], { cwd, stdin: named })).toMatchObject({ code: 0 });
  });

  it.each([
    ['--name', 'My_App'],
    ['--namespace', 'my.space'],
    ['--name', ''],
    ['--name', 'a'.repeat(64)],
  ])('refuses %s %j, which is no DNS label', async (option, word) => {
    const argv = ['synth', '-f', '-', ...(option === '--name' ? [] : ['--name', 'app']), `${option}=${word}`];
    const { code, stdout, stderr } = await sluice(argv, { cwd: scratchFolder(), stdin: plain });
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(
      `Cannot use ${option} as a DNS label: ${JSON.stringify(word)}\n  hint: Use a-z, 0-9 and -`,
    );
  });

  it.each([
    ['gone.yaml', 'there is no such file'],
    ['v.yaml/x', 'there is no such file'],
    ['folder', 'it is a folder'],
  ])('says why %s cannot be read', async (file, reason) => {
    const { folder } = new ScratchWorkspace({ 'v.yaml': values, 'folder/x': '' });
    expect(await sluice(['synth', '-f', file, '--name', 'r'], { cwd: folder })).toEqual({
      code: 2,
      stdout: '',
      stderr: `sluice: Cannot read ${file} as text: ${reason}\n  hint: Check the path and its permissions.\n`,
    });
  });

  it('says that stdin is no text', async () => {
    const stdin = Buffer.from([0xff, 0xfe, 0x00]);
    const outcome = await sluice(['synth', '-f', '-', '--name', 'r'], { cwd: scratchFolder(), stdin });
    expect(outcome).toMatchObject({ code: 2, stdout: '' });
    expect(outcome.stderr).toContain('Cannot read stdin as text: it is no UTF-8 text');
  });

  it.each([
    ['--name', 'x'],
    ['--namespace', 'x'],
  ])('refuses %s without --file', async (...argv) => {
    const { code, stdout, stderr } = await sluice(['synth', ...argv], { cwd: scratchFolder() });
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain('Cannot use --name or --namespace as given: they belong to --file\n  hint: ');
  });
});

describe('synth of a workspace', () => {
  it('names a release by its last folder, whatever folders are around it', async () => {
    const workspace = new ScratchWorkspace({
      'releases/reviews/values.yaml': values,
      'releases/team/a/app/values.yaml': plain,
    });
    expect(await workspace.run('synth')).toEqual({
      code: 0,
      stdout: '',
      stderr: `wrote rendered/reviews/manifests.yaml
wrote rendered/team/a/app/manifests.yaml
wrote ${inventory}
2 releases in rendered/, 3 files changed
`,
    });
    expect(workspace.read('rendered/team/a/app/manifests.yaml')).toMatch(
      /^# Rendered by sluice from releases\/team\/a\/app\/values\.yaml; .*\n---\n[\s\S]*name: app-0\n/,
    );
    expect(workspace.read(inventory)).toMatch(/^#.*\nreviews\/manifests\.yaml\nteam\/a\/app\/manifests\.yaml\n$/);
  });

  it('takes the namespace of the values, else that of sluice.yaml, else default', async () => {
    const own = plain.replace('{versions', '{metadata: {namespace: mine}, versions');
    const files = { 'releases/a/values.yaml': plain, 'releases/b/values.yaml': own };
    const workspace = new ScratchWorkspace(files);
    await workspace.ran('synth');
    expect(new Set(namespacesOf(workspace.read('rendered/a/manifests.yaml')))).toEqual(new Set(['default']));
    workspace.write('sluice.yaml', 'namespace: ours\n');
    await workspace.ran('synth');
    expect(new Set(namespacesOf(workspace.read('rendered/a/manifests.yaml')))).toEqual(new Set(['ours']));
    expect(new Set(namespacesOf(workspace.read('rendered/b/manifests.yaml')))).toEqual(new Set(['mine']));
  });

  it('writes to the folders that sluice.yaml names', async () => {
    const files = { 'sluice.yaml': 'releases: in/here\nrendered: out/there\n', 'in/here/app/values.yaml': plain };
    const workspace = new ScratchWorkspace(files);
    await workspace.ran('synth');
    expect(workspace.exists('out/there/app/manifests.yaml')).toBe(true);
    expect(workspace.exists('rendered')).toBe(false);
  });

  it('touches only the files that change', async () => {
    const files = { 'releases/a/values.yaml': plain, 'releases/b/values.yaml': plain };
    const workspace = await ScratchWorkspace.rendered(files);
    const paths = ['rendered/a/manifests.yaml', 'rendered/b/manifests.yaml', inventory];
    for (const path of paths) utimesSync(join(workspace.folder, path), 1000, 1000);
    const stamps = () => paths.map((path) => statSync(join(workspace.folder, path)).mtimeMs);
    expect((await workspace.run('synth')).stderr).toBe('2 releases in rendered/, 0 files changed\n');
    expect(stamps()).toEqual([1_000_000, 1_000_000, 1_000_000]);

    workspace.replace('releases/b/values.yaml', 'v1', 'v2');
    await workspace.ran('synth');
    const [a, b, list] = stamps();
    expect([a, list]).toEqual([1_000_000, 1_000_000]);
    expect(b).toBeGreaterThan(1_000_000);
  });

  it('removes what it wrote for a release that is gone, and nothing of anybody else', async () => {
    const files = { 'releases/a/values.yaml': plain, 'releases/team/b/values.yaml': plain };
    const workspace = await ScratchWorkspace.rendered(files);
    const others = {
      'rendered/mine.yaml': 'mine',
      'rendered/a/notes.md': 'mine',
      'rendered/gone/manifests.yaml': 'mine',
    };
    workspace.commit(others);
    workspace.remove('releases/team');
    const { code, stderr } = await workspace.run('synth');
    expect(code).toBe(0);
    expect(stderr).toContain('removed rendered/team/b/manifests.yaml\n');
    expect(workspace.exists('rendered/team')).toBe(false);
    expect(workspace.read(inventory)).toMatch(/^#.*\na\/manifests\.yaml\n$/);

    workspace.remove('releases/a');
    await workspace.ran('synth');
    expect(workspace.exists('rendered/a/manifests.yaml')).toBe(false);
    for (const [path, content] of Object.entries(others)) expect(workspace.read(path)).toBe(content);
  });

  it('follows a release that moves', async () => {
    const workspace = await ScratchWorkspace.rendered({ 'releases/a/values.yaml': plain });
    workspace.move('releases/a', 'releases/b');
    await workspace.ran('synth');
    expect(workspace.exists('rendered/a')).toBe(false);
    expect(workspace.read('rendered/b/manifests.yaml')).toContain('name: b-0\n');
  });

  it('leaves the rendering of a broken release as it was, renders the others, and ends with 2', async () => {
    const files = { 'releases/a/values.yaml': plain, 'releases/b/values.yaml': plain, 'releases/c/values.yaml': plain };
    const workspace = await ScratchWorkspace.rendered(files);
    const before = workspace.read('rendered/b/manifests.yaml');
    for (const name of ['a', 'b', 'c']) workspace.replace(`releases/${name}/values.yaml`, 'v1', 'v2');
    workspace.replace('releases/b/values.yaml', 'image', 'imgae');
    workspace.commit({ 'releases/new/values.yaml': 'environment: [\n' });
    const { code, stdout, stderr } = await workspace.run('synth');
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain('wrote rendered/a/manifests.yaml\nwrote rendered/c/manifests.yaml\n');
    expect(stderr).toContain('releases/b/values.yaml:2:27 application.versions[0].imgae: is no known key\n');
    expect(stderr).toContain('releases/new/values.yaml:2:1 ');
    expect(workspace.read('rendered/b/manifests.yaml')).toBe(before);
    expect(workspace.read('rendered/c/manifests.yaml')).toContain('app:v2');
    expect(workspace.exists('rendered/new')).toBe(false);
    expect(workspace.read(inventory)).toContain('\nb/manifests.yaml\n');
  });

  it('has nothing to do where there is no release', async () => {
    const workspace = new ScratchWorkspace({ 'releases/README.md': '' });
    const before = workspace.fingerprint();
    const { code, stderr } = await workspace.run('synth');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '0 releases in rendered/, 0 files changed\n' });
    expect(workspace.fingerprint()).toEqual(before);
  });

  it('removes nothing where there is no folder of releases: it runs in the wrong place', async () => {
    const workspace = await ScratchWorkspace.rendered({ 'releases/a/values.yaml': plain });
    workspace.move('releases', 'elsewhere');
    const before = workspace.fingerprint();
    const { code, stderr } = await workspace.run('synth');
    expect(code).toBe(2);
    expect(stderr).toMatch(/^sluice: Cannot find the releases .*: there is no folder releases\n {2}hint: /);
    expect(workspace.fingerprint()).toEqual(before);
  });
});

function namespacesOf(stream: string): string[] {
  return parseAllDocuments(stream).map((document) => (document.toJS() as Manifest).metadata.namespace);
}
