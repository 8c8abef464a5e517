import { isTerminalId, parseHandler, WsError } from "@ws/workspace-core";
import type { Caller } from "../access/caller.ts";
import type { Tokens } from "../store/tokens.ts";
import { askWorker } from "./ask-worker.ts";
import type { Links } from "./links.ts";
import { SHARED_SECONDS } from "./shared-seconds.ts";

interface SharedTerminal {
  /** At this hub, without its address. */
  path: string;
  token: string;
  /** Of the link, as the worker knows it: there it is listed and revoked. */
  id: string;
  expires: string;
}

/**
 * A link to watch a terminal of a worker. The worker makes it, and judges whoever comes with it: this hub keeps a digest of its token, and lets
 * whoever has that through to this one workspace's terminals, to be judged there. So it is worth nothing once either of them has revoked it.
 */
export async function shareTerminal(
  { links, tokens }: { links: Pick<Links, "open" | "get">; tokens: Pick<Tokens, "create"> },
  caller: Caller,
  asked: { worker: string; name: string; terminal: string; ttlSeconds?: number },
): Promise<SharedTerminal> {
  const { worker, ...input } = asked;
  const record = links.get(worker);
  const made = await askWorker(links, { worker: record.id, caller }, (client, options) =>
    client.terminals.share({ ttlSeconds: SHARED_SECONDS, ...input }, options),
  );
  const id = /\/([^/#]*)#/.exec(made.url)?.[1] ?? "";
  if (!/^wst_[\w-]{43}$/.test(made.token) || !/^tok-[0-9a-f]{12}$/.test(made.id) || !isTerminalId(id)) {
    throw new WsError("worker_offline", {
      message: `The worker '${record.name}' did not answer as a worker does.`,
      next: "See its version: ws worker list.",
      data: { worker: record.name },
    });
  }
  tokens.create({
    name: `watch ${record.name}: ${input.name}/${input.terminal}`,
    scope: "workspace",
    handler: parseHandler({ kind: "terminal", settings: { repo: input.name, terminal: id, worker: record.id } }),
    ttlMs: (input.ttlSeconds ?? SHARED_SECONDS) * 1_000,
    token: made.token,
  });
  const path = `/@${record.name}/watch/${encodeURIComponent(input.name)}/${id}#token=${made.token}`;
  return { path, token: made.token, id: made.id, expires: made.expires };
}
