import { join } from 'node:path';
import { summaryOf } from '../../evaluate/commit-plan.js';
import type { Decision } from '../../evaluate/decision.js';
import { parseStatus, type Settled } from '../../evaluate/status.js';
import { runGit } from '../../gitops/git.js';
import type { Sample } from '../../release/evaluation.js';
import type { Simulator } from '../../sources/simulator.js';
import { loadValues } from '../../values/load.js';
import type { ResolvedRelease } from '../../values/resolve.js';
import { candidate } from '../candidate.js';
import { evaluate } from '../evaluate.js';
import { readText, readTextIfThere } from '../read-text.js';
import { applyHead, type BehaviourOf, type Split } from './cluster.js';
import { runCaptured } from './run-captured.js';
import type { Audience, Happening, Row, Scene } from './scene.js';

/** The release that `sluice init` makes, with its files. */
export const starter = {
  release: 'reviews',
  values: 'releases/reviews/values.yaml',
  status: 'releases/reviews/status.yaml',
  manifests: 'rendered/reviews/manifests.yaml',
} as const;

/** Seconds of traffic between two looks of the audience; a minute is a whole number of them. */
const glance = 10;
const minute = 60;

/** What a stage is made of. */
export interface StageOptions {
  readonly simulator: Simulator;
  /** The repository, absolute. */
  readonly folder: string;
  readonly behaviourOf: BehaviourOf;
  readonly audience: Audience;
}

/** What the newest commit says. */
interface Committed {
  readonly split: Split;
  readonly release: ResolvedRelease;
  readonly settled: readonly Settled[];
}

/** Runs sluice's own commands in a repository, lets a simulated cluster follow every commit, and shows both. */
export class Stage {
  readonly #options: StageOptions;
  readonly #title: string;
  #committed: Committed;
  #happenings: readonly Happening[] = [];

  private constructor(title: string, options: StageOptions, committed: Committed) {
    this.#title = title;
    this.#options = options;
    this.#committed = committed;
  }

  /** Opens a page of its own on the repository as it is. */
  static async open(title: string, options: StageOptions): Promise<Stage> {
    return new Stage(title, options, await readCommitted(options));
  }

  /** The percents that are live now, by version. */
  get split(): Split {
    return this.#committed.split;
  }

  /** Lets a minute of traffic pass. */
  async passMinute(): Promise<void> {
    const { simulator, audience } = this.#options;
    for (let passed = 0; passed < minute; passed += glance) {
      simulator.advance(glance);
      await audience.seeTraffic(this.#scene());
    }
  }

  /** Runs `sluice candidate`. */
  async addCandidate(image: string): Promise<void> {
    await this.#run((io) => candidate({ argument: starter.release, options: { image } }, io));
    const log = await runGit(['log', '-1', '--format=%H %s'], { cwd: this.#options.folder });
    const [, commit, summary = ''] = /^(\S+) [^:]*: (.*)$/m.exec(log) ?? [];
    await this.#tell({ kind: 'by hand', summary, commit });
  }

  /** Runs `sluice evaluate` and returns what it decided. */
  async evaluate(): Promise<Decision['kind'] | undefined> {
    const printed = await this.#run((io) => evaluate({ argument: starter.release, options: { output: 'json' } }, io));
    const report = JSON.parse(printed) as { decisions: (Decision & { commit?: string })[] };
    for (const decision of report.decisions) {
      const { kind, reason, commit } = decision;
      await this.#tell({ kind, summary: summaryOf(decision), reason, commit });
    }
    return report.decisions[0]?.kind;
  }

  #run(command: Parameters<typeof runCaptured>[0]): Promise<string> {
    const { simulator, folder } = this.#options;
    return runCaptured(command, { cwd: folder, now: () => simulator.now });
  }

  async #tell(news: Omit<Happening, 'at'>): Promise<void> {
    if (news.commit !== undefined) this.#committed = await readCommitted(this.#options);
    this.#happenings = [...this.#happenings, { at: this.#options.simulator.now, ...news }];
    await this.#options.audience.hearNews(this.#scene());
  }

  #scene(): Scene {
    const { simulator } = this.#options;
    const rows = rowsOf(this.#committed, simulator);
    return { title: this.#title, now: simulator.now, rows, happenings: this.#happenings };
  }
}

async function readCommitted({ simulator, folder, behaviourOf }: StageOptions): Promise<Committed> {
  const split = await applyHead(simulator, { folder, manifests: starter.manifests, behaviourOf });
  const identity = { file: starter.values, name: starter.release, namespace: 'default' };
  const { release } = loadValues(readText(join(folder, starter.values), starter.values), identity);
  const { settled } = parseStatus(readTextIfThere(join(folder, starter.status), starter.status), starter.status);
  return { split, release, settled };
}

function rowsOf({ split, release, settled }: Committed, simulator: Simulator): Row[] {
  const { model, analysis } = release;
  const limit = analysis?.objectives.find(({ metric }) => metric === 'error-rate')?.upperLimit ?? 1;
  return model.versions.map(({ name }) => {
    const outcome = settled.find((entry) => entry.name === name)?.outcome;
    const traffic = lastMinuteOf(name, model.namespace, simulator);
    return {
      name,
      role: name === model.primary ? 'primary' : (outcome ?? 'candidate'),
      share: split[name] ?? 0,
      traffic,
      failing: traffic !== undefined && traffic.errors > limit * traffic.requests,
    };
  });
}

function lastMinuteOf(service: string, namespace: string, simulator: Simulator): Sample | undefined {
  const subject = { namespace, service, reporter: 'source' } as const;
  const [before, after] = [simulator.now - minute, simulator.now].map((time) => simulator.totals(subject, time));
  if (before === undefined || after === undefined || after.requests === before.requests) return undefined;
  return {
    requests: after.requests - before.requests,
    errors: after.errors - before.errors,
    latencySum: after.latencySum - before.latencySum,
  };
}
