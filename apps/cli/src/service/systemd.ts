import { join } from "node:path";
import { CliError, EXIT } from "../errors.ts";
import type { RunProgram } from "./run-program.ts";
import type { Scope, ServiceManager } from "./service.ts";
import { UNIT, unitText } from "./unit.ts";

/** systemd, of the machine or of the person; `directory` is where its units lie. */
export function createSystemd(options: { scope: Scope; directory: string; run: RunProgram }): ServiceManager {
  const { scope, directory, run } = options;
  const words = scope === "user" ? ["--user"] : [];
  const call = (...args: string[]) => run("systemctl", [...words, ...args]);

  async function must(...args: string[]): Promise<void> {
    const { code, stderr } = await call(...args);
    if (code === 0) return;
    throw new CliError("service_failed", `systemctl ${[...words, ...args].join(" ")} failed: ${firstLine(stderr)}`, {
      next: `What the agent said: journalctl ${words.join(" ")} -u ${UNIT} -n 20, and ws agent logs.`.replace(
        "  ",
        " ",
      ),
    });
  }

  return {
    name: "systemd",
    scope,
    file: join(directory, UNIT),
    describe: unitText,
    async requireThere() {
      const { code, stderr } = await call("show", "--property=Version");
      if (code !== 0) throw notThere(scope, code === 127 ? "there is no systemctl" : firstLine(stderr));
    },
    async state() {
      const { stdout } = await call("show", UNIT, "--property=ActiveState,UnitFileState,MainPID");
      const told = new Map(stdout.split("\n").map((line) => line.split("=", 2) as [string, string]));
      const pid = Number(told.get("MainPID"));
      return {
        active: told.get("ActiveState") ?? "unknown",
        enabled: told.get("UnitFileState") === "enabled",
        ...(pid > 0 ? { pid } : {}),
      };
    },
    async begin() {
      await must("daemon-reload");
      await must("enable", UNIT);
      // What failed five times is not started again before somebody says so.
      await call("reset-failed", UNIT);
      await must("restart", UNIT);
    },
    async restart() {
      await call("reset-failed", UNIT);
      await must("restart", UNIT);
    },
    async end() {
      await must("disable", "--now", UNIT);
      await call("reset-failed", UNIT);
    },
    forget: () => must("daemon-reload"),
  };
}

function notThere(scope: Scope, why: string): CliError {
  const message = `No systemd ${scope === "user" ? "of this person" : "of this machine"} answers (${why}).`;
  return new CliError("service_unavailable", message, {
    next: "Run 'ws agent run' under what starts programs here, such as tmux, runit or a container's entrypoint; where systemd runs, log in directly and not by su.",
    exit: EXIT.unavailable,
  });
}

/** The first line tells most; what follows says where to look, which is said already. */
function firstLine(text: string): string {
  return text.trim().split("\n")[0]?.replace(/\.$/, "") ?? "";
}
