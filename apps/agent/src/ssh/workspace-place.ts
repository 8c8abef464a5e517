import {
  toWsError,
  type Clock,
  type Policies,
  type PolicyLayer,
  type WorkspacePorts,
  type Workspaces,
  type WsError,
} from "@ws/workspace-core";
import { asExecution } from "../audit/execution.ts";
import type { LentAgents } from "./lent.ts";
import type { State } from "../store/store.ts";
import type { Failure } from "../terminals/failure.ts";
import type { SshPlace } from "./place.ts";

/** What SSH needs of the core. */
export interface SshCore extends Pick<Workspaces, "enter"> {
  ports: Pick<WorkspacePorts, "connect">;
  policies: Pick<Policies, "demandExecute">;
}

/** Whoever comes to a workspace by SSH. */
export interface SshVisitor {
  /** The workspace's name as it was asked for. */
  readonly name: string;
  /** How the audit names who it is. */
  who(): string;
  /** Its id; undefined where nobody was admitted. */
  id(): string | undefined;
  policy(): readonly PolicyLayer[] | undefined;
  /** Its name now. Throws `workspace_not_found`. */
  current(): string;
  report(error: WsError): Failure;
  clean(text: string): string;
}

/** The workspace as that one uses it; what is run so is in the audit as any other. */
export function createSshPlace(
  visitor: SshVisitor,
  {
    workspaces,
    audit,
    lent,
    clock,
  }: {
    workspaces: () => Promise<SshCore>;
    audit: State["audit"];
    lent: Pick<LentAgents, "add">;
    clock: Pick<Clock, "monotonic">;
  },
): SshPlace & { admit(): Promise<{ core: SshCore; name: string }> } {
  const now = (): number => clock.monotonic();

  /** Asked for each channel: rules, and the name, may have changed since. */
  async function admit(): Promise<{ core: SshCore; name: string }> {
    const core = await workspaces();
    const name = visitor.current();
    core.policies.demandExecute(name, { terminal: true }, visitor.policy());
    return { core, name };
  }

  return {
    admit,
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
      const details = { ...asExecution({ command }, visitor.clean), by: "ssh" };
      const end = audit.begin({ who: visitor.who(), action: "exec", target: visitor.name, details });
      return (outcome, exitCode) =>
        end({
          outcome,
          details: { ...details, ...asExecution({ command, exitCode, ms: now() - begunAt }, visitor.clean) },
        });
    },
    lend() {
      const id = visitor.id();
      return id === undefined ? () => undefined : lent.add(id, visitor.who());
    },
    report: (error) => visitor.report(toWsError(error)),
  };
}
