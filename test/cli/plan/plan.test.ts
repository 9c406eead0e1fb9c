import { describe, expect, test } from 'vitest';
import { evaluationValues, reviewsValues, ScratchWorkspace } from '../workspace.js';

const file = 'releases/reviews/values.yaml';
const project = 'metrics: {source: prometheus, url: "http://127.0.0.1:9"}\n';
const usual = reviewsValues + evaluationValues;
const third = '  - metadata: {name: reviews-v3}\n    image: registry.example/reviews:v3\n    weight: 0\n';

/** The lines of the table and of what is said below, by their first words. */
async function planned(values: string, settings = project, ...words: readonly string[]) {
  const workspace = new ScratchWorkspace({ 'sluice.yaml': settings, [file]: values });
  const { code, stdout, stderr } = await workspace.run('plan', ...words);
  return { code, lines: stdout.split('\n').map((line) => line.trim().split(/ {2,}/)), stdout, stderr };
}

/** As JSON: what is planned of the first candidate. */
async function stepsOf(values: string, settings = project) {
  const { stdout } = await planned(values, settings, '-o', 'json');
  const [plan] = JSON.parse(stdout).plans;
  return plan.candidates[0].steps as {
    name: string;
    waitsFor: string[];
    earliest: number | null;
    changes: { text: string }[];
    objects: { object: string; status: string }[];
    fails: boolean;
  }[];
}

