import { configDirectory } from "@ws/agent/paths";
import { CliError, EXIT } from "../errors.ts";
import { managerOf, type Machine } from "./machine.ts";
import type { Scope } from "./service.ts";

/** Whose agent a service is, and on which directory. Throws `usage`, `permission_denied`. */
export async function ownerOf(
  machine: Machine,
  scope: Scope,
  runAs: string | undefined,
): Promise<{ directory: string; user?: string; home?: string }> {
  const { env, uid, user } = machine;
  if (scope === "user") {
    if (runAs !== undefined) throw usage("--run-as is for a service of the machine.", "Add --system.");
    if (uid === 0 && env["SUDO_USER"] !== undefined) {
      throw usage("Through sudo this would be root's own service.", "Leave out sudo, or add --system.");
    }
    return { directory: configDirectory(env) };
  }
  requireRoot(machine);
  const owner = runAs ?? user;
  if (owner === "root" && runAs === undefined) {
    // Where there can be no service, nobody is asked whose it is to be.
    await managerOf(machine, scope).requireThere();
    throw usage("Nobody said whose the service is to be.", "Say so: --run-as USER. It may be root, if that is meant.");
  }
  const theirs = await homeOf(machine, owner);
  return { user: owner, home: theirs.HOME, directory: configDirectory({ ...env, ...theirs }) };
}

/** Throws `permission_denied`. */
export function requireRoot({ uid }: Machine): void {
  if (uid === 0) return;
  throw new CliError("permission_denied", "A service of the machine is made and taken away by root.", {
    next: "Use sudo, or leave out --system for a service of your own.",
    exit: EXIT.denied,
  });
}

/** What of the surroundings leads to a person's own directory. */
async function homeOf(
  { env, run }: Machine,
  user: string,
): Promise<{ HOME: string; XDG_CONFIG_HOME: undefined; WS_CONFIG_DIR: string | undefined }> {
  const { code, stdout } = await run("getent", ["passwd", "--", user]);
  const home = stdout.split(":")[5];
  if (code !== 0 || home === undefined)
    throw usage(`There is no user '${user}' on this machine.`, "Name one: --run-as USER.");
  // What sudo passed on of the caller's own, such as XDG_CONFIG_HOME, is not that user's.
  return { HOME: home, XDG_CONFIG_HOME: undefined, WS_CONFIG_DIR: env["WS_CONFIG_DIR"] };
}

function usage(message: string, next: string): CliError {
  return new CliError("usage", message, { next, exit: EXIT.usage });
}
