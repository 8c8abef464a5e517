import type { Contract } from "@ws/rpc-contract";
import { admin, read, write, type Rules } from "./rule.ts";

/** Repositories, and the work on them. */
export const REPOSITORIES = {
  executions: { list: read, end: write, deleteBranches: write },
  attempts: { start: write, list: read, show: read, pick: write },
  providers: {
    list: read,
    // A first use makes a repository.
    resolve: write,
    peek: read,
  },
  projects: {
    list: read,
    get: read,
    add: write,
    remove: write,
    init: write,
    // Reads a directory of the worker.
    import: admin,
  },
  changes: {
    list: read,
    get: read,
    put: write,
    remove: write,
    // To merge or push it into the branch that others build on needs `admin`, as the procedure itself sees.
    submit: write,
    review: write,
    check: write,
    comments: read,
  },
  leases: { list: read, acquire: write, release: write },
  // With the worker's own credential, so it tells of what is private.
  forges: { repositories: write },
  github: { listRepos: write },
} satisfies Partial<Rules<Contract>>;
