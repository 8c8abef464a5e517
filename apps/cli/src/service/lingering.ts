import { CliError } from "../errors.ts";
import type { Machine } from "./machine.ts";

/** Whether systemd runs this person's services while they are not logged in. */
export async function lingers({ run, user }: Machine): Promise<boolean> {
  const { stdout } = await run("loginctl", ["show-user", user, "--property=Linger"]);
  return stdout.trim() === "Linger=yes";
}

export async function linger({ run, user }: Machine): Promise<void> {
  const { code, stderr } = await run("loginctl", ["enable-linger", user]);
  if (code === 0) return;
  throw new CliError("service_failed", `loginctl enable-linger ${user} failed: ${stderr.trim()}`, {
    next: `Ask who administers this machine for: loginctl enable-linger ${user}; or leave out --linger.`,
  });
}

/** Best effort: what it kept running is gone. */
export async function stopLingering({ run, user }: Machine): Promise<void> {
  await run("loginctl", ["disable-linger", user]);
}
