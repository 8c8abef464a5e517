import { isWsError, WsError, type Clock, type Log } from "@ws/workspace-core";
import { createBytePair } from "../sockets/byte-pair.ts";
import { serveBytes } from "../sockets/serve-bytes.ts";
import { parsePublicKey } from "../ssh/authorize.ts";
import type { Crowd } from "../ssh/crowd.ts";
import type { HostKey } from "../ssh/host-key.ts";
import { isKey } from "../ssh/known-key.ts";
import type { LentAgents } from "../ssh/lent.ts";
import { serveSsh } from "../ssh/server.ts";
import { createSshPlace, type SshCore } from "../ssh/workspace-place.ts";
import type { State } from "../store/store.ts";
import type { News } from "../terminals/news.ts";
import type { Visit } from "./visit.ts";

export interface SshVisitOptions {
  workspaces: () => Promise<SshCore>;
  state: Pick<State, "audit"> & { sshKeys: Pick<State["sshKeys"], "of"> };
  hostKey: () => Promise<HostKey>;
  crowd: Crowd;
  lent: LentAgents;
  news: News;
  clock: Clock;
  log: Log;
}

/** Speaks SSH with whoever came, who needs the key of that very device beside the token. */
export function serveSshVisit(
  visit: Visit,
  { workspaces, state, hostKey, crowd, lent, news, clock, log }: SshVisitOptions,
): void {
  const place = createSshPlace(
    { ...visit, id: () => visit.admitted()?.workspace, policy: () => visit.admitted()?.caller.policy },
    { workspaces, audit: state.audit, lent, clock },
  );

  serveBytes({
    ...visit,
    now: () => clock.monotonic(),
    async open() {
      const tell = (outcome: string): void => {
        if (news.tell([visit.who(), visit.admitted()?.workspace, "ssh"], outcome)) visit.audit("ssh", outcome);
      };
      try {
        visit.socket.once("close", crowd.enter(visit.who()));
        await (await place.admit()).core.enter(visit.current());
        const caller = visit.admitted()?.caller;
        const kept = caller === undefined ? undefined : state.sshKeys.of(caller);
        if (kept === undefined) throw unknownKey();
        // A device may have been given one of a kind that is not spoken here.
        const key = parsePublicKey(kept);
        const { stream, channel } = createBytePair();
        const known = (offered: Buffer) => (isKey(key, offered) ? { key, place } : undefined);
        serveSsh(stream, { hostKey: await hostKey(), known, log });
        tell("ok");
        return channel;
      } catch (error) {
        tell(isWsError(error) ? error.code : "internal");
        throw error;
      }
    },
  });
}

function unknownKey(): WsError<"forbidden"> {
  return new WsError("forbidden", {
    message: "This worker does not know the SSH key of this device.",
    next: "Tell it: ws ssh-config.",
    data: { needs: "ssh key" },
  });
}
