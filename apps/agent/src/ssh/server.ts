import type { Duplex } from "node:stream";
import { isWsError, type Log } from "@ws/workspace-core";
import ssh2 from "ssh2";
import { createForwardedAgent } from "./agent-channel.ts";
import { createAuthorization, type Known } from "./authorize.ts";
import { createSshConnection, type SshConnection } from "./connection.ts";
import { serveForwarding } from "./forwarding.ts";
import type { HostKey } from "./host-key.ts";
import type { SshPlace } from "./place.ts";
import { serveSession } from "./session.ts";

/** Whoever has not logged in by then is in nobody's way any more. */
const LOG_IN_MS = 20_000;

/** Whom a key lets in, and to what. */
export interface SshGuest extends Known {
  place: SshPlace;
  /** Called once it has logged in, with what ends the connection. What it throws is told in place of what the client asks for first. */
  come?(leave: () => void): void;
}

export interface SshVisit {
  hostKey: HostKey;
  /** Whose public key this is, where it may come in; of one that is nobody's, whether others are looked at. */
  known: (offered: Buffer) => SshGuest | undefined;
  mayOfferMore?: () => boolean;
  /** Called at the end of a connection that offered keys of which none was good. */
  strange?: () => void;
  log: Pick<Log, "debug">;
}

/** Speaks SSH over a stream with one client, until it leaves. Nothing listens; who may reach the stream is judged before. */
export function serveSsh(stream: Duplex, { hostKey, known, mayOfferMore, strange, log }: SshVisit): void {
  // What is packed tight would unfold to more than any window.
  const algorithms: ssh2.ServerConfig["algorithms"] = { compress: ["none"] };
  const server = new ssh2.Server({ hostKeys: [hostKey.private], ident: "workspace", algorithms }, (client) => {
    const leave = (): void => {
      client.end();
      stream.destroy();
    };
    const connection = createSshConnection(client, stream, leave);
    const late = setTimeout(leave, LOG_IN_MS);
    let hasOffered = false;
    let guest: SshGuest | undefined;
    const authorization = createAuthorization<SshGuest>({
      known,
      mayOfferMore,
      leave,
      letIn: (who) => void (guest = who),
    });
    client.on("authentication", (asked) => {
      hasOffered ||= asked.method === "publickey";
      authorization(asked);
    });
    client.on("ready", () => {
      if (guest === undefined) return leave();
      const { place } = guest;
      try {
        guest.come?.(leave);
      } catch (error) {
        log.debug("an SSH client was sent away", { reason: String(error) });
        if (!isWsError(error)) return leave();
        // Who asks for nothing meanwhile is not told, and leaves as one who does not log in.
        late.refresh();
        return sendAway(connection, place, { error, leave });
      }
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
    client.on("close", () => {
      clearTimeout(late);
      if (hasOffered && guest === undefined) strange?.();
    });
  });
  server.injectSocket(stream as never);
}

/** The protocol has words for it, which clients do not show; what a command says they do. */
function sendAway(
  connection: SshConnection,
  place: SshPlace,
  { error, leave }: { error: unknown; leave: () => void },
): void {
  const refused: SshPlace = {
    ...place,
    begin() {
      throw error;
    },
  };
  const take: SshConnection["take"] = (channel) => {
    const opened = connection.take(channel);
    opened?.gone.addEventListener("abort", leave, { once: true });
    return opened;
  };
  const agent = { ask: () => undefined, socket: async () => undefined };
  connection.client.once("session", (accept) => {
    serveSession(accept(), { connection: { take }, place: refused, agent });
  });
}
