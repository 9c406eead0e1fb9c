import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { commands } from '../../src/cli/commands.js';
import { judges } from '../../src/judges/registry.js';
import { scratchFolder, sluice } from './workspace.js';

const cwd = scratchFolder();
const { version } = JSON.parse(readFileSync('package.json', 'utf8'));

describe('the command line', () => {
  it.each([['--help'], ['-h'], ['help']])('lists every command for %s', async (word) => {
    const { code, stdout, stderr } = await sluice([word], { cwd });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    for (const [name, { summary }] of Object.entries(commands)) {
      expect(stdout).toMatch(new RegExp(`^ {2}${name} .*${summary.slice(0, 20)}`, 'm'));
    }
  });

  it('asks for a command where none is given', async () => {
    const { code, stdout, stderr } = await sluice([], { cwd });
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain('Usage: sluice');
  });

  it.each([['--version'], ['-V']])('prints its version for %s', async (word) => {
    expect(await sluice([word], { cwd })).toEqual({ code: 0, stdout: `${version}\n`, stderr: '' });
  });

  it.each(Object.entries(commands))(
    '%s --help tells of every option and argument',
    async (name, { options, argument }) => {
      const { code, stdout, stderr } = await sluice([name, '--help'], { cwd });
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      expect(stdout).toContain(`Usage: sluice ${name} [options]${argument === undefined ? '' : ` ${argument}`}`);
      for (const [option, { summary }] of Object.entries(options)) {
        expect(stdout).toContain(`--${option}`);
        expect(stdout.replace(/\s+/g, ' ')).toContain(summary);
      }
    },
  );

  it('judge --help names every judge', async () => {
    const { stdout } = await sluice(['judge', '--help'], { cwd });
    for (const id of Object.keys(judges)) expect(stdout).toContain(id);
  });

  it.each<[string[], RegExp]>([
    [['sinth'], /unknown command 'sinth'\n\(Did you mean synth\?\)/],
    [['toString'], /unknown command 'toString'/],
    [['--quick'], /unknown option '--quick'/],
    [['synth', '--fiel', 'x'], /unknown option '--fiel'\n\(Did you mean --file\?\)/],
    [['synth', '-f'], /option '-f, --file <FILE>' argument missing/],
    [['synth', '-f', 'x', '--name', '-y'], /--name/],
    [['synth', 'values.yaml'], /too many arguments/],
    [['evaluate', 'a', 'b'], /too many arguments/],
    [['evaluate', '--dry-run=yes'], /--dry-run/],
    [['schema', 'x'], /too many arguments/],
    [['judge', '-f', 'x'], /--judge is missing/],
    [['judge', '--judge', 'threshold'], /--file is missing/],
  ])('says what is wrong with %j and where help is, with exit code 2', async (argv, says) => {
    const { code, stdout, stderr } = await sluice(argv, { cwd });
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(says);
    expect(stderr).toContain('--help');
  });
});
