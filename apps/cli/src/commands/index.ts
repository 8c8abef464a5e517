import type { Command } from "commander";
import type { Context } from "../context.ts";
import { registerAgent } from "./agent.ts";
import { registerAudit } from "./audit.ts";
import { registerCleanup } from "./cleanup.ts";
import { registerConfig } from "./config.ts";
import { registerDelete } from "./delete.ts";
import { registerDoctor } from "./doctor.ts";
import { registerExecution } from "./execution.ts";
import { registerExec } from "./exec.ts";
import { registerFinalize } from "./finalize.ts";
import { registerInfo } from "./info.ts";
import { registerList } from "./list.ts";
import { registerLogs } from "./logs.ts";
import { registerOpen } from "./open.ts";
import { registerRename } from "./rename.ts";
import { registerShell } from "./shell.ts";
import { registerStart } from "./start.ts";
import { registerState } from "./state.ts";
import { registerPower } from "./stop-restart.ts";
import { registerToken } from "./token.ts";

/** Every verb, in the order of the help. */
export function registerCommands(program: Command, context: Context): void {
  registerStart(program, context);
  registerShell(program, context);
  registerExec(program, context);
  registerList(program, context);
  registerInfo(program, context);
  registerLogs(program, context);
  registerFinalize(program, context);
  registerPower(program, context);
  registerRename(program, context);
  registerDelete(program, context);
  registerCleanup(program, context);
  registerExecution(program, context);
  registerOpen(program, context);
  registerAgent(program, context);
  registerToken(program, context);
  registerConfig(program, context);
  registerAudit(program, context);
  registerState(program, context);
  registerDoctor(program, context);
}
