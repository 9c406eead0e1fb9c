import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, test } from 'vitest';
import { isAlive } from './is-alive.js';
import { LeashedProcess } from './leashed-process.js';

const never = async () => false;
const shell = (script: string) => new LeashedProcess('sh', ['-c', script]);

describe('LeashedProcess', () => {
  test('fails at once, with the end of the log, when the program ends', async () => {
    const program = shell('echo first; echo it is broken >&2; exit 3');
    const failure = 'Cannot start sh: it ended with 3\nfirst\nit is broken';
    await expect(program.untilReady(never, 3600)).rejects.toThrow(failure);
  });

  test('fails with the log of a program that does not become ready', async () => {
    const program = shell('echo thinking; exec sleep 3600');
    await expect(program.untilReady(never, 0.5)).rejects.toThrow('Cannot start sh: not ready after 0.5 s\nthinking');
    await program.stop(1);
  });

  test('says which program is absent', async () => {
    const program = new LeashedProcess('/nowhere/etcd', []);
    await expect(program.untilReady(never, 3600)).rejects.toThrow(/Cannot start etcd: .*\n.*\/nowhere\/etcd/);
  });

  test('remembers what it said before the end of its log, in its environment', async () => {
    const script = 'echo "$WORDS"; for i in $(seq 30); do echo $i; done; exec sleep 3600';
    const program = new LeashedProcess('sh', ['-c', script], { WORDS: 'here I am' });
    await program.untilReady(async () => program.log.endsWith('30'), 10);
    expect(program.log).not.toContain('here I am');
    expect(program.hasSaid('here I am')).toBe(true);
    await program.stop(1);
  });

  test('stop() kills a program that will not end', async () => {
    const program = shell('trap "" TERM; echo deaf; while :; do sleep 0.1; done');
    await program.untilReady(async () => program.log === 'deaf', 10);
    await program.stop(0.2);
    await expect(program.untilReady(never, 3600)).rejects.toThrow('it ended with SIGKILL');
  });

  test('ends with the process that started it, even when that is killed', async () => {
    const script = `
      import { LeashedProcess } from './test/real/leashed-process.ts';
      const program = new LeashedProcess('sh', ['-c', 'echo $$; exec sleep 3600']);
      await program.untilReady(async () => program.log !== '', 10);
      console.log(program.log);`;
    const options = ['--import', 'tsx', '--input-type=module', '--eval', script];
    const parent = spawn(process.execPath, options, { stdio: ['ignore', 'pipe', 'inherit'] });
    const pid = Number(String((await once(parent.stdout, 'data'))[0]));
    expect(isAlive(pid)).toBe(true);
    parent.kill('SIGKILL');
    await expect.poll(() => isAlive(pid)).toBe(false);
  });
});
