import type { StartRequest } from "./api.ts";
import { requireCheckout } from "./checkout.ts";
import type { Engine } from "./engine.ts";
import { WsError } from "./errors.ts";
import { excerpt } from "./names.ts";
import type { CheckoutOptions, Execution, Limits, Profile, Repository, RuntimeName, WorkspaceId } from "./workspace.ts";

export function repositoryOf(
  engine: Engine,
  url: string,
  request: { branch?: string; base?: string; checkout?: CheckoutOptions },
): Repository {
  const parsed = engine.git.parseUrl(url);
  checkBranches(engine, request);
  const { checkout } = request;
  if (checkout !== undefined) requireCheckout(checkout);
  return {
    ...parsed,
    ...(checkout === undefined ? {} : { checkout }),
    ...(request.branch === undefined ? {} : { branch: request.branch }),
    ...(request.base === undefined ? {} : { baseBranch: request.base }),
  };
}

/** The repository with the branch that the workspace stands on: its own, where none was asked for. */
export function onItsBranch(
  { git }: Engine,
  repository: Repository,
  { execution, ...workspace }: { id: WorkspaceId; name: string; execution?: Execution | undefined },
): Repository {
  if (repository.branch !== undefined) return repository;
  const branch = git.ownBranch({ ...workspace, ...(execution === undefined ? {} : { execution }) });
  // A job's branch may have been pushed by an earlier workspace of it.
  return { ...repository, branch, ...(execution === undefined ? { branchIsNew: true } : {}) };
}

/** Throws `invalid_input` with its field for what git takes as no branch. */
export function checkBranches({ git }: Engine, { branch, base }: { branch?: string; base?: string }): void {
  if (branch !== undefined) git.checkBranch(branch, "branch");
  if (base !== undefined) git.checkBranch(base, "base");
}

/** Throws `invalid_input` for what a shell would read something into: the words become part of a branch's name. */
export function requirePlain({ id, role, slug = "" }: Execution): void {
  const odd = Object.entries({ id, role, slug }).find(([, text]) => /[\p{C}$`;&|<>\\(){}"'*?]/u.test(text));
  if (odd === undefined) return;
  throw new WsError("invalid_input", {
    message: `'${excerpt(odd[1])}' cannot name a branch.`,
    next: "Use words of letters and digits.",
    data: { field: `execution.${odd[0]}` },
  });
}

/** Throws `invalid_input` where a branch, or a part of a repository, is asked for and there is nothing to clone. */
export function requireRepository({ clone, branch, base, checkout }: StartRequest): void {
  if (clone !== undefined) return;
  if (checkout !== undefined) {
    throw new WsError("invalid_input", {
      message: "How much is cloned can only be said of a repository.",
      next: "Say which one with --clone, or leave that out.",
      data: { field: "checkout" },
    });
  }
  if (branch === undefined && base === undefined) return;
  throw new WsError("invalid_input", {
    message: "A branch needs a repository to clone.",
    next: "Say which one with --clone, or leave the branch out.",
    data: { field: branch === undefined ? "base" : "branch" },
  });
}

/**
 * Showing a profile, an image or a limit that nothing keeps would be worse than not having it. Throws `invalid_input`,
 * `limits_unsupported`.
 */
export function requireKept(
  runtime: RuntimeName,
  { profile = "person", limits = {}, image }: { profile?: Profile; limits?: Limits; image?: string | undefined },
): void {
  if (runtime !== "local") return;
  if (image !== undefined) {
    throw new WsError("invalid_input", {
      message: "The local runtime has no images: its workspaces run on the worker's own system.",
      next: "Use the docker runtime for one, or leave the image out.",
      data: { field: "image" },
    });
  }
  if (profile === "agent") {
    throw new WsError("invalid_input", {
      message: "The local runtime cannot keep what the profile 'agent' promises: no network, no way to other files.",
      next: "Use the docker runtime for it, or leave the profile out.",
      data: { field: "profile" },
    });
  }
  const asked = Object.keys(limits);
  if (asked.length === 0) return;
  throw new WsError("limits_unsupported", {
    message: "The local runtime cannot keep limits on CPUs, memory or processes: nothing would enforce them.",
    next: "Use the docker runtime for them, or leave the limits out.",
    data: { runtime, limits: asked },
  });
}
