import { beforeAll, describe, expect, it } from 'vitest';
import { environmentsWith } from '../../src/values/lookup.js';
import { evaluationValues, reviewsValues as good, type Outcome, ScratchWorkspace, sluice, start } from './workspace.js';

const file = 'releases/reviews/values.yaml';

const metrics = 'metrics: {source: prometheus, url: "http://127.0.0.1:2"}\n';

/** What a person wrote, and what is said: where, what, and what to do about it. */
interface BadValues {
  readonly text: string;
  /** `line:column path: message`, in this order. */
  readonly says: readonly string[];
  readonly hint: string;
}

const bad: Record<string, BadValues> = {
  'a typo in a key': {
    text: good.replace('weight: 0', 'weigth: 0'),
    says: ['11:5 application.versions[1].weigth: is no known key'],
    hint: 'Did you mean weight? Allowed are: metadata, image, weight,',
  },
  'a typo in a key of the top': {
    text: good.replace('application:', 'aplication:'),
    says: ['1:1 application: is missing', '2:1 aplication: is no known key'],
    hint: 'Did you mean application? Allowed are: environment, gateway, service,',
  },
  'a typo in an environment': {
    text: good.replace('istio', 'itsio'),
    says: ['1:14 environment: is "itsio"'],
    hint: 'Did you mean istio? Allowed are: kubernetes, istio, gateway-api,',
  },
  'text for a number': {
    text: good.replace('9080', '"9080/tcp"'),
    says: ['3:9 application.port: "9080/tcp" is no whole number'],
    hint: 'Give at most 5 digits, without a 0 before others.',
  },
  'a number for text': {
    text: good.replace('registry.example/reviews:v1', '1.5'),
    says: ['7:12 application.versions[0].image: is 1.5, not a string'],
    hint: 'Put it in quotes to make it a string.',
  },
  'a map for a list': {
    text: good.replace(/versions:[\s\S]*/, 'versions: {reviews-v1: {}}\n'),
    says: ['5:13 application.versions: is a map, not a list'],
    hint: 'Give a list.',
  },
  'a list for the whole': { text: '- environment: istio\n', says: ['1:1 is a list, not a map'], hint: 'Give a map.' },
  'plain text for the whole': { text: 'istio\n', says: ['1:1 is "istio", not a map'], hint: 'Give a map.' },
  'nothing where a list is needed': {
    text: good.replace(/versions:[\s\S]*/, 'versions:\n'),
    says: ['5:3 application.versions: is empty, not a list'],
    hint: 'Give a list.',
  },
  'a weight below 0': {
    text: good.replace('weight: 0', 'weight: -1'),
    says: ['11:13 application.versions[1].weight: is -1, below the least allowed: 0'],
    hint: 'Give at least 0.',
  },
  'a weight that is no integer': {
    text: good.replace('weight: 0', 'weight: 0.5'),
    says: ['11:13 application.versions[1].weight: is 0.5, not an integer'],
    hint: 'Give an integer.',
  },
  'a weight that is no number': {
    text: good.replace('weight: 0', 'weight: .nan'),
    says: ['11:13 application.versions[1].weight: is NaN, not a number'],
    hint: 'Give a number.',
  },
  'only weights of 0': {
    text: good.replace('weight: 100', 'weight: 0'),
    says: ['6:3 application.versions: give no routed version a weight above 0, so nobody would answer'],
    hint: 'Give reviews-v1 a weight, such as 100.',
  },
  'a percent above 100': {
    text: good.replace('blue-green', 'mirror').replace('weight: 0', 'weight: 101'),
    says: ['11:13 application.versions[1].weight: is 101, but in mirrored the weight is a percent'],
    hint: 'Give 0 to 100',
  },
  'the name of a version twice': {
    text: good.replace('reviews-v2', 'reviews-v1'),
    says: ['9:22 application.versions[1].metadata.name: is "reviews-v1" again, the name of versions[0]'],
    hint: 'Give every version a name of its own.',
  },
  'a name that another version has by its position': {
    text: good.replace('metadata: {name: reviews-v1}', 'port: 9081').replace('reviews-v2', 'reviews-0'),
    says: ['9:22 application.versions[1].metadata.name: is "reviews-0" again, the name of versions[0]'],
    hint: 'Give every version a name of its own.',
  },
  'the name of the release for a version': {
    text: good.replace('reviews-v2', 'reviews'),
    says: ['9:22 application.versions[1].metadata.name: is "reviews", the name of the release'],
    hint: 'The release has a Service of that name; call the version reviews-v1, for example.',
  },
  'a name that is no DNS label': {
    text: good.replace('reviews-v2', 'Reviews_v2'),
    says: ['9:22 application.versions[1].metadata.name: "Reviews_v2" is no DNS label'],
    hint: 'Use a-z, 0-9 and -, a letter first and a letter or digit last.',
  },
  'a name that is too long': {
    text: good.replace('reviews-v2', 'r'.repeat(64)),
    says: ['9:22 application.versions[1].metadata.name: is 64 long, above the most allowed: 63'],
    hint: 'Give at most 63 characters.',
  },
  'an application and a namespace that are no DNS labels': {
    text: good.replace('  port', '  metadata: {name: -reviews, namespace: my.space}\n  port'),
    says: [
      '3:20 application.metadata.name: "-reviews" is no DNS label',
      '3:41 application.metadata.namespace: "my.space" is no DNS label',
    ],
    hint: 'Use a-z, 0-9 and -, a letter first and a letter or digit last.',
  },
  'a duration that is a number': {
    text: (good + evaluationValues).replace('interval: 60s', 'interval: 60'),
    says: ['13:13 analysis.interval: 60 is no duration'],
    hint: 'Write hours, minutes and seconds such as 60s, 30m or 1h30m.',
  },
  'a primary that is no version': {
    text: good.replace('  port', '  primary: reviews-v3\n  port'),
    says: ['3:12 application.primary: is "reviews-v3", which no version is called'],
    hint: 'The versions are: reviews-v1, reviews-v2.',
  },
  'a strategy that the environment cannot do': {
    text: good.replace('istio', 'kubernetes').replace('blue-green', 'mirrored'),
    says: ['4:13 application.strategy: is mirrored, which environment kubernetes cannot do'],
    hint: `mirrored works with: ${environmentsWith('mirror').join(', ')}.`,
  },
  'a selector that is taken from the Service': {
    text: good.replace('  port', '  deployment: {spec: {template: {metadata: {labels: {app: other}}}}}\n  port'),
    says: ['3:59 application.deployment.spec.template.metadata.labels.app: is "other"'],
    hint: 'Leave spec.selector and the label app',
  },
  'a deployment whose template is removed': {
    text: `${good}    deployment: {spec: {template: null}}\n`,
    says: ['12:35 application.versions[1].deployment.spec.template: is null, but the Service of reviews-v2'],
    hint: 'Leave spec.selector and the label app',
  },
  'a rollout without an analysis': {
    text: `${good}rollout: {policy: steps, steps: [5]}\n`,
    says: ['12:10 rollout: stands without analysis'],
    hint: 'Say under analysis what a candidate must keep',
  },
  'steps that fall': {
    text: good + evaluationValues.replace('[5, 50]', '[50, 5]'),
    says: ['16:38 rollout.steps[1]: is 5, not above the step before it'],
    hint: 'Steps rise, such as [5, 20, 50].',
  },
  'a typo in a step': {
    text: good + evaluationValues.replace('[5, 50]', '[5, {weigth: 20, duration: 30m}]'),
    says: ['16:37 rollout.steps[1].weight: is missing', '16:38 rollout.steps[1].weigth: is no known key'],
    hint: 'Did you mean weight? Allowed are: weight, duration, pause.',
  },
  'a typo beside the weight of a step': {
    text: good + evaluationValues.replace('[5, 50]', '[5, {weight: 60, puase: true}]'),
    says: ['16:50 rollout.steps[1].puase: is no known key'],
    hint: 'Did you mean pause? Allowed are: weight, duration, pause.',
  },
  'the key of another tool in a step': {
    text: good + evaluationValues.replace('[5, 50]', '[5, {setWeight: 60}]'),
    says: ['16:38 rollout.steps[1].setWeight: is no known key'],
    hint: 'Did you mean weight?',
  },
  'a pause for a time': {
    text: good + evaluationValues.replace('[5, 50]', '[5, {weight: 60, pause: {duration: 5m}}]'),
    says: ['16:57 rollout.steps[1].pause: a map is no pause'],
    hint: 'Write true until a person takes it out, or leave it out; for a time give the step a duration.',
  },
  'a pause that is none': {
    text: good + evaluationValues.replace('[5, 50]', '[5, {weight: 60, pause: false}]'),
    says: ['16:57 rollout.steps[1].pause: false is no pause'],
    hint: 'Write true until a person takes it out, or leave it out; for a time give the step a duration.',
  },
  'a step for a number': {
    text: good + evaluationValues.replace('[5, 50]', '[5, {weight: 60, duration: 30}]'),
    says: ['16:60 rollout.steps[1].duration: 30 is no duration'],
    hint: 'Write hours, minutes and seconds such as 60s, 30m or 1h30m.',
  },
  'a step in percent': {
    text: good + evaluationValues.replace('[5, 50]', '[5, 50%]'),
    says: ['16:37 rollout.steps[1]: "50%" is no number'],
    hint: 'Write 50.',
  },
  'a step that is a share': {
    text: good + evaluationValues.replace('[5, 50]', '[0.05, 50]'),
    says: ['16:34 rollout.steps[0]: 0.05 is no whole percent'],
    hint: 'Write 5 for 5 %.',
  },
  'a latency with a unit': {
    text: good + evaluationValues.replace('error-rate', 'latency-mean').replace('0.05', '0.3s'),
    says: ['15:51 analysis.objectives[0].upperLimit: "0.3s" is no number'],
    hint: 'Latencies are in milliseconds, so write 300.',
  },
  'a step that is no integer': {
    text: good + evaluationValues.replace('[5, 50]', '[5, 12.5]'),
    says: ['16:37 rollout.steps[1]: is 12.5, not an integer'],
    hint: 'Give an integer.',
  },
  'no interval': {
    text: good + evaluationValues.replace('interval: 60s', 'minRequests: 10'),
    says: ['13:3 analysis.interval: is missing'],
    hint: 'Write hours, minutes and seconds such as 60s, 30m or 1h30m.',
  },
  'a share in percent': {
    text: good + evaluationValues.replace('0.05', '7%'),
    says: ['15:49 analysis.objectives[0].upperLimit: "7%" is no number'],
    hint: 'Write a share as 0.07.',
  },
  'a percentile that is not measured': {
    text: good + evaluationValues.replace('error-rate', 'latency-p75'),
    says: ['15:25 analysis.objectives[0].metric: "latency-p75" is no percentile that is measured'],
    hint: 'Those are latency-p50, latency-p90, latency-p95, latency-p99.',
  },
  'a metric that is called almost as it is': {
    text: good + evaluationValues.replace('error-rate', 'latency-men'),
    says: [
      '15:25 analysis.objectives[0].metric: "latency-men" is no metric that is built in, and almost called like one',
    ],
    hint: 'Did you mean latency-mean? Built in are request-count, error-rate, latency-mean, ',
  },
  'a metric with the namespace that Iter8 gave it': {
    text: good + evaluationValues.replace('error-rate', 'iter8-system/error-rate'),
    says: [
      '15:25 analysis.objectives[0].metric: "iter8-system/error-rate" has a namespace, which metrics have none of here',
    ],
    hint: 'Write error-rate.',
  },
  'a winner that is less probable than not': {
    text: good + evaluationValues.replace('judge: threshold', 'judge: bayesian\n  bayesian: {winner: 0.4}'),
    says: ['15:22 analysis.bayesian.winner: is 0.4, below the least allowed: 0.5'],
    hint: 'Give at least 0.5.',
  },
  'no false rollback at all': {
    text: good + evaluationValues.replace('judge: threshold', 'sequential: {falseRollback: 0}'),
    says: ['14:31 analysis.sequential.falseRollback: is 0, not above 0'],
    hint: 'Give more than 0.',
  },
  'nothing but false promotions': {
    text: good + evaluationValues.replace('judge: threshold', 'sequential: {falsePromotion: 1}'),
    says: ['14:32 analysis.sequential.falsePromotion: is 1, not below 1'],
    hint: 'Give less than 1.',
  },
  'an error rate in percent': {
    text: good + evaluationValues.replace('0.05', '5'),
    says: ['15:49 analysis.objectives[0].upperLimit: is 5, which no error rate can be above'],
    hint: 'error-rate is a share from 0 to 1: write 0.05 for 5 %.',
  },
  'a duration of nothing': {
    text: good + evaluationValues.replace('60s', '0s'),
    says: ['13:13 analysis.interval: "0s" is no duration'],
    hint: 'Write hours, minutes and seconds such as 60s, 30m or 1h30m.',
  },
  'several faults at once': {
    text: good.replace('9080', '0').replace('weight: 100', 'weight: -1').replace('weight: 0', 'wieght: 0'),
    says: [
      '3:9 application.port: is 0, below the least allowed: 1',
      '8:13 application.versions[0].weight: is -1, below the least allowed: 0',
      '11:5 application.versions[1].wieght: is no known key',
    ],
    hint: 'Did you mean weight?',
  },
  'an empty file': { text: '', says: ['1:1 is empty'], hint: 'Fill it in, or remove it' },
  'nothing but comments': { text: '# soon\n\n', says: ['1:1 is empty'], hint: 'Fill it in, or remove it' },
  'nothing between markers': { text: '---\n...\n', says: ['1:1 is empty'], hint: 'Fill it in, or remove it' },
  'a null for the whole': { text: '~\n', says: ['1:1 is empty'], hint: 'Fill it in, or remove it' },
  'two documents': {
    text: `${good}---\n${good}`,
    says: ['13:1 holds a second document'],
    hint: 'One file is one document: move what follows --- to a file of its own.',
  },
  'a key twice': {
    text: good.replace('  port', '  strategy: none\n  port'),
    says: ['5:3 has the key strategy a second time'],
    hint: 'Keep one of the two',
  },
  'a tab for an indent': {
    text: good.replace('  strategy', '\tstrategy'),
    says: ['4:1 is indented with a tab, which YAML does not take'],
    hint: 'Indent with spaces.',
  },
  'what is no YAML': {
    text: good.replace('{name: reviews-v1}', '{name: reviews-v1'),
    says: ['7:5 '],
    hint: 'The file is read as YAML 1.1',
  },
  'an oversized file': {
    text: `${good}#${'x'.repeat(1_048_576)}\n`,
    says: ['1:1 is too large: 10488'],
    hint: 'At most 1048576 bytes are read',
  },
  'a bomb of aliases': {
    text: bomb(),
    says: ['1:1 has aliases or merge keys that cannot be resolved'],
    hint: 'Write the repeated parts out.',
  },
  'a bomb of merge keys': {
    text: bomb().replace(/: \[(.*)\]/g, ': [{<<: [$1]}]'),
    says: ['1:1 has aliases or merge keys that cannot be resolved'],
    hint: 'Write the repeated parts out.',
  },
  'an alias of nothing': {
    text: good.replace('9080', '*port'),
    says: ['3:9 names *port, which nothing before it is called'],
    hint: 'Put &port before the value that is meant, further up, or write the value out.',
  },
  'an alias of what it is in': {
    text: good.replace('  port', '  deployment: {spec: &spec {template: *spec}}\n  port'),
    says: ['3:39 names *spec, of which it is a part'],
    hint: 'Write the value out.',
  },
  'brackets without an end': {
    text: '['.repeat(20_000),
    says: ['1:101 is nested more than 100 levels deep'],
    hint: 'Write it with fewer levels.',
  },
  'lists in lists in lists': {
    text: `${'- '.repeat(5_000)}x\n`,
    says: ['1:201 is nested more than 100 levels deep'],
    hint: 'Write it with fewer levels.',
  },
};

