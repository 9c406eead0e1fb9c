import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { Mesh } from './mesh.js';
import { evaluationValues, type Outcome, ScratchWorkspace } from './workspace.js';

const valuesFile = 'releases/reviews/values.yaml';

/** Comments, odd spaces and quotes that nothing but a splice leaves alone. */
const blueGreen = `# Reviews of books.   Owner: team 'books'
environment:   istio      # our mesh

application:
    port:   9080
    strategy: "blue-green"
    versions:
    # the proven one
    - metadata: { name: 'reviews-v1' }     # v1
      image: "registry.example/reviews:v1"
      weight:   100   # percent
    - metadata: { name: reviews-v2 }
      image: registry.example/reviews:v2
      weight: 0       # the evaluator's
${evaluationValues}`;

const canary = `environment: istio
application:
  strategy: canary
  versions:
  - {metadata: {name: reviews-v1}, image: "registry.example/reviews:v1"}
  - metadata: {name: reviews-v2}
    image: registry.example/reviews:v2
    routed: false  # not yet
    match: [{headers: {x-tester: {exact: "yes"}}}]
${evaluationValues.replace('[5, 50]', '[100]')}`;

const mirrored = blueGreen.replace('"blue-green"', 'mirror');

describe('evaluate()', () => {
  it('lets a good candidate in, step by step, and promotes it', async () => {
    const { mesh, workspace } = await ground(blueGreen);
    const outcomes = await passes(mesh, workspace, 3);
    expect(outcomes.map(({ code }) => code)).toEqual([0, 0, 0]);
    expect(workspace.subjects(2)).toEqual([
      'chore(reviews): candidate reviews-v2 0 % → 5 %',
      'chore(reviews): candidate reviews-v2 5 % → 50 %',
      'chore(reviews): promote reviews-v2',
    ]);
    const { application } = parse(workspace.read(valuesFile));
    expect(application.primary).toBe('reviews-v2');
    expect(application.versions.map(({ weight }: { weight: number }) => weight)).toEqual([0, 100]);
    expect(parse(workspace.read('releases/reviews/status.yaml'))).toMatchObject({ phase: 'Completed', iteration: 3 });
    expect(workspace.git('status', '--porcelain')).toBe('');
  });

  it('rolls a bad candidate back, and does not try it again', async () => {
    const { mesh, workspace } = await ground(blueGreen, { 'reviews-v1': 0.001, 'reviews-v2': 0.3 });
    const [, rolledBack, after] = await passes(mesh, workspace, 3);
    expect(rolledBack?.stdout).toMatch(/^reviews: roll back reviews-v2 5 % → 0 %\n {2}reviews-v2 breaks error-rate/);
    expect(rolledBack?.code).toBe(0);
    expect(after?.stdout).toBe('reviews: nothing to decide\n  no candidate waits for an analysis\n');
    expect(workspace.subjects(2)).toEqual([
      'chore(reviews): candidate reviews-v2 0 % → 5 %',
      'chore(reviews): roll back reviews-v2 5 % → 0 %',
    ]);
    expect(weights(workspace)).toEqual([100, 0]);
    expect(workspace.read(valuesFile)).toBe(blueGreen);
  });

  it('exposes a canary by its match alone, and promotes it', async () => {
    const { mesh, workspace } = await ground(canary);
    const [entry] = await passes(mesh, workspace, 1);
    expect(entry?.stdout).toMatch(
      /^reviews: candidate reviews-v2 gets what matches\n {2}reviews-v2 enters for what matches; /,
    );
    expect(workspace.read(valuesFile)).toBe(canary.replace('routed: false  #', 'routed: true  #'));
    await passes(mesh, workspace, 1);
    const { application } = parse(workspace.read(valuesFile));
    expect(application.primary).toBe('reviews-v2');
    expect(application.versions.map(({ routed }: { routed?: boolean }) => routed)).toEqual([false, true]);
    expect(application.versions[1].match).toEqual([{ headers: { 'x-tester': { exact: 'yes' } } }]);
  });

  it('rolls a bad canary back', async () => {
    const { mesh, workspace } = await ground(canary, { 'reviews-v1': 0, 'reviews-v2': 0.5 });
    await passes(mesh, workspace, 2);
    expect(workspace.subjects().at(-1)).toBe('chore(reviews): roll back reviews-v2, which loses what matches');
    expect(workspace.read(valuesFile)).toBe(canary);
  });

  it('raises the mirror percent step by step, counted by the server, and promotes', async () => {
    const { mesh, workspace } = await ground(mirrored);
    await passes(mesh, workspace, 2);
    expect(workspace.subjects(2)).toEqual([
      'chore(reviews): candidate reviews-v2, copies 0 % → 5 %',
      'chore(reviews): candidate reviews-v2, copies 5 % → 50 %',
    ]);
    expect(weights(workspace)).toEqual([100, 50]);
    expect(workspace.read('rendered/reviews/manifests.yaml')).toMatch(/mirrors:[\s\S]*value: 50/);
    await passes(mesh, workspace, 1);
    expect(workspace.subjects().at(-1)).toBe('chore(reviews): promote reviews-v2');
    expect(workspace.read('rendered/reviews/manifests.yaml')).not.toContain('mirrors:');
  });

  it('moves the weights of an HTTPRoute too', async () => {
    const { mesh, workspace } = await ground(blueGreen.replace('istio  ', 'gateway-api'));
    await passes(mesh, workspace, 3);
    expect(workspace.subjects().at(-1)).toBe('chore(reviews): promote reviews-v2');
  });

  it('changes exactly the lines of its scalars, in LF and in CRLF', async () => {
    for (const text of [blueGreen, blueGreen.replaceAll('\n', '\r\n')]) {
      const { mesh, workspace } = await ground(text);
      await passes(mesh, workspace, 1);
      expect(workspace.git('diff', '--numstat', 'HEAD~', '--', valuesFile)).toBe(`2\t2\t${valuesFile}`);
      const entered = text.replace('weight:   100', 'weight:   95').replace('weight: 0', 'weight: 5');
      expect(workspace.read(valuesFile)).toBe(entered);

      await passes(mesh, workspace, 2);
      // Two weights are replaced, and the primary is a line of its own.
      expect(workspace.git('diff', '--numstat', 'HEAD~', '--', valuesFile)).toBe(`3\t2\t${valuesFile}`);
      const lines = text.split(/(?<=\n)/);
      const kept = workspace
        .read(valuesFile)
        .split(/(?<=\n)/)
        .filter((line) => lines.includes(line));
      expect(kept).toEqual(lines.filter((line) => !line.includes('weight')));
    }
  });

  it('writes names that follow from positions out before its first decision takes effect', async () => {
    const nameless = `environment: istio
application:
  strategy: blue-green
  versions:
  - image: registry.example/reviews:v1
    weight: 100
  - {image: "registry.example/reviews:v2", weight: 0}
${evaluationValues}`;
    const { mesh, workspace } = await ground(nameless, { 'reviews-0': 0, 'reviews-1': 0 });
    await passes(mesh, workspace, 1);
    const names = parse(workspace.read(valuesFile)).application.versions.map(
      ({ metadata }: { metadata: { name: string } }) => metadata.name,
    );
    expect(names).toEqual(['reviews-0', 'reviews-1']);
    expect(workspace.subjects(2)).toEqual(['chore(reviews): candidate reviews-1 0 % → 5 %']);
  });

  it('goes on from a weight that a person gave', async () => {
    const adopted = blueGreen.replace('weight:   100', 'weight:   70').replace('weight: 0', 'weight: 30');
    const { mesh, workspace } = await ground(adopted);
    await passes(mesh, workspace, 1);
    expect(workspace.subjects().at(-1)).toBe('chore(reviews): candidate reviews-v2 at 30 %');
    expect(workspace.read(valuesFile)).toBe(adopted);
    await passes(mesh, workspace, 1);
    expect(workspace.subjects().at(-1)).toBe('chore(reviews): candidate reviews-v2 30 % → 50 %');
  });

  it('takes a candidate that was changed out of the route and starts again', async () => {
    const { mesh, workspace } = await ground(blueGreen);
    await passes(mesh, workspace, 1);
    workspace.replace(valuesFile, 'reviews:v2', 'reviews:v2.1');
    workspace.commit({});
    const [withdrawn, entered] = await passes(mesh, workspace, 2);
    expect(withdrawn?.stdout).toContain('reviews-v2 was changed while it was routed: its analysis starts again');
    expect(entered?.stdout).toContain('reviews: candidate reviews-v2 0 % → 5 %');
    expect(workspace.subjects().slice(-2)).toEqual([
      'chore(reviews): roll back reviews-v2 5 % → 0 %',
      'chore(reviews): candidate reviews-v2 0 % → 5 %',
    ]);
  });

  it('tells the split that a number of pods makes, of what it decided and of what it only rendered', async () => {
    const pods = blueGreen.replace('istio  ', 'kubernetes').replace('    port:', '    replicas: 30\n    port:');
    // Nothing measures pods without a mesh yet, so a person gives the weights.
    const given = pods.replace('weight:   100', 'weight:   95').replace('weight: 0', 'weight: 5');
    const { mesh, workspace } = await ground(given);
    const [adopted] = await passes(mesh, workspace, 1);
    const split = 'is 30, which makes reviews-v1 96.7 % and reviews-v2 3.3 % instead of 95 % and 5 % (a notice)';
    expect(adopted?.stdout).toContain('reviews: candidate reviews-v2 at 5 %');
    expect(adopted?.stderr).toContain(`${valuesFile}:5:15 application.replicas: ${split}`);

    workspace.replace(valuesFile, 'replicas: 30', 'replicas: 50');
    workspace.commit({});
    const rendered = await workspace.run('evaluate');
    expect(rendered.stdout).toContain('reviews: render the values');
    expect(rendered.stderr).toContain('application.replicas: is 50, which makes reviews-v1 96 % and reviews-v2 4 %');
  });

  it('holds without a commit while a version has no data, and says which', async () => {
    const { mesh, workspace } = await ground(blueGreen, { 'reviews-v2': 0 });
    mesh.simulator.service({ namespace: 'default', service: 'reviews-v1' }, {});
    const before = workspace.fingerprint();
    mesh.simulator.advance(120);
    workspace.now = mesh.simulator.now;
    const { code, stdout } = await workspace.run('evaluate');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^reviews: hold reviews-v2 at 0 %\n {2}reviews-v1 has no series .*is not let in\n$/);
    expect(workspace.fingerprint()).toEqual(before);
  });

  it('commits nothing the second time that the same pass runs', async () => {
    const { mesh, workspace } = await ground(blueGreen);
    for (let i = 0; i < 3; i++) {
      await passes(mesh, workspace, 1);
      const before = workspace.fingerprint();
      expect(await workspace.run('evaluate')).toMatchObject({ code: 0, stdout: expect.not.stringContaining('commit') });
      expect(workspace.fingerprint()).toEqual(before);
    }
  });

  it('commits values, status, evidence and manifests together, with trailers', async () => {
    const { mesh, workspace } = await ground(blueGreen);
    await passes(mesh, workspace, 2);
    const files = workspace.git('show', '--format=', '--name-only', 'HEAD').split('\n');
    expect(files).toEqual([
      'releases/reviews/ledger.jsonl',
      'releases/reviews/status.yaml',
      valuesFile,
      'rendered/reviews/manifests.yaml',
    ]);
    const trailers = workspace.git('log', '-1', '--format=%(trailers)');
    expect(trailers).toContain('Sluice-Release: reviews');
    expect(trailers).toContain('Sluice-Decision: advance');
    expect(trailers).toMatch(/Sluice-Evidence: sha256:[0-9a-f]{16}/);
    const [line = ''] = workspace.read('releases/reviews/ledger.jsonl').split('\n');
    expect(JSON.parse(line)).toMatchObject({
      iteration: 2,
      decision: 'advance',
      candidate: 'reviews-v2',
      interval: 60,
    });
    expect(JSON.parse(line).windows).not.toHaveLength(0);
  });

  it('has rendered exactly what synth would render', async () => {
    const { mesh, workspace } = await ground(blueGreen);
    await passes(mesh, workspace, 3);
    const before = workspace.fingerprint();
    await workspace.ran('synth');
    expect(workspace.fingerprint()).toEqual(before);
  });

  it('renders stale values in the commit of a decision, and in one of their own where nothing is decided', async () => {
    const { mesh, workspace } = await ground(blueGreen);
    workspace.replace(valuesFile, '9080', '9090');
    workspace.commit({});
    await passes(mesh, workspace, 1);
    expect(workspace.subjects().at(-1)).toBe('chore(reviews): candidate reviews-v2 0 % → 5 %');
    expect(workspace.read('rendered/reviews/manifests.yaml')).toContain('number: 9090');
    workspace.replace(valuesFile, '9090', '9091');
    workspace.commit({});
    const { stdout } = await workspace.run('evaluate');
    expect(stdout).toMatch(/reviews: render the values\n {2}commit [0-9a-f]{10}\n/);
    expect(workspace.subjects().at(-1)).toBe('chore(reviews): render the values');
  });

  it('keeps a rolled-back version out while the application changes around it', async () => {
    const { mesh, workspace } = await ground(blueGreen, { 'reviews-v1': 0.001, 'reviews-v2': 0.3 });
    await passes(mesh, workspace, 2);
    expect(weights(workspace)).toEqual([100, 0]);
    workspace.replace(valuesFile, '9080', '9090');
    workspace.commit({});
    await passes(mesh, workspace, 2);
    expect(weights(workspace)).toEqual([100, 0]);
  });

  it('completes a promotion that a person made by hand', async () => {
    const { mesh, workspace } = await ground(blueGreen);
    await passes(mesh, workspace, 1);
    workspace.replace(valuesFile, 'strategy: "blue-green"', 'strategy: "blue-green"\n    primary: reviews-v2');
    workspace.commit({});
    await passes(mesh, workspace, 2);
    expect(workspace.subjects().at(-1)).toBe('chore(reviews): promote reviews-v2');
    expect(weights(workspace)).toEqual([0, 100]);
  });

  it('pauses when a person takes the candidate out, and starts afresh when it comes back', async () => {
    const { mesh, workspace } = await ground(blueGreen);
    await passes(mesh, workspace, 1);
    workspace.replace(valuesFile, 'weight: 5 ', 'weight: 0 ');
    workspace.commit({});
    await passes(mesh, workspace, 3);
    expect(workspace.subjects().at(-1)).toBe('chore(reviews): pause reviews-v2');
    workspace.replace(valuesFile, 'weight: 0 ', 'weight: 5 ');
    workspace.commit({});
    await passes(mesh, workspace, 1);
    expect(workspace.subjects().at(-1)).toBe('chore(reviews): candidate reviews-v2 at 5 %');
  });

  it('judges a step anew after a person reverted its commit', async () => {
    const { mesh, workspace } = await ground(blueGreen);
    await passes(mesh, workspace, 3);
    expect(weights(workspace)).toEqual([0, 100]);
    workspace.git('revert', '--no-edit', 'HEAD');
    await passes(mesh, workspace, 1);
    expect(workspace.subjects().at(-1)).toBe('chore(reviews): candidate reviews-v2 at 50 %');
  });

  it('leaves a primary that a person chose after a rollback', async () => {
    const { mesh, workspace } = await ground(blueGreen, { 'reviews-v1': 0.001, 'reviews-v2': 0.3 });
    await passes(mesh, workspace, 2);
    workspace.replace(valuesFile, 'strategy: "blue-green"', 'strategy: "blue-green"\n    primary: reviews-v2');
    workspace.replace(valuesFile, 'weight:   100', 'weight:   0');
    workspace.replace(valuesFile, 'weight: 0       # the', 'weight: 100     # the');
    workspace.commit({});
    await passes(mesh, workspace, 3);
    expect(weights(workspace)).toEqual([0, 100]);
    expect(workspace.subjects().at(-1)).toBe('chore(reviews): promote reviews-v2');
  });

  it('lets a second candidate join at the entry share, divides the steps, and promotes one', async () => {
    const { mesh, workspace } = await ground(blueGreen, { 'reviews-v1': 0, 'reviews-v2': 0, 'reviews-v3': 0 });
    await passes(mesh, workspace, 1);
    await workspace.run('candidate', 'reviews', '--image', 'registry.example/reviews:v3');
    await passes(mesh, workspace, 3);
    expect(workspace.subjects().slice(-3)).toEqual([
      'chore(reviews): candidate reviews-v2 5 % → 50 %, reviews-v3 0 % → 5 %',
      'chore(reviews): candidate reviews-v2 50 % → 33 %, reviews-v3 5 % → 33 %',
      'chore(reviews): promote reviews-v3',
    ]);
    expect(weights(workspace)).toEqual([0, 0, 100]);
    const { settled } = parse(workspace.read('releases/reviews/status.yaml'));
    expect(settled.map(({ name, outcome }: { name: string; outcome: string }) => `${name} ${outcome}`)).toEqual([
      'reviews-v2 lost',
      'reviews-v1 replaced',
      'reviews-v3 promoted',
    ]);
  });

  it('takes out the one of two candidates that fails, and goes on with the other', async () => {
    const { mesh, workspace } = await ground(blueGreen, { 'reviews-v1': 0, 'reviews-v2': 0, 'reviews-v3': 0.3 });
    await passes(mesh, workspace, 1);
    await workspace.run('candidate', 'reviews', '--image', 'registry.example/reviews:v3');
    await passes(mesh, workspace, 3);
    expect(workspace.subjects().slice(-3)).toEqual([
      'chore(reviews): candidate reviews-v2 5 % → 50 %, reviews-v3 0 % → 5 %',
      'chore(reviews): roll back reviews-v3 5 % → 0 %',
      'chore(reviews): promote reviews-v2',
    ]);
    expect(weights(workspace)).toEqual([0, 100, 0]);
  });

  it('pauses the analysis while the primary is another one, and rolls back all the same', async () => {
    const { mesh, workspace } = await ground(blueGreen);
    await passes(mesh, workspace, 1);
    workspace.replace(valuesFile, 'reviews:v1', 'reviews:v1.1');
    workspace.commit({});
    const [paused, held] = await passes(mesh, workspace, 2);
    expect(paused?.stdout).toContain('reviews-v1 was changed while reviews-v2 is compared with it: nothing advances');
    expect(held?.stdout).toMatch(/^reviews: hold reviews-v2 at 5 %\n {2}reviews-v1 was changed .*reviews-v2 keeps/);
    expect(weights(workspace)).toEqual([95, 5]);
    mesh.services({ 'reviews-v2': 0.3 });
    await passes(mesh, workspace, 1);
    expect(workspace.subjects().at(-1)).toBe('chore(reviews): roll back reviews-v2 5 % → 0 %');
  });

  it('watches a promotion, goes back where it fails, and does not try that version again', async () => {
    const { mesh, workspace } = await ground(blueGreen.replace('rollout: {', 'rollout: {rollbackWindow: 10m, '));
    const [, , promoted, watched] = await passes(mesh, workspace, 4);
    expect(promoted?.stdout).toContain('reviews: promote reviews-v2');
    expect(watched?.stdout).toMatch(/reviews-v2 is watched until .*, with a way back to reviews-v1; reviews-v2 keeps/);
    expect(parse(workspace.read('releases/reviews/status.yaml'))).toMatchObject({
      phase: 'Promoting',
      former: 'reviews-v1',
    });
    mesh.services({ 'reviews-v2': 0.5 });
    const [back, after] = await passes(mesh, workspace, 2);
    expect(back?.stdout).toContain('reviews-v1 is the primary again: reviews-v2 breaks error-rate');
    expect(weights(workspace)).toEqual([100, 0]);
    expect(after?.stdout).toContain('no candidate waits for an analysis');
  });

  it('takes the entry of the version before out, a confirmed pass after it left the route', async () => {
    const { mesh, workspace } = await ground(blueGreen.replace('rollout: {', 'rollout: {cleanup: true, '));
    await passes(mesh, workspace, 5);
    // The cluster has not followed yet: requests still reach it, so its entry stays.
    expect(workspace.subjects().at(-1)).toBe('chore(reviews): complete reviews-v2');
    mesh.simulator.service({ namespace: 'default', service: 'reviews-v1' }, { rate: 0 });
    await passes(mesh, workspace, 2);
    expect(workspace.subjects().slice(-3)).toEqual([
      'chore(reviews): promote reviews-v2',
      'chore(reviews): complete reviews-v2',
      'chore(reviews): remove reviews-v1',
    ]);
    const { application } = parse(workspace.read(valuesFile));
    expect(application).toMatchObject({
      primary: 'reviews-v2',
      versions: [{ metadata: { name: 'reviews-v2' }, weight: 100 }],
    });
    expect(workspace.read(valuesFile)).toContain('# the proven one');
    expect(workspace.read('rendered/reviews/manifests.yaml')).not.toContain('reviews-v1');
  });

  it('tells in status.yaml what Iter8 told: each version, the winner, conditions', async () => {
    const { mesh, workspace } = await ground(blueGreen);
    await passes(mesh, workspace, 2);
    expect(parse(workspace.read('releases/reviews/status.yaml'))).toMatchObject({
      type: 'Canary',
      winner: { currentBest: 'reviews-v2', found: true },
      versions: [
        { name: 'reviews-v1', weight: 50, requests: expect.any(Number) },
        {
          name: 'reviews-v2',
          weight: 50,
          outcome: 'pass',
          assessments: [{ metric: 'error-rate', classification: 'pass' }],
        },
      ],
      conditions: [
        { type: 'MetricsSynced', status: 'True' },
        { type: 'TargetsProvided', status: 'True', reason: 'SamplesOfAll' },
        { type: 'RoutingRulesReady', status: 'True', reason: 'SplitIsLive' },
        { type: 'Completed', status: 'False' },
      ],
    });
  });

  it('does what the rollout says while the metrics cannot be read, and ends with 2 all the same', async () => {
    const budget = 'rollout: {onMetricsDown: {hold: 3m, then: rollback}, ';
    const { mesh, workspace } = await ground(blueGreen.replace('rollout: {', budget));
    await passes(mesh, workspace, 1);
    workspace.commit({ 'sluice.yaml': 'metrics: {source: prometheus, url: "http://127.0.0.1:9", timeout: 1s}\n' });
    const [down, held, out] = await passes(mesh, workspace, 3);
    expect(down).toMatchObject({
      code: 2,
      stdout: expect.stringContaining('the metrics cannot be read: Cannot reach'),
    });
    expect(held).toMatchObject({
      code: 2,
      stdout: expect.stringMatching(/hold reviews-v2 at 5 %\n {2}the metrics cannot be read since/),
    });
    expect(out?.stdout).toContain('onMetricsDown is rollback');
    expect(weights(workspace)).toEqual([100, 0]);
    expect(workspace.subjects().at(-1)).toBe('chore(reviews): roll back reviews-v2 5 % → 0 %');
  });

  it('waits until the split is live, and says so', async () => {
    const { mesh, workspace } = await ground(blueGreen);
    await passes(mesh, workspace, 1);
    mesh.simulator.route('default', { rate: 100, shares: { 'reviews-v1': 70, 'reviews-v2': 30 }, mirrors: {} });
    mesh.simulator.advance(120);
    workspace.now = mesh.simulator.now;
    const { stdout } = await workspace.run('evaluate');
    expect(stdout).toMatch(/^reviews: hold reviews-v2 at 5 %\n {2}waits until the split is live: reviews-v2 has 3\d %/);
  });

  it('refuses a candidate that was judged as it is', async () => {
    const { mesh, workspace } = await ground(blueGreen, { 'reviews-v1': 0.001, 'reviews-v2': 0.3 });
    await passes(mesh, workspace, 2);
    workspace.replace(
      valuesFile,
      '    - metadata: { name: reviews-v2 }\n      image: registry.example/reviews:v2\n',
      '',
    );
    workspace.replace(valuesFile, "      weight: 0       # the evaluator's\n", '');
    workspace.commit({});
    await workspace.run('synth');
    workspace.commit({});
    const again = ['candidate', 'reviews', '--image', 'registry.example/reviews:v2'];
    expect(await workspace.run(...again)).toMatchObject({ code: 2 });
    expect((await workspace.run(...again)).stderr).toContain('it was rolled back at');
  });

  it('lets nobody in whom it could not promote', async () => {
    const { mesh, workspace } = await ground(
      blueGreen.replace('versions:', 'primary: >-\n      reviews-v1\n    versions:'),
    );
    const [outcome] = await passes(mesh, workspace, 1);
    expect(outcome).toMatchObject({
      code: 2,
      stdout: expect.stringContaining('application.primary: is a block scalar'),
    });
    expect(weights(workspace)).toEqual([100, 0]);
  });

  it('sees a candidate through while another one waits', async () => {
    const { mesh, workspace } = await ground(blueGreen, { 'reviews-v1': 0.001, 'reviews-v2': 0.3, 'reviews-v3': 0 });
    await passes(mesh, workspace, 1);
    await workspace.run('candidate', 'reviews', '--image', 'registry.example/reviews:v3');
    await passes(mesh, workspace, 1);
    expect(workspace.subjects().at(-1)).toBe('chore(reviews): roll back reviews-v2 5 % → 0 %');
  });
});

