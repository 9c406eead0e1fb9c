/** Annotations of a pod template, by which a test decides how its pods come up. */
export const podAnnotations = {
  /** A duration such as `3s`, after which a pod is ready rather than at once. */
  readyAfter: 'tests/ready-after',
  /** With `false` its containers run, and never become ready. */
  ready: 'tests/ready',
} as const;

type Requirement = readonly [key: string, operator: 'In' | 'NotIn' | 'Exists' | 'DoesNotExist', ...values: string[]];

interface Stage {
  readonly name: string;
  readonly kind: 'Node' | 'Pod';
  /** All must hold; the keys are jq. */
  readonly when: readonly Requirement[];
  /** What happens; with a delay in `delay`. */
  readonly next: object;
  readonly delay?: object;
}

const now = '{{ Now | Quote }}';
const readyAfter = annotation(podAnnotations.readyAfter);
const ready = annotation(podAnnotations.ready);

const waiting: readonly Requirement[] = [
  ['.metadata.deletionTimestamp', 'DoesNotExist'],
  ['.status.phase', 'In', 'Pending'],
];

/** How kwok makes a node and its pods what a kubelet would: the first stage whose requirements hold is what happens. */
const stages: readonly Stage[] = [
  {
    name: 'node-ready',
    kind: 'Node',
    when: [['.status.conditions.[] | select(.type == "Ready") | .status', 'NotIn', 'True']],
    next: { statusTemplate: `conditions:\n${condition('Ready', true)}` },
  },
  {
    name: 'pod-ready',
    kind: 'Pod',
    when: [...waiting, [ready, 'NotIn', 'false']],
    delay: { durationMilliseconds: 0, durationFrom: { jq: { expression: readyAfter } } },
    next: { statusTemplate: runningPod(true) },
  },
  {
    name: 'pod-unready',
    kind: 'Pod',
    when: [...waiting, [ready, 'In', 'false']],
    next: { statusTemplate: runningPod(false) },
  },
  { name: 'pod-gone', kind: 'Pod', when: [['.metadata.deletionTimestamp', 'Exists']], next: { delete: true } },
];

/** Returns the configuration of kwok; JSON is YAML. */
export function kwokConfig(): string {
  return stages.map((stage) => JSON.stringify(objectOf(stage))).join('\n---\n');
}

function objectOf({ name, kind, when, next, delay }: Stage): object {
  const matchExpressions = when.map(([key, operator, ...values]) => ({ jq: { key, operator, values } }));
  const resourceRef = { apiGroup: 'v1', kind };
  const spec = { resourceRef, selector: { matchExpressions }, delay, next };
  return { apiVersion: 'kwok.x-k8s.io/v1alpha1', kind: 'Stage', metadata: { name }, spec };
}

function annotation(name: string): string {
  return `.metadata.annotations["${name}"]`;
}

/** The status of a pod whose containers run, with kwok's own functions in it. */
function runningPod(isReady: boolean): string {
  const address = 'PodIPsWith .spec.nodeName false .metadata.uid .metadata.name .metadata.namespace';
  const running = `ready: ${isReady}, restartCount: 0, state: {running: {startedAt: ${now}}}`;
  return [
    `phase: Running\nstartTime: ${now}\npodIP: {{ index (${address}) 0 | Quote }}\npodIPs:`,
    `- ip: {{ index (${address}) 0 | Quote }}\nconditions:`,
    ...['PodScheduled', 'Initialized'].map((type) => condition(type, true)),
    ...['ContainersReady', 'Ready'].map((type) => condition(type, isReady)),
    'containerStatuses:\n{{ range .spec.containers }}',
    `- {name: {{ .name | Quote }}, image: {{ .image | Quote }}, ${running}}\n{{ end }}`,
  ].join('\n');
}

function condition(type: string, holds: boolean): string {
  return `- {type: ${type}, status: "${holds ? 'True' : 'False'}", lastTransitionTime: ${now}}`;
}
