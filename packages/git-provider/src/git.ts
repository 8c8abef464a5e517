import { type Box, type CredentialSource, type Git, isWsError, throwIfAborted } from "@ws/workspace-core";
import { createNetwork, type NetworkOptions } from "./broker/network.ts";
import { canBorrow, clone } from "./clone.ts";
import { checkBranch } from "./commands/branch-name.ts";
import { openForward } from "./forward.ts";
import { removeInclude } from "./include.ts";
import { commitAll } from "./commit.ts";
import { fetch } from "./fetch.ts";
import { generateBranchName, parseBranchName } from "./managed-branch.ts";
import { createObjectCache } from "./object-cache.ts";
import { createWorkerRoutes } from "./object-cache/worker-route.ts";
import { push } from "./push.ts";
import { parseRepositoryUrl } from "./repo-url.ts";
import { workState } from "./work-state.ts";

export interface GitOptions extends NetworkOptions {
  /** Where objects of repositories are kept between clones, an absolute path; nowhere where absent. */
  objects?: string;
  /** What the branches of workspaces begin with; `parallax` where absent. */
  branchPrefix?: string;
  /** Where forges' credentials come from; without it git is led with what the workspace itself has, or nothing. */
  credentials?: CredentialSource;
}

/** Git in workspaces. Keeps nothing beside the forwards of open Boxes and, where it is told to, objects of repositories. */
export function createGit(options: GitOptions): Git {
  const { log, branchPrefix, credentials } = options;
  const naming = branchPrefix === undefined ? {} : { prefix: branchPrefix };
  const network = createNetwork(options);
  const forwards = new WeakMap<Box, AsyncDisposable>();
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
    async attach(box, { profile, repository }, signal) {
      await forwards.get(box)?.[Symbol.asyncDispose]();
      forwards.delete(box);
      try {
        // An earlier connection's leads nowhere any more; until this one stands git goes directly.
        const wasLed = await removeInclude(box, signal);
        if (box.missing.includes("listen") || box.missing.includes("files")) {
          if (wasLed) log.info("git goes directly: its image cannot carry the forward", { workspace: box.id });
          return;
        }
        forwards.set(
          box,
          await openForward(box, { repository, onlyOwn: profile === "agent", network, credentials, signal }),
        );
      } catch (error) {
        if (isWsError(error, "box_closed")) throw error;
        // Not under the signal: the Box may live on, and its git must not be led to what is closed.
        await removeInclude(box);
        throwIfAborted(signal);
        // A workspace that git leaves directly is worth more than none.
        log.warn("git is not led through the worker", { workspace: box.id, error: String(error) });
      }
    },
    ownBranch({ id, name, execution }) {
      const { id: executionId = id, role = "person", slug } = execution ?? { slug: name };
      return generateBranchName({ executionId, role, ...(slug === undefined ? {} : { slug }) }, naming);
    },
    isOfExecution: (branch, execution) => parseBranchName(branch, naming)?.executionId === execution,
    async prepare(repository, { workspace, signal }) {
      const { url } = repository;
      if (objects === undefined || parseRepositoryUrl(url).protocol !== "https") return undefined;
      if (!canBorrow(repository)) return undefined;
      try {
        return await objects.share(url, { workspace, signal });
      } catch (error) {
        throwIfAborted(signal);
        log.warn("nothing is gathered ahead of a clone", { url, workspace, error: String(error) });
        return undefined;
      }
    },
    async release(workspace) {
      await objects?.release(workspace).catch((error: unknown) => {
        log.warn("what a workspace borrowed could not be removed", { workspace, error: String(error) });
      });
    },
    prepared: async () => (await objects?.borrowers()) ?? [],
    workState,
    commitAll,
    push: (box, repository, pushing) => push(box, repository, { ...pushing, forwarded: forwards.has(box) }),
    fetch: (box, repository, fetching) => fetch(box, repository, { ...fetching, forwarded: forwards.has(box) }),
    clone: (box, repository, cloning) =>
      clone(box, repository, {
        ...cloning,
        forwarded: forwards.has(box),
        async onUseless(reason) {
          const { url } = repository;
          log.warn("a clone could not use what was gathered for it", { url, workspace: box.id, reason });
          await objects?.distrust(url);
        },
      }),
  };
}
