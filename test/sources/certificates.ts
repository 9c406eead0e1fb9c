import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Files of PEM. */
export interface Pair {
  readonly cert: string;
  readonly key: string;
}

/** An authority of a test's own, whose certificates hold for a day. */
export class Authority {
  readonly folder = mkdtempSync(join(tmpdir(), 'sluice-certificates-'));
  readonly #own: Pair;

  constructor() {
    this.#own = this.#place('authority');
    this.#openssl('req', '-x509', ...this.#fresh(this.#own, 'sluice-test-authority'), '-out', this.#own.cert);
  }

  /** The file of what a client believes. */
  get ca(): string {
    return this.#own.cert;
  }

  /** Returns a certificate for a name, signed by this authority. */
  issue(name: string, alternatives = 'IP:127.0.0.1'): Pair {
    const pair = this.#place(name);
    const request = join(this.folder, `${name}.csr`);
    const extensions = join(this.folder, `${name}.ext`);
    writeFileSync(extensions, `subjectAltName=${alternatives}\n`);
    this.#openssl('req', ...this.#fresh(pair, name), '-out', request);
    const signed = ['-CA', this.#own.cert, '-CAkey', this.#own.key, '-CAcreateserial', '-extfile', extensions];
    this.#openssl('x509', '-req', '-days', '1', '-in', request, '-out', pair.cert, ...signed);
    return pair;
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  #place(name: string): Pair {
    return { cert: join(this.folder, `${name}.crt`), key: join(this.folder, `${name}.key`) };
  }

  #fresh({ key }: Pair, name: string): string[] {
    const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1'];
    return [...curve, '-nodes', '-keyout', key, '-subj', `/CN=${name}`];
  }

  #openssl(...args: string[]): void {
    execFileSync('openssl', args, { stdio: 'pipe' });
  }
}

/** Returns the texts of a pair. */
export function textsOf({ cert, key }: Pair): Pair {
  return { cert: readFileSync(cert, 'utf8'), key: readFileSync(key, 'utf8') };
}