describe('sluice plan', () => {
  test('shows every step with the shares, the earliest time and what changes', async () => {
    const { code, lines, stderr } = await planned(usual);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(lines.slice(0, 6)).toEqual([
      ['reviews: reviews-v2 beside reviews-v1; steps, threshold'],
      ['step', 'reviews-v1', 'reviews-v2', 'earliest', 'waits for', 'changes'],
      ['now', '100 %', '0 %'],
      ['5 %', '95 %', '5 %', 'next pass', 'VirtualService default/reviews'],
      ['50 %', '50 %', '50 %', '+2 min', 'VirtualService default/reviews'],
      ['promotion', '0 %', '100 %', '+4 min', 'VirtualService default/reviews'],
    ]);
    expect(lines.flat()).toContain('promotion: primary: reviews-v1 → reviews-v2');
  });

  test('says what a step waits for', async () => {
    const steps = 'steps: [{weight: 5, pause: true}, 50], onTermination: keep-last';
    const requests = 'git: {backend: push, token: {env: T}, pullRequests: {for: [promote], host: gitea}}\n';
    const gates = (await stepsOf(usual.replace('steps: [5, 50]', steps), project + requests)).map(
      ({ waitsFor }) => waitsFor,
    );
    expect(gates).toEqual([
      [],
      ['a person, at the pause of 5 %'],
      ['sluice promote, since onTermination is keep-last', 'the merge of a pull request'],
    ]);
  });

  test('says by what a release is held, and that it gets nowhere until then', async () => {
    const steps = await stepsOf(usual, `${project}freeze: {by: Ada, reason: holidays}\n`);
    expect(steps.map(({ waitsFor }) => waitsFor)).toEqual(steps.map(() => ['everything is frozen by Ada: holidays']));
    expect(steps.map(({ earliest }) => earliest)).toEqual(steps.map(() => null));
  });

  test('goes on from where the candidate is', async () => {
    const routed = usual.replace('weight: 100', 'weight: 95').replace('weight: 0', 'weight: 5');
    const steps = await stepsOf(routed);
    expect(steps.map(({ name }) => name)).toEqual(['roll back', '50 %', 'promotion']);
    expect(steps[0]?.changes.map(({ text }) => text)).toContain(
      'candidate reviews-v2 leaves the route; it had 5 % of the requests',
    );
    expect(steps[1]?.objects).toEqual([{ object: 'VirtualService default/reviews', status: 'changed' }]);
  });

  test('tells what each pod bears, and in requests where it knows them', async () => {
    const pods = usual.replace('  strategy:', '  deployment: {spec: {replicas: 4}}\n  strategy:');
    expect((await planned(pods)).lines[3]).toEqual(expect.arrayContaining(['95 % (4 x 23.8 %)', '5 % (4 x 1.3 %)']));
    expect((await planned(pods, project, '--rate', '20')).lines[4]).toEqual(
      expect.arrayContaining(['50 % (4 x 2.5/s)']),
    );
  });

  test('divides the pods where they are the shares, and tells what they really make', async () => {
    const values = usual
      .replace('environment: istio', 'environment: kubernetes')
      .replace('  port: 9080', '  port: 9080\n  replicas: 12')
      .replace('[5, 50]', '[10, 50]');
    const { code, lines, stdout } = await planned(values);
    expect(code).toBe(0);
    expect(lines[3]?.slice(0, 3)).toEqual(['10 %', '90 % (11 x 8.2 %)', '10 % (1 x 10 %)']);
    expect(lines[3]?.at(-1)).toBe('Deployment default/reviews-v1, Deployment default/reviews-v2');
    expect(stdout).toContain('10 %: info releases/reviews/values.yaml:4:13 application.replicas: is 12, which makes');
  });

  test('takes candidates in turn, and says where there is none', async () => {
    const { lines, stdout } = await planned(reviewsValues + third + evaluationValues);
    expect(stdout).toContain('as if alone: 2 candidates are analysed together, and divide the entry share');
    expect(lines.flat().filter((cell) => cell.startsWith('reviews: '))).toEqual([
      'reviews: reviews-v2 and reviews-v3 together beside reviews-v1; steps, threshold',
      'reviews: reviews-v2 beside reviews-v1; steps, threshold',
      'reviews: reviews-v3 beside reviews-v1; steps, threshold',
    ]);
    expect((await planned(reviewsValues)).stdout).toContain('reviews: its values ask for no analysis\n');
  });

  test.each([
    ['policy: steps, steps: [5, {weight: 20, pause: true}, 50]', ['2 % each', '5 % each', '20 % each', '33 % each']],
    ['policy: risk-budget, entryShare: 5', ['2 % each', expect.any(String), '20 % each']],
    ['policy: uniform', ['1 % each', '3 % each', '5 % each', '11 % each', '21 % each', '33 % each']],
  ])('shows what %s comes to with several candidates at once', async (rollout, rows) => {
    const analysis = `analysis:\n  interval: 60s\n  judge: ${rollout.includes('uniform') ? 'bayesian' : 'threshold'}\n`;
    const values = `${reviewsValues}${third}${analysis}  objectives: [{metric: error-rate, upperLimit: 0.1}]\nrollout: {${rollout}}\n`;
    const { stdout } = await planned(values, project, '-o', 'json');
    const [{ together }] = JSON.parse(stdout).plans;
    expect(together.candidates).toEqual(['reviews-v2', 'reviews-v3']);
    const names = together.steps.map(({ name }: { name: string }) => name);
    // Two divide the half of the requests that it gives away, in steps that are its own.
    expect(rollout.includes('risk-budget') ? [names[0], names[1], names.at(-1)] : names).toEqual(rows);
    for (const { name, shares, versions, fails } of together.steps) {
      const share = Number.parseInt(name, 10);
      expect(shares).toEqual({ 'reviews-v2': share, 'reviews-v3': share });
      expect(versions.map((each: { share: number }) => each.share)).toEqual([100 - 2 * share, share, share]);
      expect(fails).toBe(false);
    }
    const [gated] = together.steps.filter(({ waitsFor }: { waitsFor: string[] }) => waitsFor.length > 0);
    expect(gated?.waitsFor).toEqual(rollout.includes('pause') ? ['a person, at the pause of 20 %'] : undefined);
  });

  test('goes on with several candidates from where they are', async () => {
    const routed = reviewsValues.replace('weight: 100', 'weight: 80').replace('weight: 0', 'weight: 20');
    const { lines } = await planned(routed + third + evaluationValues);
    expect(lines.slice(2, 5).map(([name, ...cells]) => [name, ...cells.slice(0, 4)])).toEqual([
      ['now', '80 %', '20 %', '0 %'],
      ['50 % and 5 %', '45 %', '50 %', '5 %', '+2 min'],
      ['33 % each', '34 %', '33 %', '33 %', '+4 min'],
    ]);
  });

  test('fails where a state of several candidates does', async () => {
    const limited = `${reviewsValues}${third}${evaluationValues}`;
    const schema = { 'x-kubernetes-preserve-unknown-fields': true };
    // A route to all three versions, which no candidate alone comes to.
    const http = {
      type: 'array',
      items: { ...schema, type: 'object', properties: { route: { ...schema, type: 'array', maxItems: 2 } } },
    };
    const spec = { ...schema, type: 'object', properties: { http } };
    const openAPIV3Schema = { ...schema, type: 'object', properties: { spec } };
    const crd = {
      kind: 'CustomResourceDefinition',
      spec: {
        group: 'networking.istio.io',
        names: { kind: 'VirtualService' },
        versions: [{ name: 'v1', schema: { openAPIV3Schema } }],
      },
    };
    const workspace = new ScratchWorkspace({
      ...{ 'sluice.yaml': project, [file]: limited, 'crds.json': JSON.stringify(crd) },
    });
    const { code, stdout } = await workspace.run('plan', '--schemas', 'crds.json', '-o', 'json');
    const [{ together, candidates }] = JSON.parse(stdout).plans;
    expect(code).toBe(1);
    expect(together.steps.some(({ fails }: { fails: boolean }) => fails)).toBe(true);
    const alone = candidates.flatMap((each: { steps: { fails: boolean }[] }) => each.steps);
    expect(alone.some(({ fails }: { fails: boolean }) => fails)).toBe(false);
  });

  test('has no table of all where one candidate follows the other, or a person holds them', async () => {
    const values = `${reviewsValues}${third}${evaluationValues}`;
    const held = await planned(values, `${project}freeze: {by: Ada, reason: holidays}\n`, '-o', 'json');
    expect(JSON.parse(held.stdout).plans[0].together).toBeNull();
    const fresh = 'analysis: {interval: 60s, baseline: fresh, objectives: [{metric: error-rate}]}\n';
    const turns = await planned(reviewsValues + third + fresh, project, '-o', 'json');
    expect(JSON.parse(turns.stdout).plans[0].together).toBeNull();
  });

  test('fails for a step that a schema refuses, and names it', async () => {
    const lenient = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true };
    const entry = { ...lenient, properties: { weight: { type: 'integer', maximum: 99 } } };
    const rule = { ...lenient, properties: { route: { type: 'array', items: entry } } };
    const spec = { ...lenient, properties: { http: { type: 'array', items: rule } } };
    const openAPIV3Schema = { type: 'object', properties: { spec } };
    const crd = {
      kind: 'CustomResourceDefinition',
      spec: {
        group: 'networking.istio.io',
        names: { kind: 'VirtualService' },
        versions: [{ name: 'v1', schema: { openAPIV3Schema } }],
      },
    };
    const routed = usual.replace('weight: 100', 'weight: 95').replace('weight: 0', 'weight: 5');
    const workspace = new ScratchWorkspace({
      ...{ 'sluice.yaml': project, [file]: routed, 'crds.json': JSON.stringify(crd) },
    });
    const { code, stdout } = await workspace.run('plan', '--schemas', 'crds.json');
    expect(code).toBe(1);
    expect(stdout).toMatch(/^ {2}promotion .* fails /m);
    expect(stdout).toMatch(/^ {2}50 % .* \+\d min /m);
    expect(stdout).toMatch(/promotion: error releases\/reviews\/values\.yaml:\d+:\d+ .*weight must be <= 99/);
    expect(stdout).toContain('not checked: Deployment (apps/v1): no schema is given of it');
    const { stdout: markdown } = await workspace.run('plan', '--schemas', 'crds.json', '-o', 'markdown');
    expect(markdown).toContain('### reviews: a step fails\n');
    expect(markdown).toMatch(/^\| promotion \|/m);
  });

  test('fails for a step that cannot be written', async () => {
    const values = usual.replace('  versions:', '  primary: >-\n    reviews-v1\n  versions:');
    const { code, lines, stdout } = await planned(values);
    expect(code).toBe(1);
    expect(lines[5]?.slice(0, 4)).toEqual(['promotion', '-', '-', 'fails']);
    expect(stdout).toContain(
      'promotion: error releases/reviews/values.yaml:5:12 application.primary: is a block scalar',
    );
    expect(stdout).toContain('[values/not-editable]');
  });

  test('says of what comes after the end of the analysis that only a win leads there', async () => {
    const slow = usual
      .replace('steps: [5, 50]', 'steps: [{weight: 5, duration: 20m}, {weight: 50, duration: 45m}]')
      .replace('  judge', '  maxDuration: 1h\n  judge');
    const waits = async (values: string) => (await stepsOf(values)).map(({ waitsFor }) => waitsFor);
    const late = 'a win by the end of its analysis (1h), else inconclusive';
    expect(await waits(slow)).toEqual([[], [], [late]]);
    expect(await waits(slow.replace('45m', '30m'))).toEqual([[], [], []]);
    const [, , [promotion] = []] = await waits(
      slow.replace('policy: steps', 'onInconclusive: rollback, policy: steps'),
    );
    expect(promotion).toBe(late.replace('inconclusive', 'rolled back'));
  });

  test('deploys a fresh baseline first, and gives it as much as the candidate', async () => {
    const fresh = usual.replace('  judge: threshold', '  baseline: fresh\n  judge: threshold').replace('50]', '35]');
    const { code, lines, stdout } = await planned(fresh);
    expect(code).toBe(0);
    expect(lines.slice(1, 7).map((cells) => cells.slice(0, 4))).toEqual([
      ['step', 'reviews-v1', 'reviews-v2', 'reviews-v1-baseline'],
      ['now', '100 %', '0 %', '-'],
      ['baseline', '100 %', '0 %', '0 %'],
      ['5 %', '90 %', '5 %', '5 %'],
      ['35 %', '30 %', '35 %', '35 %'],
      ['promotion', '0 %', '100 %', '0 %'],
    ]);
    expect(lines[3]?.slice(4)).toEqual([
      'next pass',
      'Deployment default/reviews-v1-baseline, Service default/reviews-v1-baseline',
    ]);
    expect(lines[4]?.[4]).toBe('+6 min');
    expect(stdout).not.toContain('5 %: warning');
    const tagged = await planned(fresh.replace('versions:', 'versions: !!seq'));
    expect(tagged.code).toBe(1);
    expect(tagged.lines[3]).toEqual(['baseline', '-', '-', 'fails']);
  });

  test('begins at the share of the entry, and says what it depends on', async () => {
    const careful = usual.replace('policy: steps, steps: [5, 50]', 'policy: risk-budget');
    const names = async (values: string, ...words: string[]) => {
      const { lines, stdout } = await planned(values, project, ...words);
      return { rows: lines.map(([first]) => first).filter((name) => /^(\d+ %|roll back)$/.test(name ?? '')), stdout };
    };
    const unknown = await names(careful);
    expect(unknown.rows).toEqual(['2 %', '5 %', '10 %', '20 %', '35 %']);
    expect(unknown.stdout).toContain(
      'it enters at 2 to 35 %, at the more the fewer requests a window has: --rate tells',
    );
    const rare = await names(careful, '--rate', '2');
    expect(rare.rows).toEqual(['5 %', '10 %', '20 %', '35 %']);
    expect(rare.stdout).not.toContain('it enters at');
    const told = await names(careful.replace('risk-budget', 'risk-budget, entryShare: 2'));
    expect(told.rows[0]).toBe('2 %');
    const there = await names(careful.replace('weight: 100', 'weight: 95').replace('weight: 0', 'weight: 5'));
    expect(there.rows).toEqual(['roll back', '10 %', '20 %', '35 %']);
  });

  test('says nothing of pods that nobody knows, and small numbers as they are', async () => {
    const [few, none] = await Promise.all([
      planned(usual, project, '--rate', '0.01'),
      planned(usual.replaceAll('    weight', '    autoscaler: {maxReplicas: 4}\n    weight'), project, '--rate', '20'),
    ]);
    expect(few.lines[3]).toEqual(expect.arrayContaining(['95 % (1 x 0.0095/s)', '5 % (1 x 0.0005/s)']));
    expect(few.stdout).not.toContain('--rate tells nothing');
    expect(none.stdout).toContain('--rate tells nothing here: nobody knows the pods, or how many requests match\n');
  });

  test('says no more where every release is broken', async () => {
    const { code, stdout, stderr } = await planned('environment: istio\n');
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain('values.yaml:1:1 application: is missing');
  });

  test('shows the others where one is broken', async () => {
    const workspace = new ScratchWorkspace({
      ...{ 'sluice.yaml': project, [file]: usual },
      'releases/shop/values.yaml': 'environment: istio\n',
    });
    const all = await workspace.run('plan');
    expect(all.code).toBe(2);
    expect(all.stdout).toMatch(/^reviews: reviews-v2/);
    expect(all.stderr).toContain('releases/shop/values.yaml:1:1 application: is missing');
    expect((await workspace.run('plan', 'reviews')).code).toBe(0);
    expect((await workspace.run('plan', 'other')).stderr).toContain('Cannot find the release other');
  });

  test.each([
    [['--rate', '0'], 'Cannot plan with --rate "0"'],
    [['--rate', '-1'], '--rate is followed by no value; one that begins with a dash is joined to it: --rate=-VALUE'],
    [['--rate=-1'], 'Cannot plan with --rate "-1"'],
    [['--error-rate', '0.1'], 'Cannot plan as asked: nothing reads --error-rate here'],
    [['-o', 'xml'], 'Cannot print the plan as asked: xml'],
    [['--schemas', 'none'], 'Cannot read none'],
  ])('refuses %j', async (words, message) => {
    const { code, stderr } = await planned(usual, project, ...words);
    expect(code).toBe(2);
    expect(stderr).toContain(message);
  });
});
