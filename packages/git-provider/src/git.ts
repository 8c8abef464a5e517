import { type CredentialSource, type Git, throwIfAborted } from "@ws/workspace-core";
import { gitHubAddress } from "./forges/github/address.ts";
import { createNetwork, type NetworkOptions } from "./broker/forge/network.ts";
import { canBorrow, clone } from "./clone/clone.ts";
import { checkBranch } from "./commands/branch-name.ts";
import { commitAll } from "./commit.ts";
import { fetch } from "./fetch.ts";
import type { HelperScript } from "./ways/helper-keeper.ts";
import { DEFAULT_BRANCH_PREFIX, generateBranchName, parseBranchName } from "./managed-branch.ts";
import { type CachePaths, cachePaths, sharePaths } from "./object-cache/layout.ts";
import { openSnapshot } from "./object-cache/snapshot.ts";
import { createObjectCache } from "./object-cache.ts";
import { saysBroken } from "./object-cache/broken.ts";
import { createWorkerRoutes } from "./object-cache/worker-route.ts";
import { push } from "./push.ts";
import { parseRepositoryUrl } from "./repo-url.ts";
import { createWays } from "./ways/ways.ts";
import { workState } from "./work-state.ts";
import { createRunner } from "./working/run.ts";
import { createWork } from "./working/work.ts";

export interface GitOptions extends NetworkOptions {
  /** Where objects of repositories are kept between clones, an absolute path; nowhere where absent. */
  objects?: string;
  /** What the branches of workspaces begin with; `parallax` where absent. */
  branchPrefix?: string;
  /** Where forges' credentials come from; without it git is led with what the workspace itself has, or nothing. */
  credentials?: CredentialSource;
  /** GitHubs, github.com where absent: in a workspace with a repository there `gh` asks through the worker. */
  gitHubs?: readonly { url: string; apiUrl?: string }[];
  /** The text of the helper script that a granted repository gets; none where absent. */
  helperScript?: HelperScript;
}

/** Git in workspaces. Keeps nothing beside the forwards of open Boxes and, where it is told to, objects of repositories. */
export function createGit(options: GitOptions): Git {
  const { log, branchPrefix, credentials, helperScript } = options;
  const naming = branchPrefix === undefined ? {} : { prefix: branchPrefix };
  const network = createNetwork(options);
  const gitHubs = (options.gitHubs ?? [{ url: "https://github.com" }]).map(({ url, apiUrl }) =>
    gitHubAddress(url, apiUrl),
  );
  const known = (url: string): CachePaths => cachePaths(options.objects ?? "", url);
  const ways = createWays({
    network,
    credentials,
    helperScript,
    known: options.objects === undefined ? undefined : known,
    gitHubs,
  });
  const objects =
    options.objects === undefined
      ? undefined
      : createObjectCache({
          directory: options.objects,
          routes: createWorkerRoutes(network, options.credentials),
          log,
        });

  return {
    parseUrl(text) {
      const { url, name } = parseRepositoryUrl(text);
      return { url, name };
    },
    checkBranch,
    attach: ways.attach,
    identify: ways.identify,
    showRights: ways.showRights,
    ownBranch({ id, name, execution }) {
      // Never without the last part: as `…/engineer` it would leave no room for `…/engineer/login` beside it.
      const { id: executionId, role, slug = name } = execution ?? { id, role: "person" };
      return generateBranchName({ executionId, role, slug }, naming);
    },
    branchesOf: (execution) => `${branchPrefix ?? DEFAULT_BRANCH_PREFIX}/${execution}/`,
    isOfExecution: (branch, execution) => parseBranchName(branch, naming)?.executionId === execution,
    async prepare(repository, { workspace, signal }) {
      const { url } = repository;
      if (objects === undefined) return undefined;
      // By ssh the worker itself goes nowhere without a right.
      const isHttps = parseRepositoryUrl(url).protocol === "https";
      if (!isHttps && options.credentials?.find(workspace, url) === undefined) return undefined;
      if (!canBorrow(repository)) return undefined;
      try {
        return await objects.share(url, { workspace, signal });
      } catch (error) {
        throwIfAborted(signal);
        log.warn("nothing is gathered ahead of a clone", { url, workspace, error: String(error) });
        return undefined;
      }
    },
    async snapshot(repository, { workspace, signal }) {
      if (objects === undefined) return undefined;
      return openSnapshot(sharePaths(known(repository.url), workspace), repository, signal);
    },
    async release(workspace) {
      await objects?.release(workspace).catch((error: unknown) => {
        log.warn("what a workspace borrowed could not be removed", { workspace, error: String(error) });
      });
    },
    async removeUnused() {
      try {
        return (await objects?.removeUnused()) ?? 0;
      } catch (error) {
        log.warn("what is kept of repositories could not be removed", { error: String(error) });
        return 0;
      }
    },
    prepared: async () => (await objects?.borrowers()) ?? [],
    workState,
    commitAll,
    push: (box, repository, pushing) => push(box, repository, { ...pushing, forwarded: ways.isLed(box) }),
    fetch: (box, repository, fetching) => fetch(box, repository, { ...fetching, forwarded: ways.isLed(box) }),
    work(box, repository, options) {
      const forwarded = ways.isLed(box);
      const root = options.worktree ?? box.repositoryDirectory(repository.name);
      const report = (): void => undefined;
      return createWork({
        runner: createRunner(box, { ...options, root, forwarded }),
        repository,
        fetch: (branch) => fetch(box, repository, { ...options, branches: [branch], report, forwarded }),
        push: (pushing) => push(box, repository, { ...options, ...pushing, report, forwarded }),
      });
    },
    async clone(box, repository, cloning) {
      const cloned = await clone(box, repository, {
        ...cloning,
        forwarded: ways.isLed(box),
        async onUseless(reason) {
          const { url } = repository;
          log.warn("a clone could not use what was gathered for it", { url, workspace: box.id, reason });
          // A hook or a filter of its own is nothing to fetch everything anew for.
          if (saysBroken(reason)) await objects?.distrust(url);
        },
      });
      await ways.showRights(box, cloning.signal);
      return cloned;
    },
  };
}
