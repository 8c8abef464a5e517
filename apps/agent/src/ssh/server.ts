import type { Duplex } from "node:stream";
import type { Log } from "@ws/workspace-core";
import ssh2 from "ssh2";
import { createForwardedAgent } from "./agent-channel.ts";
import { createAuthorization } from "./authorize.ts";
import { createSshConnection } from "./connection.ts";
import { serveForwarding } from "./forwarding.ts";
import type { HostKey } from "./host-key.ts";
import type { SshPlace } from "./place.ts";
import { serveSession } from "./session.ts";

/** Whoever has not logged in by then is in nobody's way any more. */
const LOG_IN_MS = 20_000;

export interface SshVisit {
  hostKey: HostKey;
  /** The only key that is let in, as one line. */
  key: string;
  place: SshPlace;
  log: Pick<Log, "debug">;
}

/** Speaks SSH over a stream with one client, until it leaves. Nothing listens; who may reach the stream is judged before. */
export function serveSsh(stream: Duplex, { hostKey, key, place, log }: SshVisit): void {
  // What is packed tight would unfold to more than any window.
  const algorithms: ssh2.ServerConfig["algorithms"] = { compress: ["none"] };
  const server = new ssh2.Server({ hostKeys: [hostKey.private], ident: "workspace", algorithms }, (client) => {
    const leave = (): void => {
      client.end();
      stream.destroy();
    };
    const connection = createSshConnection(client, stream, leave);
    const late = setTimeout(leave, LOG_IN_MS);
    client.on("authentication", createAuthorization(key, leave));
    client.on("ready", () => {
      clearTimeout(late);
      const agent = createForwardedAgent(connection, place);
      client.on("session", (accept, reject) => {
        if (connection.isCrowded()) reject();
        else serveSession(accept(), { connection, place, agent });
      });
      // The workspace may be gone by then, and the socket with it.
      client.on("close", () => void agent[Symbol.asyncDispose]().then(undefined, () => undefined));
      serveForwarding(connection, place);
    });
    client.on("error", (error) => log.debug("ssh with a client broke", { reason: error.message }));
    client.on("close", () => clearTimeout(late));
  });
  server.injectSocket(stream as never);
}
