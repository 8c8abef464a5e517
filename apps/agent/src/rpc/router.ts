import { implement, type Router } from "@orpc/server";
import { contract, type Contract } from "@ws/rpc-contract";
import { changesRouter } from "./changes.ts";
import { authRouter, tokensRouter } from "./auth.ts";
import { configRouter } from "./config.ts";
import { credentialsRouter } from "./credentials.ts";
import type { RequestContext, Services } from "./context.ts";
import { devicesRouter } from "./devices.ts";
import { egressRouter } from "./egress.ts";
import { mcpServersRouter } from "./mcp-servers.ts";
import { executionsRouter } from "./executions.ts";
import { filesRouter } from "./files.ts";
import { forgesRouter, githubRouter } from "./forges.ts";
import { gitRouter } from "./git.ts";
import { handlersRouter } from "./handlers.ts";
import { leasesRouter } from "./leases.ts";
import { guarded } from "./guard.ts";
import { portsRouter, previewsRouter } from "./ports.ts";
import { pairingRouter } from "./pairing.ts";
import { policyRouter } from "./policy.ts";
import { projectsRouter } from "./projects.ts";
import { providersRouter } from "./providers.ts";
import { notificationsRouter } from "./notifications.ts";
import { attemptsRouter } from "./attempts.ts";
import { sshRouter } from "./ssh.ts";
import { tasksRouter } from "./tasks.ts";
import { terminalsRouter } from "./terminals.ts";
import { tokenUsageRouter } from "./token-usage.ts";
import { auditRouter, doctorProcedure, infoProcedure, stateRouter } from "./worker.ts";
import { workersRouter } from "./workers.ts";
import { workspacesRouter } from "./workspaces.ts";

/** Every procedure of the contract; one that is missing does not compile. */
export function createRouter(services: Services): Router<Contract, RequestContext> {
  const guard = guarded(services);
  return implement(contract)
    .$context<RequestContext>()
    .router({
      workspaces: workspacesRouter(guard, services),
      files: filesRouter(guard, services),
      policy: policyRouter(guard, services),
      egress: egressRouter(guard, services),
      ports: portsRouter(guard, services),
      previews: previewsRouter(guard, services),
      notifications: notificationsRouter(guard, services),
      ssh: sshRouter(guard, services),
      mcpServers: mcpServersRouter(guard, services),
      git: gitRouter(guard, services),
      handlers: handlersRouter(guard, services),
      attempts: attemptsRouter(guard, services),
      executions: executionsRouter(guard, services),
      tasks: tasksRouter(guard, services),
      terminals: terminalsRouter(guard, services),
      usage: tokenUsageRouter(guard, services),
      info: infoProcedure(guard, services),
      doctor: doctorProcedure(guard, services),
      config: configRouter(guard, services),
      credentials: credentialsRouter(guard, services),
      tokens: tokensRouter(guard, services),
      devices: devicesRouter(guard, services),
      pairing: pairingRouter(guard, services),
      auth: authRouter(guard, services),
      audit: auditRouter(guard, services),
      state: stateRouter(guard, services),
      providers: providersRouter(guard, services),
      projects: projectsRouter(guard, services),
      changes: changesRouter(guard, services),
      leases: leasesRouter(guard, services),
      forges: forgesRouter(guard, services),
      github: githubRouter(guard, services),
      workers: workersRouter(guard, services),
    });
}
