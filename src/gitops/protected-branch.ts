/** Words of servers that let nobody, or not this account, push to a branch. */
export const isProtected =
  /protected branch|GH006|GH013|rule violations?|protected ref|through a pull request|required status check/i;

/** What to do about a branch that is protected: for decisions, and for what a person commands. */
export const protectedHint =
  'The branch is protected. Have sluice open pull requests for what it decides and renders and for what people command (git.pullRequests in sluice.yaml, for: all), or let its account bypass the rule.';
