import { type Box, type CredentialSource, type Git, isWsError, throwIfAborted } from "@ws/workspace-core";
import { openApiDoor } from "../broker-api/open-api-door.ts";
import type { AccessOptions } from "../broker/access.ts";
import type { Network } from "../broker/forge/network.ts";
import type { GitHubAddress } from "../forges/github/address.ts";
import { type Forward, openForward } from "./forward.ts";
import { createHelperKeeper, type HelperKeeper, type HelperScript } from "./helper-keeper.ts";
import { identityText, writeIdentity } from "./identity.ts";
import { removeInclude } from "./include.ts";
import { parseRepositoryUrl } from "../repo-url.ts";

export interface WaysOptions {
  network: Network;
  credentials: CredentialSource | undefined;
  helperScript: HelperScript | undefined;
  known: AccessOptions["known"];
  gitHubs: readonly GitHubAddress[];
}

/** The ways of git out of open Boxes. */
export interface Ways extends Pick<Git, "attach" | "identify"> {
  isLed(box: Box): boolean;
  /** Brings what the Box was told of its grants up to date: what is led, and the helper script of its repository. */
  showRights(box: Box, signal: AbortSignal | undefined): Promise<void>;
}

interface Way {
  forward: Forward;
  /** What its configuration says, once somebody has said it. */
  identity?: { text: string; written: Promise<void> };
  helper?: HelperKeeper;
}

export function createWays({ network, credentials, helperScript, known, gitHubs }: WaysOptions): Ways {
  const { log } = network;
  const ways = new WeakMap<Box, Way>();
  const doors = new WeakMap<Box, AsyncDisposable>();

  async function open(box: Box, of: Parameters<Git["attach"]>[1], signal: AbortSignal | undefined): Promise<Way> {
    const { profile, repository } = of;
    let helper: HelperKeeper | undefined;
    const forward = await openForward(box, {
      repository,
      onlyOwn: profile === "agent",
      network,
      credentials,
      known,
      used: (grant) => helper?.used(grant),
      signal,
    });
    if (repository === undefined || credentials === undefined || helperScript === undefined) return { forward };
    if (parseRepositoryUrl(repository.url).protocol !== "https") return { forward };
    const { capability } = forward;
    helper = createHelperKeeper(box, { repository, capability, credentials, helperScript, log });
    return { forward, helper };
  }

  async function openForGh(
    box: Box,
    { repository }: Parameters<Git["attach"]>[1],
    signal: AbortSignal | undefined,
  ): Promise<void> {
    await doors.get(box)?.[Symbol.asyncDispose]();
    doors.delete(box);
    if (repository === undefined || credentials === undefined) return;
    try {
      const door = await openApiDoor(box, { repository, addresses: gitHubs, credentials, network, signal });
      if (door !== undefined) doors.set(box, door);
    } catch (error) {
      if (isWsError(error, "box_closed")) throw error;
      throwIfAborted(signal);
      // Git is led all the same, and what gh does is done from the worker too.
      log.warn("gh is not led through the worker", { workspace: box.id, error: String(error) });
    }
  }

  return {
    async attach(box, of, signal) {
      await ways.get(box)?.forward[Symbol.asyncDispose]();
      ways.delete(box);
      try {
        // An earlier connection's leads nowhere any more; until this one stands git goes directly.
        const wasLed = await removeInclude(box, signal);
        if (box.missing.includes("listen") || box.missing.includes("files")) {
          if (wasLed) log.info("git goes directly: its image cannot carry the forward", { workspace: box.id });
          return;
        }
        const way = await open(box, of, signal);
        ways.set(box, way);
        await way.helper?.keep(signal);
        await openForGh(box, of, signal);
      } catch (error) {
        if (isWsError(error, "box_closed")) throw error;
        await ways.get(box)?.forward[Symbol.asyncDispose]();
        ways.delete(box);
        // Not under the signal: the Box may live on, and its git must not be led to what is closed.
        await removeInclude(box);
        throwIfAborted(signal);
        // A workspace that git leaves directly is worth more than none.
        log.warn("git is not led through the worker", { workspace: box.id, error: String(error) });
      }
    },
    async identify(box, identity, signal) {
      const way = ways.get(box);
      if (way === undefined) return false;
      const text = identityText(identity);
      let saying = way.identity;
      if (saying?.text !== text) {
        saying = { text, written: writeIdentity(box, way.forward.include, text, signal) };
        way.identity = saying;
      }
      try {
        await saying.written;
      } catch (error) {
        // The next one tries again.
        if (way.identity === saying) delete way.identity;
        throw error;
      }
      return true;
    },
    isLed: (box) => ways.has(box),
    async showRights(box, signal) {
      const way = ways.get(box);
      await way?.forward.showGrants(signal);
      await way?.helper?.keep(signal);
    },
  };
}
