import { toWsError, type Clock, type Policies, type WorkspaceTerminals, type Workspaces } from "@ws/workspace-core";
import { asExecution } from "../audit/execution.ts";
import type { TerminalAudit } from "../audit/terminals.ts";
import type { Hubs } from "../terminals/hubs.ts";
import type { News } from "../terminals/news.ts";
import { serveTerminal } from "../terminals/terminal-socket.ts";
import type { AuditDetails, Visit } from "./visit.ts";

export interface TerminalVisitOptions {
  workspaces: () => Promise<Pick<Workspaces, "terminals"> & { policies: Pick<Policies, "demandExecute"> }>;
  hubs: Hubs;
  terminalAudit: TerminalAudit;
  news: News;
  clock: Clock;
}

/** Serves a terminal to whoever came. */
export function serveViewer(
  visit: Visit,
  { workspaces, hubs, terminalAudit, news, clock }: TerminalVisitOptions,
): void {
  serveTerminal({
    ...visit,
    // No id looks like this, so that nobody is shown the terminal of another.
    workspace: () => visit.admitted()?.workspace ?? `none: ${visit.name}`,
    watch: () => visit.admitted()?.watch,
    hubs: { ...hubs, attach },
    clock,
    async terminals() {
      const core = await workspaces();
      return core.terminals(visit.current());
    },
  });

  /** Each viewer by itself: of several who look at one terminal, only the first opens it. */
  async function attach(request: Parameters<Hubs["attach"]>[0]): ReturnType<Hubs["attach"]> {
    const { caller, watch } = visit.admitted() ?? {};
    const watches = watch !== undefined;
    const asked = request.id ?? request.terminal;
    const details: AuditDetails = { terminal: asked, ...(watches ? { readOnly: "true" } : {}) };
    const terminals = async (): Promise<WorkspaceTerminals> =>
      terminalAudit.over(await request.terminals(), {
        workspace: request.workspace,
        target: visit.name,
        who: visit.who(),
        opened: () => Object.assign(details, { opened: "true" }, asExecution(request, visit.clean)),
      });
    const isNews = (outcome: string): boolean => news.tell([caller?.who, request.workspace, asked], outcome);
    try {
      const { policies } = await workspaces();
      // Who only looks runs nothing.
      if (!watches) policies.demandExecute(visit.current(), { terminal: true }, caller?.policy);
      const hub = await hubs.attach({ ...request, terminals });
      isNews("ok");
      visit.audit("terminal", "ok", { ...details, terminal: hub.name() });
      return hub;
    } catch (error) {
      const { code } = toWsError(error);
      if (isNews(code)) visit.audit("terminal", code, details);
      throw error;
    }
  }
}
