// The layers of the project, top to bottom. An import may point down or stay inside its folder, never up or sideways.
const layers = [
  { folders: ['cli'], why: 'the command line knows everything and nothing knows it' },
  {
    folders: ['notify'],
    why: 'whoever is told of a commit is told after it is made, and nothing that decides or writes waits for that',
  },
  { folders: ['lints'], why: 'what is seldom meant is judged by all that follows from it, and changes nothing' },
  { folders: ['simulate'], why: 'it plays what a pass would do, and nothing that is in earnest needs it' },
  { folders: ['evaluate'], why: 'a pass puts the parts together' },
  { folders: ['synth', 'gitops', 'importers', 'reports'], why: 'each writes one kind of output and can be used alone' },
  { folders: ['values'], why: 'what people write is checked before anything acts on it' },
  {
    folders: ['environments', 'strategies', 'sources', 'judges', 'policies'],
    why: 'extension points meet only in the types of release/, so N + M files serve N x M pairs',
  },
  { folders: ['release', 'stats'], why: 'the words of the project and pure arithmetic, free of any input or output' },
];

const path = (folders) => `^src/(${folders.join('|')})/`;

const upward = layers.slice(1).map(({ folders, why }, i) => ({
  name: `${folders.join('-')}-imports-down-only`,
  comment: `Imports point down only: ${why}.`,
  severity: 'error',
  from: { path: path(folders) },
  to: { path: path(layers.slice(0, i + 1).flatMap((layer) => layer.folders)) },
}));

const sideways = layers
  .filter(({ folders }) => folders.length > 1)
  .map(({ folders, why }) => ({
    name: `${folders.join('-')}-do-not-know-each-other`,
    comment: `Folders of one layer know each other only through the types below them: ${why}.`,
    severity: 'error',
    from: { path: `^src/(${folders.join('|')})/` },
    to: { path: path(folders), pathNot: '^src/$1/' },
  }));

module.exports = {
  forbidden: [
    ...upward,
    ...sideways,
    {
      name: 'errors-import-nothing',
      comment: 'errors.ts is the bottom: every layer throws its classes.',
      severity: 'error',
      from: { path: '^src/errors\\.ts$' },
      to: { path: '^src/' },
    },
    {
      name: 'entry-points-are-not-imported',
      comment: 'index.ts, bin.ts and main.ts are for users; code inside imports the file that it means.',
      severity: 'error',
      from: { path: '^src/' },
      to: { path: '^src/(index|bin|main)\\.ts$' },
    },
    {
      name: 'pure-below-the-edges',
      comment:
        'The network, processes and the file system appear only in cli/, notify/, sources/, gitops/ and the writers of files.',
      severity: 'error',
      from: { path: '^src/(release|stats|strategies|environments|judges|policies|evaluate|simulate|lints)/' },
      to: { path: '^(node:)?(fs|child_process|net|http|https|os|timers|worker_threads)(/|$)' },
    },
    {
      name: 'library-without-a-command-line',
      comment: 'commander is for the command line; users of the constructs do not load it.',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/(cli|bin)' },
      to: { path: 'node_modules/commander' },
    },
    {
      name: 'no-circles',
      comment: 'A circle means that two files are one.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'no-development-dependencies',
      comment:
        'What ships must not import what is not installed with it. @octokit is in the bundles of the command line, and nothing else imports it.',
      severity: 'error',
      from: { path: '^src/' },
      to: {
        dependencyTypes: ['npm-dev'],
        dependencyTypesNot: ['npm-peer', 'type-only'],
        pathNot: '^node_modules/@octokit/',
      },
    },
    {
      name: 'octokit-only-where-it-is-bundled',
      comment: '@octokit is not installed with the package: the library, which is not bundled, must not lead to it.',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/gitops/github/' },
      to: { path: '^node_modules/@octokit/' },
    },
    {
      name: 'resolvable',
      comment: 'Every import has a target.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: 'node_modules' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default', 'types'] },
  },
};