describe('evaluate() over several releases', () => {
  const named = (name: string) => blueGreen.replaceAll('reviews-', `${name}-`);

  it('makes one commit per release, rollbacks first', async () => {
    const mesh = await Mesh.start();
    mesh.services({ 'a-v1': 0, 'a-v2': 0, 'b-v1': 0, 'b-v2': 0.3 });
    const workspace = await ScratchWorkspace.rendered({
      'sluice.yaml': mesh.project,
      'releases/a/values.yaml': named('a'),
      'releases/team/b/values.yaml': named('b'),
    });
    await passes(mesh, workspace, 2);
    expect(workspace.subjects(2)).toEqual([
      'chore(a): candidate a-v2 0 % → 5 %',
      'chore(b): candidate b-v2 0 % → 5 %',
      'chore(b): roll back b-v2 5 % → 0 %',
      'chore(a): candidate a-v2 5 % → 50 %',
    ]);
  });

  it('looks only at the release that is named, by its path or its last folder', async () => {
    const mesh = await Mesh.start();
    mesh.services({ 'a-v1': 0, 'a-v2': 0, 'b-v1': 0, 'b-v2': 0 });
    const workspace = await ScratchWorkspace.rendered({
      'sluice.yaml': mesh.project,
      'releases/a/values.yaml': named('a'),
      'releases/team/b/values.yaml': named('b'),
    });
    await mesh.pass(workspace, 'b');
    expect(workspace.subjects(2)).toEqual(['chore(b): candidate b-v2 0 % → 5 %']);
    await mesh.pass(workspace, 'team/b');
    expect(workspace.subjects(3)).toEqual(['chore(b): candidate b-v2 5 % → 50 %']);
    const unknown = await workspace.run('evaluate', 'c');
    expect(unknown).toMatchObject({ code: 2, stderr: expect.stringContaining('hint: The releases are: a, team/b.') });
  });

  it('goes on with the others when one release is broken, and ends with 2', async () => {
    const mesh = await Mesh.start();
    mesh.services({ 'a-v1': 0, 'a-v2': 0, 'b-v1': 0, 'b-v2': 0, 'c-v1': 0, 'c-v2': 0 });
    const workspace = await ScratchWorkspace.rendered({
      'sluice.yaml': mesh.project,
      'releases/a/values.yaml': named('a'),
      'releases/b/values.yaml': named('b'),
      'releases/c/values.yaml': named('c'),
    });
    const rendered = workspace.read('rendered/a/manifests.yaml');
    workspace.replace('releases/a/values.yaml', 'weight: 0', 'weigth: 0');
    workspace.commit({ 'releases/b/status.yaml': 'phase: Progressing\niteration: many\n' });
    const { code, stdout } = await mesh.pass(workspace);
    expect(code).toBe(2);
    expect(stdout).toContain('c: candidate c-v2 0 % → 5 %\n');
    expect(stdout).toMatch(/^a: could not run\n {2}releases\/a\/values\.yaml:14:7 .*weigth: is no known key\n/m);
    expect(stdout).toMatch(
      /^b: could not run\n {2}releases\/b\/status\.yaml:1:1 message: is missing\n[\s\S]*status\.yaml:2:12 iteration: is "many", not a number\n/m,
    );
    expect(workspace.read('rendered/a/manifests.yaml')).toBe(rendered);
    expect(workspace.subjects(3)).toEqual(['chore(c): candidate c-v2 0 % → 5 %']);
  });

  it('goes on with the others when a release cannot be rendered', async () => {
    const mesh = await Mesh.start();
    mesh.services({ 'a-v1': 0, 'a-v2': 0, 'b-v1': 0, 'b-v2': 0 });
    const workspace = await ScratchWorkspace.rendered({
      'sluice.yaml': mesh.project,
      'releases/a/values.yaml': named('a'),
      'releases/b/values.yaml': named('b'),
    });
    const overlay = '{spec: {template: {metadata: {labels: {app: other}}}}}';
    workspace.replace('releases/a/values.yaml', '    port:', `    deployment: ${overlay}\n    port:`);
    workspace.commit({});
    const { code, stdout } = await mesh.pass(workspace);
    expect(code).toBe(2);
    expect(stdout).toMatch(
      /^a: could not run\n {2}releases\/a\/values\.yaml:5:\d+ application\.deployment\.spec\.template\.metadata\.labels\.app: is "other"/m,
    );
    expect(workspace.subjects(3)).toEqual(['chore(b): candidate b-v2 0 % → 5 %']);
  });

  it('goes on from the traffic that a person gave two candidates', async () => {
    const third = '    - {metadata: {name: reviews-v3}, image: "registry.example/reviews:v3", weight: 10}\nanalysis:';
    const both = blueGreen.replace('weight:   100', 'weight: 80').replace('weight: 0', 'weight: 10');
    const services = { 'reviews-v1': 0, 'reviews-v2': 0, 'reviews-v3': 0 };
    const { mesh, workspace } = await ground(both.replace('analysis:', third), services);
    await passes(mesh, workspace, 2);
    expect(workspace.subjects().slice(-2)).toEqual([
      'chore(reviews): candidate reviews-v2 at 10 %',
      'chore(reviews): candidate reviews-v2 10 % → 33 %, reviews-v3 10 % → 33 %',
    ]);
    expect(parse(workspace.read('releases/reviews/status.yaml'))).toMatchObject({
      ...{ candidate: 'reviews-v2', share: 33, judged: true },
      others: [{ name: 'reviews-v3', share: 33, judged: true, assessments: [{ metric: 'error-rate' }] }],
    });
  });
});

