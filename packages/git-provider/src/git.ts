import { lookup as systemLookup } from "node:dns/promises";
import type { SecureContext } from "node:tls";
import { type Box, type Git, isWsError, type Log, throwIfAborted } from "@ws/workspace-core";
import type { Lookup } from "./broker/addresses.ts";
import { createUpstream, trust, type UpstreamTimeouts } from "./broker/upstream.ts";
import { clone } from "./clone.ts";
import { checkBranch } from "./commands/branch-name.ts";
import { openForward } from "./forward.ts";
import { removeInclude } from "./include.ts";
import { parseRepositoryUrl } from "./repo-url.ts";

export interface GitOptions {
  log: Log;
  /** Certificates of authorities, as PEM, trusted beside the machine's own. */
  ca?: readonly string[];
  /** Lets workspaces reach forges at private addresses other than their own repository's; off unless set. */
  allowPrivateAddresses?: boolean;
  /** How names resolve; the machine's resolver where absent. */
  lookup?: Lookup;
  timeouts?: Partial<UpstreamTimeouts>;
}

/** Git in workspaces. Keeps nothing beside the forwards of open Boxes. */
export function createGit(options: GitOptions): Git {
  const { log, ca = [], allowPrivateAddresses = false } = options;
  const lookup = options.lookup ?? ((host) => systemLookup(host, { all: true }));
  const timeouts = { connectMs: 15_000, idleMs: 300_000, ...options.timeouts };
  const forwards = new WeakMap<Box, AsyncDisposable>();
  let context: SecureContext | undefined;
  // Reading a machine's certificates takes a while, and an agent that starts needs none.
  const secureContext = (): SecureContext => (context ??= trust(ca));

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
        const upstream = createUpstream({ secureContext, timeouts });
        forwards.set(
          box,
          await openForward(box, {
            repository,
            onlyOwn: profile === "agent",
            upstream,
            lookup,
            allowPrivateAddresses,
            log,
            signal,
          }),
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
    clone: (box, repository, cloning) => clone(box, repository, { ...cloning, forwarded: forwards.has(box) }),
  };
}
