import type { GitBlob, GitWork } from "@ws/workspace-core";
import type { GitBlobResult } from "@ws/rpc-contract";
import { withoutAbsent } from "../without-absent.ts";
import type { Services } from "./context.ts";
import type { Guarded } from "./guard.ts";

/** Git in the repositories of workspaces: each one call of the core. */
export function gitRouter(guard: Guarded, services: Services) {
  const os = guard.git;
  const open = async (name: string, signal?: AbortSignal): Promise<GitWork> =>
    (await services.ready()).workspaces.git(name, withoutAbsent({ signal }));
  const done = async (work: Promise<void>): Promise<{ success: boolean }> => {
    await work;
    return { success: true };
  };

  return os.router({
    status: os.status.handler(async ({ input: { name, ...asked }, signal }) =>
      (await open(name, signal)).status(withoutAbsent(asked)),
    ),
    log: os.log.handler(async ({ input: { name, ...asked }, signal }) =>
      (await open(name, signal)).log(withoutAbsent(asked)),
    ),
    diff: os.diff.handler(async ({ input: { name, ...asked }, signal }) =>
      (await open(name, signal)).diff(withoutAbsent(asked)),
    ),
    show: os.show.handler(async ({ input: { name, ...asked }, signal }) =>
      (await open(name, signal)).show(withoutAbsent(asked)),
    ),
    blob: os.blob.handler(async ({ input: { name, base64 = false, ...asked }, signal }) =>
      asText(await (await open(name, signal)).blob(withoutAbsent(asked)), base64),
    ),
    add: os.add.handler(async ({ input: { name, ...asked } }) => done((await open(name)).add(asked))),
    unstage: os.unstage.handler(async ({ input: { name, ...asked } }) => done((await open(name)).unstage(asked))),
    restore: os.restore.handler(async ({ input: { name, ...asked } }) =>
      done((await open(name)).restore(withoutAbsent(asked))),
    ),
    commit: os.commit.handler(async ({ input: { name, ...asked } }) => (await open(name)).commit(withoutAbsent(asked))),
    pull: os.pull.handler(async ({ input: { name, ...asked } }) => (await open(name)).pull(withoutAbsent(asked))),
    push: os.push.handler(async ({ input: { name, ...asked } }) => (await open(name)).push(withoutAbsent(asked))),
    branches: {
      list: os.branches.list.handler(async ({ input: { name }, signal }) => (await open(name, signal)).branches()),
      create: os.branches.create.handler(async ({ input: { name, ...asked } }) =>
        (await open(name)).createBranch(withoutAbsent(asked)),
      ),
      delete: os.branches.delete.handler(async ({ input: { name, ...asked } }) =>
        done((await open(name)).deleteBranch(withoutAbsent(asked))),
      ),
    },
    checkout: os.checkout.handler(async ({ input: { name, ...asked } }) =>
      (await open(name)).checkout(withoutAbsent(asked)),
    ),
    stash: {
      list: os.stash.list.handler(async ({ input: { name }, signal }) => (await open(name, signal)).stashes()),
      push: os.stash.push.handler(async ({ input: { name, ...asked } }) =>
        (await open(name)).stash(withoutAbsent(asked)),
      ),
      pop: os.stash.pop.handler(async ({ input: { name, ...asked } }) =>
        done((await open(name)).popStash(withoutAbsent(asked))),
      ),
      drop: os.stash.drop.handler(async ({ input: { name, ...asked } }) =>
        done((await open(name)).dropStash(withoutAbsent(asked))),
      ),
    },
    rebase: {
      start: os.rebase.start.handler(async ({ input: { name, ...asked } }) =>
        (await open(name)).rebase(withoutAbsent(asked)),
      ),
      continue: os.rebase.continue.handler(async ({ input: { name } }) => (await open(name)).continueRebase()),
      abort: os.rebase.abort.handler(async ({ input: { name } }) => (await open(name)).abortRebase()),
    },
    reset: os.reset.handler(async ({ input: { name, ...asked } }) => (await open(name)).reset(withoutAbsent(asked))),
  });
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
