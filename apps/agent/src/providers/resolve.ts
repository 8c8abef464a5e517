import { isAbsolute } from "node:path";
import type { ResolvedReference } from "@ws/rpc-contract";
import { type Checkout, excerpt, type ProviderContext, type ResolvedRef, WsError } from "@ws/workspace-core";
import type { Caller } from "../access/caller.ts";
import type { Providers } from "./providers.ts";

export interface Asked {
  cwd?: string | undefined;
  signal?: AbortSignal | undefined;
  mayCreate: boolean;
}

/** What a caller may have resolved: only the worker's own user and administrators name directories of it. */
export function contextOf(caller: Caller | undefined, { cwd, signal, mayCreate }: Asked): ProviderContext {
  return {
    mayUseHost: caller?.scope === "admin",
    mayCreate,
    ...(cwd !== undefined && isAbsolute(cwd) ? { cwd } : {}),
    ...(signal === undefined ? {} : { signal }),
  };
}

/**
 * What a workspace is made of where its clone is a reference: the URL and, where the reference means one, the branch. Throws
 * what the reference's provider finds, and `reference_invalid` where it leads to nothing that can be cloned.
 */
export async function resolveClone<
  T extends { clone?: string | undefined; branch?: string | undefined; base?: string | undefined },
>(providers: Providers, request: T, context: ProviderContext): Promise<T> {
  const { clone } = request;
  if (clone === undefined || !clone.trimStart().startsWith("#")) return request;
  const resolved = await (await providers.registry()).resolveRef(clone, context);
  if (resolved.cloneUrl === undefined) {
    throw new WsError("reference_invalid", {
      message: `'${excerpt(clone)}' leads to a directory of the worker, which no workspace clones.`,
      next: "Use a repository, such as #git:NAME or #gh:org/repo.",
      data: { reference: excerpt(clone) },
    });
  }
  const isSaid = request.branch !== undefined || request.base !== undefined;
  return { ...request, clone: resolved.cloneUrl, ...(isSaid ? {} : checkoutOf(resolved)) };
}

/** Of a change its own branch; of a project where work on it begins. */
export function checkoutOf({ checkoutTarget, extra }: ResolvedRef): Checkout | undefined {
  if (checkoutTarget === undefined) return undefined;
  return extra["change"] === undefined ? { base: checkoutTarget } : { branch: checkoutTarget };
}

/** As every surface shows it. */
export function showResolved({ extra, ...resolved }: ResolvedRef): ResolvedReference {
  return { ...resolved, extra: { ...extra } };
}