describe('evaluate() as it prints', () => {
  it('gives decisions and failures as one JSON document', async () => {
    const { mesh, workspace } = await ground(blueGreen);
    workspace.commit({ 'releases/broken/values.yaml': 'environment: istio\n' });
    const { code, stdout, stderr } = await mesh.pass(workspace, '-o', 'json');
    expect({ code, stderr }).toEqual({ code: 2, stderr: '' });
    const report = JSON.parse(stdout);
    expect(report).toMatchObject({ dryRun: false, rendered: [], warnings: [] });
    expect(report.decisions).toEqual([
      expect.objectContaining({ release: 'reviews', kind: 'advance', from: 0, to: 5, commit: workspace.head }),
    ]);
    expect(report.failures).toEqual([
      expect.objectContaining({
        release: 'broken',
        code: 'values/invalid',
        problems: [expect.objectContaining({ file: 'releases/broken/values.yaml', line: 1, path: 'application' })],
      }),
    ]);
  });

  it('prints with --dry-run the plan that it would carry out, and changes nothing', async () => {
    const { mesh, workspace } = await ground(blueGreen);
    const before = workspace.fingerprint();
    const { code, stdout } = await mesh.pass(workspace, '--dry-run');
    expect(code).toBe(0);
    expect(stdout).toContain('reviews: candidate reviews-v2 0 % → 5 %\n');
    expect(stdout).toContain('  application.versions[0].weight: 95\n  application.versions[1].weight: 5\n');
    expect(stdout).toMatch(/dry run: nothing was written\n$/);
    expect(workspace.fingerprint()).toEqual(before);

    const planned = JSON.parse(await workspace.ran('evaluate', '--dry-run', '-o', 'json')).decisions;
    const done = JSON.parse(await workspace.ran('evaluate', '-o', 'json')).decisions;
    expect(planned).toEqual(done.map(({ commit: _, ...decision }: { commit: string }) => decision));
  });

  it('refuses another format', async () => {
    const { workspace } = await ground(blueGreen);
    const { code, stderr } = await workspace.run('evaluate', '-o', 'yaml');
    expect(code).toBe(2);
    expect(stderr).toBe('sluice: Cannot print the decisions as asked: yaml\n  hint: Allowed are: text, json.\n');
  });

  it('says so when there is no release', async () => {
    const mesh = await Mesh.start();
    const workspace = new ScratchWorkspace({ 'sluice.yaml': mesh.project, 'releases/README.md': '' });
    expect(await workspace.run('evaluate')).toEqual({ code: 0, stdout: 'no releases\n', stderr: '' });
  });
});

