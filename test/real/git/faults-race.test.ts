import { afterEach, expect, test } from 'vitest';
import { GitHttpServer } from './http-backend.js';
import { type Pass, Person, Race, valuesOf } from './race.js';
import { assertLinear, assertOnce, assertSteps, reportsOf } from './race-laws.js';

/** Passes of all evaluators together in the race over http, and a few in that over file; more of them is a longer race. */
const passes = Number(process.env.SLUICE_RACE_PASSES ?? 104);
const patience = 120_000 + passes * 3_000;

/** Eight evaluators: half of them look at one release alone. */
const evaluators = [undefined, 'app-0', undefined, 'app-1', undefined, 'app-0', undefined, 'app-1'];
const passesEach = Math.ceil(passes / evaluators.length);

const servers: GitHttpServer[] = [];

afterEach(async () => {
  for (const server of servers.splice(0)) await server.stop();
});

test('eight evaluators race over file: a decision lands once, or was overtaken', { timeout: patience }, async () => {
  const { git, repository } = await serve();
  await using race = await Race.at(`file://${repository}`, { releases: 4 });
  const reports = reportsOf(await race.run(evaluators, Math.ceil(passesEach / 8)));
  assertLinear(git);
  assertOnce(git, reports);
  assertSteps(git);
  expect(reports.flatMap(({ overtaken }) => overtaken).length).toBeGreaterThan(0);
});

test('eight evaluators race over http, while a person edits, renames, removes and rewinds', {
  timeout: patience,
}, async () => {
  const { git, url } = await serve();
  await using race = await Race.at(url, { releases: 4 });
  const person = new Person(await race.clone());
  const raced = await runUntil(disturb(person, git), () => race.run(evaluators, passesEach));
  expect(raced.length).toBeGreaterThanOrEqual(passes);
  // Whatever the last of them did, the next one goes on.
  const reports = reportsOf([...raced, ...(await race.run([undefined], 1))]);
  assertLinear(git);
  assertOnce(git, reports, person.rewound);
  assertSteps(git);
  for (const { path, line } of person.edits) expect(git('show', `main:${path}`).split('\n')).toContain(line);
  expect(git('ls-tree', '--name-only', 'main:releases').split('\n')).toEqual(['app-0', 'app-1', 'app-2-renamed']);
  expect(git('ls-tree', '-d', '--name-only', 'main:rendered').split('\n')).toEqual(['app-0', 'app-1', 'app-2-renamed']);
});

/** Once at least, and again as long as something else is under way: how fast passes are depends on the machine. */
async function runUntil(other: Promise<void>, run: () => Promise<Pass[]>): Promise<Pass[]> {
  let isOver = false;
  const over = other.finally(() => {
    isOver = true;
  });
  // What it fails by is said below, and not while a round is under way.
  over.catch(() => {});
  const passes: Pass[] = [];
  do passes.push(...(await run()));
  while (!isOver);
  await over;
  return passes;
}

async function disturb(person: Person, git: GitHttpServer['git']): Promise<void> {
  const changes = [
    () => person.edit(valuesOf('app-0'), '# edited by hand'),
    () => person.move('releases/app-2', 'releases/app-2-renamed'),
    () => person.edit(valuesOf('app-1'), '# edited by hand'),
    () => person.remove('releases/app-3'),
    () => person.rewind(2),
  ];
  for (const change of changes) {
    const before = Number(git('rev-list', '--count', 'main'));
    const made = () => Number(git('rev-list', '--count', 'main')) - before;
    await expect.poll(made, { timeout: 60_000, interval: 100 }).toBeGreaterThanOrEqual(4);
    await change();
  }
}

async function serve() {
  const server = await GitHttpServer.start();
  servers.push(server);
  const git = (...args: readonly string[]) => server.git(...args);
  return { git, repository: server.repository, url: server.url };
}
