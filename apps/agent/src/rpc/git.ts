import type { GitBlob, GitWork } from "@ws/workspace-core";
import type { GitBlobResult } from "@ws/rpc-contract";
import { withoutAbsent } from "../without-absent.ts";
import type { RequestContext, Services } from "./context.ts";
import type { Guarded } from "./guard.ts";
import { untilGone } from "./until.ts";

/** Git in the repositories of workspaces: each one call of the core. */
export function gitRouter(guard: Guarded, services: Services) {
  const os = guard.git;
  type Call = { input: { name: string }; context: RequestContext; signal?: AbortSignal | undefined };
  const open = async ({ input, context, signal }: Call): Promise<GitWork> => {
    const layers = context.caller?.policy ?? [];
    return (await services.ready()).workspaces.git(input.name, {
      layers,
      signal: untilGone(services, context, signal),
    });
  };
  const done = async (work: Promise<void>): Promise<{ success: boolean }> => {
    await work;
    return { success: true };
  };

  return os.router({
    status: os.status.handler(async (call) => (await open(call)).status(given(call.input))),
    log: os.log.handler(async (call) => (await open(call)).log(given(call.input))),
    diff: os.diff.handler(async (call) => (await open(call)).diff(given(call.input))),
    show: os.show.handler(async (call) => (await open(call)).show(given(call.input))),
    blob: os.blob.handler(async (call) => {
      const { base64 = false, ...asked } = call.input;
      return asText(await (await open(call)).blob(given(asked)), base64);
    }),
    add: os.add.handler(async (call) => done((await open(call)).add(given(call.input)))),
    unstage: os.unstage.handler(async (call) => done((await open(call)).unstage(given(call.input)))),
    restore: os.restore.handler(async (call) => done((await open(call)).restore(given(call.input)))),
    commit: os.commit.handler(async (call) => (await open(call)).commit(given(call.input))),
    pull: os.pull.handler(async (call) => (await open(call)).pull(given(call.input))),
    push: os.push.handler(async (call) => {
      const { id } = (await services.ready()).workspaces.get(call.input.name);
      const pushed = await (await open(call)).push(given(call.input));
      services.pullRequests.pushed(id);
      return pushed;
    }),
    branches: {
      list: os.branches.list.handler(async (call) => (await open(call)).branches()),
      create: os.branches.create.handler(async (call) => (await open(call)).createBranch(given(call.input))),
      delete: os.branches.delete.handler(async (call) => done((await open(call)).deleteBranch(given(call.input)))),
    },
    checkout: os.checkout.handler(async (call) => (await open(call)).checkout(given(call.input))),
    stash: {
      list: os.stash.list.handler(async (call) => (await open(call)).stashes()),
      push: os.stash.push.handler(async (call) => (await open(call)).stash(given(call.input))),
      pop: os.stash.pop.handler(async (call) => done((await open(call)).popStash(given(call.input)))),
      drop: os.stash.drop.handler(async (call) => done((await open(call)).dropStash(given(call.input)))),
    },
    rebase: {
      start: os.rebase.start.handler(async (call) => (await open(call)).rebase(given(call.input))),
      continue: os.rebase.continue.handler(async (call) => (await open(call)).continueRebase()),
      abort: os.rebase.abort.handler(async (call) => (await open(call)).abortRebase()),
    },
    reset: os.reset.handler(async (call) => (await open(call)).reset(given(call.input))),
  });
}

/** What is asked, without the workspace it is asked of. */
function given<T extends { name: string }>({ name: _name, ...asked }: T) {
  return withoutAbsent(asked);
}

/** Text as it is; bytes only where they were asked for. */
function asText({ content, ...blob }: GitBlob, base64: boolean): GitBlobResult {
  const binary = content.subarray(0, 8_192).includes(0) || !isUtf8(content, blob.truncated);
  if (base64) return { ...blob, binary, encoding: "base64", content: Buffer.from(content).toString("base64") };
  if (binary) return { ...blob, binary };
  // A character that was cut in two is left out.
  const text = new TextDecoder("utf-8", { ignoreBOM: true }).decode(content, { stream: blob.truncated });
  return { ...blob, binary, encoding: "utf-8", content: text };
}

function isUtf8(content: Uint8Array, truncated: boolean): boolean {
  try {
    new TextDecoder("utf-8", { fatal: true }).decode(content, { stream: truncated });
    return true;
  } catch {
    return false;
  }
}
