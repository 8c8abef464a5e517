import type { Policies, Workspaces } from "@ws/workspace-core";
import { asExecution } from "../audit/execution.ts";
import type { Audit, EndOfBegun } from "../store/audit.ts";
import { serveExec } from "../terminals/exec-socket.ts";
import type { Visit } from "./visit.ts";

/** Serves one command to whoever came, and has it in the audit from its beginning. */
export function serveCommand(
  visit: Visit,
  {
    workspaces,
    audit,
    now,
  }: {
    workspaces: () => Promise<Pick<Workspaces, "run"> & { policies: Pick<Policies, "demandExecute"> }>;
    audit: Pick<Audit, "begin">;
    now: () => number;
  },
): void {
  let begunAt = now();
  let begun: EndOfBegun | undefined;
  serveExec({
    ...visit,
    now,
    async run(argv, run) {
      begunAt = now();
      const core = await workspaces();
      const name = visit.current();
      core.policies.demandExecute(name, { command: argv, env: run.env }, visit.admitted()?.caller.policy);
      const details = asExecution({ command: argv, cwd: run.cwd, env: run.env }, visit.clean);
      begun = audit.begin({ who: visit.who(), action: "exec", target: name, details });
      return core.run(name, argv, run);
    },
    over({ outcome, ...ran }) {
      const details = asExecution({ ...ran, ms: now() - begunAt }, visit.clean);
      if (begun === undefined) visit.audit("exec", outcome, details);
      else begun({ outcome, details });
    },
  });
}
