import type { Engine } from "../engine.ts";
import { openRunning } from "../open-running.ts";
import type { Argv, Box, BoxProcess, Pty, RunOptions, TerminalSize } from "../ports.ts";
import { environmentOf } from "../process-environment.ts";
import { reasonOf, withReasons } from "../reasons.ts";
import type { Profile } from "../workspace.ts";

/** What somebody who logs in to a workspace can do there, as one of its users. */
export interface WayIn extends Pick<Box, "home" | "listen" | "listenAt"> {
  readonly profile: Profile;
  /** Where commands start otherwise; undefined where it has no repository. */
  readonly directory: string | undefined;
  /** In its home where no `cwd` is given, with the environment of all its processes. */
  run(argv: Argv, options?: RunOptions): Promise<BoxProcess>;
  /** The same on a terminal that ends with its owner, which counts as use of the workspace. */
  openPty(argv: Argv, options: { size: TerminalSize; cwd?: string; env?: Record<string, string> }): Promise<Pty>;
}

/** Opens it for one channel: the next one may find another Box. Throws `workspace_not_found`, `workspace_not_running`. */
export async function enter(engine: Engine, name: string, signal?: AbortSignal): Promise<WayIn> {
  const { box, record } = await openRunning(engine, name, signal);
  const reason = (error: unknown): Promise<unknown> => reasonOf(engine, record, error);
  const fail = async (error: unknown): Promise<never> => Promise.reject(await reason(error));
  return {
    home: box.home,
    profile: record.profile,
    directory: record.directory,
    async run(argv, options = {}) {
      const env = { ...(await environmentOf(engine, record, box)), ...options.env };
      const process = await box.run(argv, { cwd: box.home, ...options, env }).catch(fail);
      engine.uses.during(record.id, process.exit);
      return withReasons(process, reason);
    },
    async openPty(argv, { size, cwd = box.home, env: given }) {
      const env = { ...(await environmentOf(engine, record, box)), ...given };
      const pty = await box.openPty(argv, { size, cwd, env }).catch(fail);
      engine.uses.during(record.id, pty.exit);
      return pty;
    },
    listen: (accept, options) => box.listen(accept, options).catch(fail),
    listenAt: (path, accept) => box.listenAt(path, accept).catch(fail),
  };
}
