/** Nothing of the machine's own settings, nor of a repository around: neither git's, nor a proxy, nor a question to a person. */
export function gitEnvironment(more: Readonly<Record<string, string>> = {}): NodeJS.ProcessEnv {
  return {
    PATH: process.env.PATH,
    HOME: '/nonexistent',
    // Not /dev/null: what runs as root and writes settings, as a server does, would put a file in its place.
    GIT_CONFIG_GLOBAL: '/nonexistent/gitconfig',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_TERMINAL_PROMPT: '0',
    GIT_AUTHOR_NAME: 'Ada',
    GIT_AUTHOR_EMAIL: 'ada@example.test',
    GIT_COMMITTER_NAME: 'Ada',
    GIT_COMMITTER_EMAIL: 'ada@example.test',
    ...more,
  };
}
