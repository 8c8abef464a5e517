import {
  isWsError,
  toWsError,
  type Clock,
  type Log,
  type Policies,
  type WorkspacePorts,
  type Workspaces,
  WsError,
} from "@ws/workspace-core";
import { asExecution } from "../audit/execution.ts";
import { createBytePair } from "../sockets/byte-pair.ts";
import { serveBytes } from "../sockets/serve-bytes.ts";
import { parsePublicKey } from "../ssh/authorize.ts";
import type { HostKey } from "../ssh/host-key.ts";
import type { SshPlace } from "../ssh/place.ts";
import { serveSsh } from "../ssh/server.ts";
import type { State } from "../store/store.ts";
import type { News } from "../terminals/news.ts";
import type { Visit } from "./visit.ts";

export interface SshVisitOptions {
  workspaces: () => Promise<
    Pick<Workspaces, "enter"> & {
      ports: Pick<WorkspacePorts, "connect">;
      policies: Pick<Policies, "demandExecute">;
    }
  >;
  state: Pick<State, "audit" | "sshKeys">;
  hostKey: () => Promise<HostKey>;
  news: News;
  clock: Clock;
  log: Log;
}

/** Speaks SSH with whoever came, who needs the key of that very device beside the token; what is run so is in the audit as any other. */
export function serveSshVisit(visit: Visit, { workspaces, state, hostKey, news, clock, log }: SshVisitOptions): void {
  const now = (): number => clock.monotonic();

  /** Asked for each channel: rules, and the name, may have changed since. */
  async function admit(): Promise<{ core: Awaited<ReturnType<typeof workspaces>>; name: string }> {
    const core = await workspaces();
    const name = visit.current();
    core.policies.demandExecute(name, { terminal: true }, visit.admitted()?.caller.policy);
    return { core, name };
  }

  const place: SshPlace = {
    async enter() {
      const { core, name } = await admit();
      return core.enter(name);
    },
    async connect(port) {
      const { core, name } = await admit();
      return core.ports.connect(name, port);
    },
    begin(command) {
      const begunAt = now();
      const details = { ...asExecution({ command }, visit.clean), by: "ssh" };
      const end = state.audit.begin({ who: visit.who(), action: "exec", target: visit.name, details });
      return (outcome, exitCode) =>
        end({
          outcome,
          details: { ...details, ...asExecution({ command, exitCode, ms: now() - begunAt }, visit.clean) },
        });
    },
    report(error) {
      return visit.report(toWsError(error));
    },
  };

  serveBytes({
    ...visit,
    now,
    async open() {
      const tell = (outcome: string): void => {
        if (news.tell([visit.who(), visit.admitted()?.workspace, "ssh"], outcome)) visit.audit("ssh", outcome);
      };
      try {
        await (await admit()).core.enter(visit.current());
        const caller = visit.admitted()?.caller;
        const key = caller === undefined ? undefined : state.sshKeys.of(caller);
        if (key === undefined) throw unknownKey();
        const { stream, channel } = createBytePair();
        // A device may have been given one of a kind that is not spoken here.
        serveSsh(stream, { hostKey: await hostKey(), key: parsePublicKey(key), place, log });
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
