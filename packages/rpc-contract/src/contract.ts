import { attempts } from "./attempts.ts";
import { config } from "./config.ts";
import { credentials } from "./credentials.ts";
import { devices } from "./devices.ts";
import { egress } from "./egress.ts";
import { mcpServers } from "./mcp-servers.ts";
import { executions } from "./executions.ts";
import { files } from "./files.ts";
import { forges, github } from "./forges.ts";
import { git } from "./git.ts";
import { handlers } from "./handlers.ts";
import { leases } from "./leases.ts";
import { ports, previews } from "./ports.ts";
import { notifications } from "./notifications.ts";
import { pairing } from "./pairing.ts";
import { policy } from "./policy.ts";
import { changes, projects } from "./projects.ts";
import { providers } from "./providers.ts";
import { ssh } from "./ssh.ts";
import { tasks } from "./tasks.ts";
import { terminals } from "./terminals.ts";
import { usage } from "./token-usage.ts";
import { audit, auth, doctor, info, state, tokens } from "./worker.ts";
import { workers } from "./workers.ts";
import { workspaces } from "./workspaces.ts";

/** Everything the agent can be asked. The RPC server, the OpenAPI document, the CLI and the web client come from it. */
export const contract = {
  workspaces,
  files,
  policy,
  egress,
  ports,
  previews,
  notifications,
  ssh,
  mcpServers,
  git,
  executions,
  attempts,
  handlers,
  tasks,
  terminals,
  usage,
  info,
  doctor,
  config,
  credentials,
  tokens,
  devices,
  pairing,
  auth,
  audit,
  state,
  providers,
  projects,
  changes,
  leases,
  forges,
  github,
  workers,
};
export type Contract = typeof contract;