describe('bad values', () => {
  let workspace: ScratchWorkspace;
  beforeAll(async () => {
    workspace = await ScratchWorkspace.rendered({ 'sluice.yaml': metrics, [file]: good });
  });

  it.each(Object.entries(bad))('%s: every command says what and where, and changes nothing', async (_, values) => {
    const { text, says, hint } = values;
    workspace.commit({ [file]: text });
    const before = workspace.fingerprint();

    const synth = await workspace.run('synth');
    const candidate = await workspace.run('candidate', 'reviews', '--image', 'registry.example/reviews:v3');
    for (const { code, stdout, stderr } of [synth, candidate]) {
      expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
      for (const words of says) expect(stderr).toContain(`${file}:${words}`);
      expect(stderr).toContain(`  hint: ${hint}`);
    }
    const evaluate = await workspace.run('evaluate');
    expect(evaluate).toMatchObject({ code: 2, stderr: '' });
    for (const words of says) expect(evaluate.stdout).toContain(`  ${file}:${words}`);
    expect(evaluate.stdout).toContain(`    hint: ${hint}`);
    expect(workspace.fingerprint()).toEqual(before);
  });

  it.each(Object.entries(bad))('%s: synth -f - prints no manifest', async (_, { text, says }) => {
    const argv = ['synth', '-f', '-', '--name', 'reviews'];
    const { code, stdout, stderr }: Outcome = await sluice(argv, { cwd: '/', stdin: text, now: start });
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    for (const words of says) expect(stderr).toContain(`stdin:${words}`);
  });
});

/** Nine lists, each of nine times the one before: 9⁹ leaves. */
function bomb(): string {
  const names = [...'abcdefghi'];
  const lines = names.map((name, i) => {
    const before = names[i - 1];
    const item = before === undefined ? 'x' : `*${before}`;
    return `${name}: &${name} [${Array(9).fill(item).join(', ')}]\n`;
  });
  return lines.join('');
}
