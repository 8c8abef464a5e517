import type { ByteChannel, Clock, EgressTarget, Log } from "@ws/workspace-core";
import { RequestError, Server } from "proxy-chain";
import { answer } from "./answers.ts";
import { createPlainAgent, keepTogether } from "./dial.ts";
import { judge, type JudgeOptions } from "./judge.ts";
import { pinnedLookup } from "./pinned-lookup.ts";
import { SourceSocket } from "./source-socket.ts";

export interface ProxyOptions extends JudgeOptions {
  clock: Pick<Clock, "sleep">;
  log: Log;
}

export interface Proxy extends Disposable {
  accept(channel: ByteChannel): void;
  /** Ends the connections that would be refused by now. */
  review(): void;
}

/** At once from one workspace: what is in there must not be able to use up the worker's descriptors. */
export const MAX_CONNECTIONS = 256;
/** A connection over which nothing went in two looks is ended. */
const LOOK_MS = 300_000;

/** An HTTP proxy for the programs of one workspace, which listens on no port: its connections are brought to it. */
export function createProxy(options: ProxyOptions): Proxy {
  const { decide, clock, log, workspace } = options;
  const sources = new Map<SourceSocket, EgressTarget | undefined>();
  const agent = createPlainAgent(MAX_CONNECTIONS);
  const over = new AbortController();
  const server = new Server({
    authRealm: "ws",
    async prepareRequestFunction({ hostname: host, port, request }) {
      const asked = { host, port };
      const addresses = await judge(options, asked, request);
      const source = request.socket as unknown as SourceSocket;
      // Nobody would end what is opened for a program that has gone meanwhile.
      if (!sources.has(source)) throw new RequestError("Too late.\n", 503);
      sources.set(source, asked);
      return { dnsLookup: pinnedLookup(addresses), httpAgent: agent };
    },
  });
  server.on("requestFailed", ({ error }: { error: unknown }) => {
    if (!(error instanceof RequestError)) log.warn("a connection out of a workspace failed", { workspace, error });
  });

  async function endIdle(): Promise<void> {
    let before = new Map<SourceSocket, number>();
    for (;;) {
      await clock.sleep(LOOK_MS, over.signal);
      for (const source of sources.keys()) if (before.get(source) === source.moved) source.destroy();
      before = new Map([...sources.keys()].map((source) => [source, source.moved]));
    }
  }
  endIdle().catch(() => undefined);

  return {
    accept(channel) {
      const source = new SourceSocket(channel);
      source.on("error", (error) => log.debug("a connection out of a workspace broke", { workspace, error }));
      if (sources.size >= MAX_CONNECTIONS) {
        return source.endWith(answer(503, `This workspace has ${MAX_CONNECTIONS} connections already.`));
      }
      sources.set(source, undefined);
      source.once("close", () => sources.delete(source));
      keepTogether(source);
      server.server.emit("connection", source);
    },
    review() {
      for (const [source, asked] of sources) if (asked !== undefined && !decide(asked).allowed) source.destroy();
    },
    [Symbol.dispose]() {
      over.abort();
      for (const source of sources.keys()) source.destroy();
      agent.destroy();
    },
  };
}
