import { setTimeout as delay } from 'node:timers/promises';
import { IstioService } from './istio-service.js';
import { LoadGenerator } from './load-generator.js';
import { type Evaluation, ReleaseRepository } from './release-repository.js';

/** Seconds: the length of a window, and how long after its end it counts as complete. */
export const interval = 2;
const completion = 1;

/** What the release of a shop asks for; small enough for one window per step. */
const values = {
  'analysis.interval': `${interval}s`,
  'analysis.minRequests': 20,
  'analysis.objectives': [
    { metric: 'error-rate', upperLimit: 0.05 },
    { metric: 'latency-mean', maxRatio: 4 },
  ],
  'rollout.steps': [20, 50],
};

/** Two versions that really answer, somebody who really asks them, and the repository that says how much of it. */
export class Shop {
  readonly repository = new ReleaseRepository();
  readonly primary: IstioService;
  readonly candidate: IstioService;
  readonly load: LoadGenerator;

  constructor(readonly namespace: string) {
    this.primary = new IstioService(namespace, 'reviews-v1');
    this.candidate = new IstioService(namespace, 'reviews-v2');
    this.load = new LoadGenerator([this.primary, this.candidate], { rate: 150, maxDuration: 150 });
  }

  /** Starts both versions, so that their ports are known. */
  async start(): Promise<void> {
    await Promise.all([this.primary.start(), this.candidate.start()]);
  }

  /** Makes the repository, with a candidate that waits to be let in, and routes as it says; nobody asks anything yet. */
  async open(metricsUrl: string): Promise<void> {
    await this.repository.init({ namespace: this.namespace, metricsUrl, values });
    const image = 'docker.io/istio/examples-bookinfo-reviews-v2:1.20.2';
    await this.repository.sluice('candidate', 'reviews', '--image', image, '--version', 'reviews-v2');
    this.load.route(await this.repository.routedWeights());
  }

  /** Runs one pass and routes as the repository says afterwards, as Argo CD and Istio would. */
  async pass(): Promise<Evaluation> {
    const evaluation = await this.repository.evaluate();
    this.load.route(await this.repository.routedWeights());
    return evaluation;
  }

  /** Runs a pass whenever a window is complete, until one does more than hold. */
  async decision(): Promise<Evaluation> {
    let evaluation: Evaluation | undefined;
    for (let passes = 0; passes < 8; passes += 1) {
      await sleepUntil(nextMultiple(now() - completion) + completion);
      evaluation = await this.pass();
      if (evaluation.decisions.some(({ kind }) => kind !== 'hold')) return evaluation;
    }
    throw new Error(`Cannot get a decision within 8 windows: ${JSON.stringify(evaluation, null, 2)}`);
  }

  /** Lets the candidate in: it has its first share then. */
  async enter(): Promise<void> {
    const { decisions } = await this.decision();
    if (decisions[0]?.to !== 20) throw new Error(`Cannot start at 20 %: ${JSON.stringify(decisions)}`);
  }

  async close(): Promise<void> {
    this.load.stop();
    await Promise.all([this.primary.close(), this.candidate.close()]);
    this.repository.remove();
  }
}

/** Waits until a window is complete that starts now or later. */
export async function wholeWindow(): Promise<void> {
  await sleepUntil(nextMultiple(now()) + interval + completion);
}

function now(): number {
  return Date.now() / 1000;
}

function nextMultiple(time: number): number {
  return (Math.floor(time / interval) + 1) * interval;
}

/** Timers may fire a little early. */
async function sleepUntil(time: number): Promise<void> {
  while (now() < time) await delay(Math.ceil((time - now()) * 1000));
}