describe('evaluate() beside other work', () => {
  it('leaves files of others as they are: modified, staged and untracked', async () => {
    const { mesh, workspace } = await ground(blueGreen, undefined, { 'app/a.ts': '1', 'app/b.ts': '1' });
    workspace.write('app/a.ts', '2');
    workspace.write('app/b.ts', '2');
    workspace.git('add', 'app/b.ts');
    workspace.write('app/c.ts', '2');
    const status = workspace.repository.status();
    await passes(mesh, workspace, 1);
    expect(workspace.repository.status()).toEqual(status);
    expect(workspace.subjects().at(-1)).toBe('chore(reviews): candidate reviews-v2 0 % → 5 %');
    expect(workspace.git('show', '--format=', '--name-only', 'HEAD')).not.toContain('app/');
  });

  it('works in a folder of a repository', async () => {
    const mesh = await Mesh.start();
    mesh.services({ 'reviews-v1': 0, 'reviews-v2': 0 });
    const files = { 'deploy/here/sluice.yaml': mesh.project, [`deploy/here/${valuesFile}`]: blueGreen };
    const workspace = await ScratchWorkspace.rendered(
      { ...files, 'sluice.yaml': 'ours: "not sluice\'s"\n' },
      { below: 'deploy/here' },
    );
    await passes(mesh, workspace, 3);
    expect(workspace.subjects().at(-1)).toBe('chore(reviews): promote reviews-v2');
    const paths = workspace.git('show', '--format=', '--name-only', 'HEAD').split('\n');
    expect(paths.every((path) => path.startsWith('deploy/here/re'))).toBe(true);
    expect(workspace.git('status', '--porcelain')).toBe('');
  });
});

/** A workspace with one release and the mesh that its services run in; without faults unless they are given. */
async function ground(
  values: string,
  services: { readonly [service: string]: number } = { 'reviews-v1': 0.001, 'reviews-v2': 0.001 },
  others: { readonly [path: string]: string } = {},
) {
  const mesh = await Mesh.start();
  mesh.services(services);
  const files = { 'sluice.yaml': mesh.project, [valuesFile]: values, ...others };
  return { mesh, workspace: await ScratchWorkspace.rendered(files) };
}

async function passes(mesh: Mesh, workspace: ScratchWorkspace, count: number): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  for (let i = 0; i < count; i++) outcomes.push(await mesh.pass(workspace));
  return outcomes;
}

function weights(workspace: ScratchWorkspace): number[] {
  const { application } = parse(workspace.read(valuesFile));
  return application.versions.map(({ weight }: { weight: number }) => weight);
}
