import { describe, expect, it } from 'vitest';
import { ScratchWorkspace, sluice } from './workspace.js';

const values = `# {{ .Values.secret }} is a comment
environment: kubernetes
application:
  metadata: {annotations: {note: '{{ fail "this is data" }}'}}
  versions:
  - {metadata: {name: reviews-v1}, image: "registry.example/reviews:v1"}
`;
const plain = 'environment: kubernetes\napplication: {versions: [{image: "registry.example/app:v1"}]}\n';
const inventory = '.sluice-inventory';

describe('chart -f', () => {
  it('writes the chart of a values file, with the file as it is', async () => {
    const workspace = new ScratchWorkspace({ 'v.yaml': values });
    const { code, stdout, stderr } = await workspace.run('chart', '-f', 'v.yaml', '--name', 'reviews', '-o', 'out/c');
    expect({ code, stdout }).toEqual({ code: 0, stdout: '' });
    expect(stderr).toMatch(/^chart of reviews in out\/c\/, \d+ files changed\n$/);
    expect(workspace.read('out/c/values.yaml')).toBe(values);
    expect(workspace.read('out/c/Chart.yaml')).toContain('name: reviews\n');
    expect(workspace.read('out/c/templates/deployment.yaml')).toContain('include "sluice.release"');
  });

  it('changes nothing where nothing changed, and one file with the values', async () => {
    const workspace = new ScratchWorkspace({ 'v.yaml': values });
    const again = () => workspace.run('chart', '-f', 'v.yaml', '--name', 'reviews', '--output', 'c/');
    await again();
    expect((await again()).stderr).toBe('chart of reviews in c/, 0 files changed\n');
    workspace.replace('v.yaml', 'reviews:v1', 'reviews:v2');
    expect((await again()).stderr).toBe('chart of reviews in c/, 2 files changed\n');
    expect(workspace.read('c/values.yaml')).toContain('reviews:v2');
  });

  it('removes what it no longer needs, and nothing of anybody else', async () => {
    const istio = values.replace('kubernetes', 'istio');
    const workspace = new ScratchWorkspace({ 'v.yaml': istio });
    const run = () => workspace.ran('chart', '-f', 'v.yaml', '--name', 'reviews', '-o', 'c');
    await run();
    expect(workspace.exists('c/templates/virtualservice.yaml')).toBe(true);
    workspace.write('c/templates/mine.yaml', 'mine: true\n');
    workspace.write('v.yaml', values);
    await run();
    expect(workspace.exists('c/templates/virtualservice.yaml')).toBe(false);
    expect(workspace.read('c/templates/mine.yaml')).toBe('mine: true\n');
    expect(workspace.read(`c/${inventory}`)).not.toContain('mine.yaml');
  });

  it.each(['Chart.yaml', 'values.yaml', 'templates/service.yaml'])('never overwrites a %s of yours', async (file) => {
    const workspace = new ScratchWorkspace({ 'v.yaml': values, [`c/${file}`]: 'mine: true\n' });
    const { code, stderr } = await workspace.run('chart', '-f', 'v.yaml', '--name', 'reviews', '-o', 'c');
    expect(code).toBe(2);
    expect(stderr).toContain(
      `Cannot write a chart to c/${file} without overwriting: sluice did not write it\n  hint: `,
    );
    expect(workspace.read(`c/${file}`)).toBe('mine: true\n');
    expect(workspace.exists(`c/${inventory}`)).toBe(false);
  });

  it.each([
    ['values.yaml', 'Bring the change into v.yaml, or remove c/values.yaml.'],
    ['templates/service.yaml', 'Keep the change in a file of your own beside it, and remove c/templates/service.yaml.'],
    // With istio it is no part of the chart any more.
    ['templates/virtualservice.yaml', 'and remove c/templates/virtualservice.yaml.'],
  ])('loses no change of yours in %s, and writes nothing then', async (file, hint) => {
    const istio = values.replace('kubernetes', 'istio');
    const workspace = new ScratchWorkspace({ 'v.yaml': istio });
    const run = () => workspace.run('chart', '-f', 'v.yaml', '--name', 'reviews', '-o', 'c');
    await run();
    const before = workspace.read(`c/${inventory}`);
    const edited = `${workspace.read(`c/${file}`)}# mine\n`;
    workspace.write(`c/${file}`, edited);
    workspace.write('v.yaml', values.replace('reviews:v1', 'reviews:v2'));
    const { code, stderr } = await run();
    expect(code).toBe(2);
    expect(stderr).toContain(`Cannot write a chart to c/${file} without losing a change: it is not as sluice wrote it`);
    expect(stderr).toContain(`hint: `);
    expect(stderr).toContain(hint);
    expect([workspace.read(`c/${file}`), workspace.read(`c/${inventory}`)]).toEqual([edited, before]);
    workspace.remove(`c/${file}`);
    expect((await run()).code).toBe(0);
  });

  it('takes a change that is in the values file by now', async () => {
    const workspace = new ScratchWorkspace({ 'v.yaml': values });
    const run = () => workspace.run('chart', '-f', 'v.yaml', '--name', 'reviews', '-o', 'c');
    await run();
    for (const file of ['v.yaml', 'c/values.yaml']) workspace.replace(file, 'reviews:v1', 'reviews:v2');
    expect(await run()).toMatchObject({ code: 0 });
    expect((await run()).stderr).toBe('chart of reviews in c/, 0 files changed\n');
  });

  it('leaves the values to you where the chart is made around them', async () => {
    const workspace = new ScratchWorkspace({ 'c/values.yaml': values });
    await workspace.ran('chart', '-f', 'c/values.yaml', '--name', 'reviews', '-o', 'c');
    expect(workspace.read(`c/${inventory}`)).not.toContain('  values.yaml');
    expect(workspace.read('c/values.yaml')).toBe(values);
  });

  it('leaves values that it wrote to you once the chart is made around them', async () => {
    const workspace = new ScratchWorkspace({ 'v.yaml': values });
    await workspace.ran('chart', '-f', 'v.yaml', '--name', 'reviews', '-o', 'c');
    workspace.replace('c/values.yaml', 'reviews:v1', 'reviews:v2');
    await workspace.ran('chart', '-f', 'c/values.yaml', '--name', 'reviews', '-o', 'c');
    expect(workspace.read('c/values.yaml')).toContain('reviews:v2');
  });

  it('refuses a name under which Helm installs nothing', async () => {
    const workspace = new ScratchWorkspace({ 'v.yaml': values });
    const named = (length: number) => workspace.run('chart', '-f', 'v.yaml', '--name', 'a'.repeat(length), '-o', 'c');
    const { code, stderr } = await named(54);
    expect({ code, there: workspace.exists('c/Chart.yaml') }).toEqual({ code: 2, there: false });
    expect(stderr).toContain('has 54 characters, and Helm takes 53\n  hint: Give the release a shorter name.');
    expect((await named(53)).code).toBe(0);
  });

  it('reads stdin for -, and takes the name that the values give', async () => {
    const workspace = new ScratchWorkspace({});
    const stdin = values.replace('metadata: {', 'metadata: {name: ratings, ');
    const outcome = await sluice(['chart', '-f', '-', '-o', 'c'], { cwd: workspace.folder, stdin });
    expect(outcome).toMatchObject({ code: 0, stdout: '' });
    expect(workspace.read('c/Chart.yaml')).toContain('name: ratings\n');
  });

  it.each([
    ['the values', values.replace('image', 'imgae'), []],
    ['the name', values, ['--name', 'My_App']],
  ])('says what is wrong with %s as synth does', async (_what, text, more) => {
    const workspace = new ScratchWorkspace({ 'v.yaml': text });
    const argv = ['-f', 'v.yaml', '--name', 'reviews', ...more];
    const { code, stderr } = await workspace.run('chart', ...argv, '-o', 'c');
    expect(code).toBe(2);
    expect(stderr).toBe((await workspace.run('synth', ...argv)).stderr);
    expect(workspace.exists('c')).toBe(false);
  });

  it('names the option for more versions than four', async () => {
    const version = (name: string) => `  - {metadata: {name: ${name}}, image: "registry.example/reviews:v1"}\n`;
    const workspace = new ScratchWorkspace({ 'v.yaml': values + ['a', 'b', 'c', 'd'].map(version).join('') });
    const argv = ['chart', '-f', 'v.yaml', '--name', 'reviews', '-o', 'c'];
    const { code, stderr } = await workspace.run(...argv);
    expect(code).toBe(2);
    expect(stderr).toContain(
      'Cannot make a chart of v.yaml for at most 4 versions: it has 5\n  hint: Add --versions 5.\n',
    );
    await workspace.ran(...argv, '--versions', '5');
    const { versions } = JSON.parse(workspace.read('c/values.schema.json')).properties.application.properties;
    expect(versions.if).toEqual({ minItems: 6 });
  });

  it.each([
    [[], 'missing'],
    [['-o', ''], 'empty'],
  ])('says that it needs a folder for %j', async (words, current) => {
    const workspace = new ScratchWorkspace({ 'v.yaml': values });
    expect(await workspace.run('chart', '-f', 'v.yaml', ...words)).toEqual({
      code: 2,
      stdout: '',
      stderr: `sluice: Cannot write a chart without a folder: --output is ${current}\n  hint: Add --output DIR, such as -o charts; the folder is made.\n`,
    });
  });

  it.each(['0', 'x', '1.5', '-1'])('refuses %j as a number of versions', async (word) => {
    const workspace = new ScratchWorkspace({ 'v.yaml': values });
    const { code, stderr } = await workspace.run('chart', '-f', 'v.yaml', '-o', 'c', `--versions=${word}`);
    expect(code).toBe(2);
    expect(stderr).toContain(`Cannot make a chart for "${word}" versions: it is no number from 1 to 999`);
  });
});

describe('chart of a workspace', () => {
  it('makes a folder per release, also where one of them is broken', async () => {
    const workspace = new ScratchWorkspace({
      'releases/app/values.yaml': plain,
      'releases/broken/values.yaml': 'environment: kubernetes\n',
      'releases/team/reviews/values.yaml': values,
    });
    const { code, stderr } = await workspace.run('chart', '-o', 'charts');
    expect(code).toBe(2);
    expect(stderr).toMatch(/^chart of app in charts\/app\/, /m);
    expect(stderr).toContain('releases/broken/values.yaml');
    expect(workspace.read('charts/team/reviews/values.yaml')).toBe(values);
    expect(workspace.exists('charts/broken')).toBe(false);
  });

  it('refuses --name, which belongs to --file', async () => {
    const { code, stderr } = await new ScratchWorkspace({}).run('chart', '-o', 'c', '--name', 'x');
    expect(code).toBe(2);
    expect(stderr).toContain('Cannot use --name as given: it belongs to --file');
  });
});
