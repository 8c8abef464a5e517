import { setTimeout as sleep } from "node:timers/promises";
import { join } from "node:path";
import { CliError, EXIT } from "../errors.ts";
import { LABEL, plistText } from "./plist.ts";
import type { RunProgram } from "./run-program.ts";
import type { ServiceManager } from "./service.ts";

/** launchd of the person who is logged in; `directory` is where their agents lie. */
export function createLaunchd(options: { directory: string; uid: number; run: RunProgram }): ServiceManager {
  const { directory, uid, run } = options;
  const domain = `gui/${uid}`;
  const target = `${domain}/${LABEL}`;
  const file = join(directory, `${LABEL}.plist`);
  const isLoaded = async (): Promise<boolean> => (await run("launchctl", ["print", target])).code === 0;

  async function must(...args: string[]): Promise<void> {
    const { code, stderr } = await run("launchctl", args);
    if (code === 0) return;
    throw new CliError("service_failed", `launchctl ${args.join(" ")} failed: ${stderr.trim()}`, {
      next: `What launchd knows: launchctl print ${target}; what the agent said: ws agent logs.`,
    });
  }

  async function unload(): Promise<void> {
    if (!(await isLoaded())) return;
    await must("bootout", target);
    // It answers before the agent has ended, and loads nothing of the same name until then.
    for (let tries = 0; tries < UNLOADS && (await isLoaded()); tries += 1) await sleep(UNLOAD_MS);
  }

  return {
    name: "launchd",
    scope: "user",
    file,
    describe: plistText,
    async requireThere() {
      const { code, stderr } = await run("launchctl", ["print", domain]);
      if (code === 0) return;
      const why = code === 127 ? "there is no launchctl" : stderr.trim();
      throw new CliError("service_unavailable", `launchd does not answer for this person (${why}).`, {
        next: "Log in at the Mac itself once, or run 'ws agent run' under what starts programs here, such as tmux.",
        exit: EXIT.unavailable,
      });
    },
    async state() {
      const { code, stdout } = await run("launchctl", ["print", target]);
      if (code !== 0) return { active: "inactive", enabled: false };
      const pid = Number(/^\s*pid = (\d+)$/m.exec(stdout)?.[1] ?? 0);
      const active = pid > 0 ? "active" : (/^\s*state = (.+)$/m.exec(stdout)?.[1] ?? "unknown");
      return { active, enabled: true, ...(pid > 0 ? { pid } : {}) };
    },
    async begin() {
      await unload();
      await must("enable", target);
      await must("bootstrap", domain, file);
    },
    restart: () => must("kickstart", "-k", target),
    end: unload,
    forget: async () => undefined,
  };
}

const UNLOADS = 100;
const UNLOAD_MS = 200;
