import { userInfo } from "node:os";
import { dirname, join } from "node:path";
import { CliError, EXIT } from "../errors.ts";
import type { Io } from "../io.ts";
import { createLaunchd } from "./launchd.ts";
import { runProgram, type RunProgram } from "./run-program.ts";
import type { Scope, ServiceManager } from "./service.ts";
import { createSystemd } from "./systemd.ts";
import { UNIT } from "./unit.ts";

/** What an installation asks of the machine it is on. */
export interface Machine {
  env: Io["env"];
  uid: number;
  /** Whoever types this; through sudo, whoever typed that. */
  user: string;
  program: { execPath: string; execArgv: readonly string[]; main: string };
  /** Directories whose content is removed by itself. */
  temporary: readonly string[];
  run: RunProgram;
  /** The managers of services that there can be, the person's first. */
  managers: readonly ServiceManager[];
}

export function thisMachine(env: Io["env"]): Machine {
  const uid = process.getuid?.() ?? 0;
  const { homedir, username } = userInfo();
  const home = env["HOME"] ?? homedir;
  const run = runProgram;
  return {
    env,
    uid,
    user: uid === 0 ? (env["SUDO_USER"] ?? username) : username,
    program: { execPath: process.execPath, execArgv: process.execArgv, main: process.argv[1] ?? "" },
    temporary: ["/tmp", "/var/tmp", "/dev/shm", "/private/tmp", "/private/var/folders"],
    run,
    managers:
      process.platform === "darwin"
        ? [createLaunchd({ directory: join(home, "Library/LaunchAgents"), uid, run })]
        : [
            createSystemd({ scope: "user", directory: dirname(userUnit({ ...env, HOME: home })), run }),
            createSystemd({ scope: "system", directory: "/etc/systemd/system", run }),
          ],
  };
}

/** Where the agent's unit of a person lies for systemd. */
export function userUnit(env: Io["env"]): string {
  return join(env["XDG_CONFIG_HOME"] || join(env["HOME"] ?? "", ".config"), "systemd/user", UNIT);
}

/** Whether anything answers here that could start an agent by itself. */
export async function startsServices({ managers }: Pick<Machine, "managers">): Promise<boolean> {
  const isThere = (manager: ServiceManager): Promise<boolean> =>
    manager.requireThere().then(
      () => true,
      () => false,
    );
  return (await Promise.all(managers.map(isThere))).includes(true);
}

/** Throws `usage` where a machine has none of that kind. */
export function managerOf({ managers }: Machine, scope: Scope): ServiceManager {
  const found = managers.find((each) => each.scope === scope);
  if (found !== undefined) return found;
  throw new CliError("usage", "On macOS the agent is a service of the person who is logged in.", {
    next: "Leave out --system.",
    exit: EXIT.usage,
  });
}
