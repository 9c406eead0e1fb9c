import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { requireTools, tools } from './tools.js';

/** How one run of Prometheus differs from its defaults. */
export interface PrometheusRun {
  /** Samples that a query may load; 1 lets every query that finds data fail. @default Prometheus' own */
  readonly maxSamples?: number;
  /** The file of what its server asks of clients: certificates, passwords. @default nothing */
  readonly webConfig?: string;
  /** Whether agents may push to it. @default false */
  readonly remoteWrite?: boolean;
}

/** Seconds between two scrapes of a target. */
export const scrapeInterval = 0.25;

/** The kernel ends Prometheus together with this process, even when this one is killed and can end nothing itself. */
const leash = ['setpriv', '--pdeathsig', 'KILL'] as const;

const listening = /msg="Listening on" address=(\S+)\s/;

/** Seconds; all of this takes Prometheus a fraction of one. */
const patience = 20;

/** A real Prometheus on a free port of 127.0.0.1. Over a restart it keeps its port and its data. */
export class RealPrometheus {
  readonly #folder = realpathSync(mkdtempSync(join(tmpdir(), 'sluice-prometheus-')));
  #address = '127.0.0.1:0';
  #process: ChildProcess | undefined;
  #log = '';

  /**
   * @param targets what is scraped, as `host:port`
   * @throws Error when Prometheus is not installed
   */
  constructor(targets: readonly string[]) {
    requireTools(['prometheus']);
    const duration = `${scrapeInterval * 1000}ms`;
    // JSON is YAML.
    const config = {
      global: { scrape_interval: duration, scrape_timeout: duration },
      scrape_configs: [{ job_name: 'istio', static_configs: [{ targets }] }],
    };
    writeFileSync(join(this.#folder, 'prometheus.yml'), JSON.stringify(config));
  }

  get url(): string {
    return `http://${this.#address}`;
  }

  /** The end of its log, for people who look into a failure. */
  get log(): string {
    return this.#log.trimEnd().split('\n').slice(-20).join('\n');
  }

  /** Starts it and waits until it says that it is ready. */
  async start({ maxSamples, webConfig, remoteWrite = false }: PrometheusRun = {}): Promise<void> {
    const options = [
      `--config.file=${join(this.#folder, 'prometheus.yml')}`,
      `--storage.tsdb.path=${join(this.#folder, 'data')}`,
      `--web.listen-address=${this.#address}`,
      ...(webConfig === undefined ? [] : [`--web.config.file=${webConfig}`]),
      ...(remoteWrite ? ['--web.enable-remote-write-receiver'] : []),
      ...(maxSamples === undefined ? [] : [`--query.max-samples=${maxSamples}`]),
    ];
    const [program, ...args] = leash;
    const child = spawn(program, [...args, tools.prometheus, ...options], { stdio: ['ignore', 'ignore', 'pipe'] });
    this.#process = child;
    this.#log = '';
    await this.#untilReady(child);
    this.#address = listening.exec(this.#log)?.[1] ?? this.#address;
  }

  async #untilReady(child: ChildProcess): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const ready = new Promise<void>((resolve, reject) => {
      const fail = (why: string) => reject(new Error(`Cannot start Prometheus: ${why}\n${this.log}`));
      timer = setTimeout(() => fail(`not ready after ${patience} s`), patience * 1000);
      child.once('error', (error) => fail(error.message));
      child.once('exit', (code, signal) => fail(`it ended with ${signal ?? code}`));
      child.stderr?.setEncoding('utf8').on('data', (text: string) => {
        this.#log += text;
        // Which of the two it says first is chance.
        if (this.#log.includes('Server is ready to receive web requests') && listening.test(this.#log)) resolve();
      });
    });
    await ready.finally(() => clearTimeout(timer));
  }

  /** Waits until the last scrape of a target went as expected. */
  async untilTarget(target: string, health: 'up' | 'down'): Promise<void> {
    const deadline = Date.now() + patience * 1000;
    while ((await this.#healthOf(target)) !== health) {
      if (Date.now() > deadline) throw new Error(`Cannot see ${target} ${health} within ${patience} s\n${this.log}`);
      await delay(50);
    }
  }

  async #healthOf(target: string): Promise<string | undefined> {
    const response = await fetch(`${this.url}/api/v1/targets?state=active`);
    const { data } = (await response.json()) as { data: { activeTargets: { scrapeUrl: string; health: string }[] } };
    return data.activeTargets.find(({ scrapeUrl }) => scrapeUrl === `http://${target}/metrics`)?.health;
  }

  /** Stops it from doing anything while its port stays open, or lets it go on. */
  freeze(frozen: boolean): void {
    this.#process?.kill(frozen ? 'SIGSTOP' : 'SIGCONT');
  }

  /** Ends it and waits for its end; its port is closed then. */
  async stop(): Promise<void> {
    const child = this.#process;
    this.#process = undefined;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const end = once(child, 'exit');
    child.kill('SIGTERM');
    child.kill('SIGCONT');
    const timer = setTimeout(() => child.kill('SIGKILL'), patience * 1000);
    await end;
    clearTimeout(timer);
  }

  /** Stops it and removes its data. */
  async close(): Promise<void> {
    await this.stop();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
