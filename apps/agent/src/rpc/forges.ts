import type { Services } from "./context.ts";
import type { Guarded } from "./guard.ts";

export function forgesRouter(guard: Guarded, { reachable }: Services) {
  const os = guard.forges;
  return os.router({
    repositories: os.repositories.handler(({ input = {}, signal }) => reachable({ ...input, signal })),
  });
}

export function githubRouter(guard: Guarded, { reachable }: Services) {
  const os = guard.github;
  return os.router({
    listRepos: os.listRepos.handler(async ({ input = {}, signal }) => {
      const { repositories: repos, ...rest } = await reachable({ ...input, signal });
      return { ...rest, repos };
    }),
  });
}
