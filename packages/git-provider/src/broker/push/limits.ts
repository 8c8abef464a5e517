import type { GitLimits } from "../../worker-git/start-git.ts";

/** What is in a pack decides how much git wants for it; packs that the worker fetched are mapped whole. */
export const PUSH_LIMITS: GitLimits = { memory: 4_194_304, seconds: 600 };

/** For a pack that nobody has looked at. */
export const INDEXING_LIMITS: GitLimits = { memory: 1_048_576, seconds: 600 };
