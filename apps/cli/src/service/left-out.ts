import type { Io } from "../io.ts";
import type { Scope, ServiceManager } from "./service.ts";
import { UNIT } from "./unit.ts";

/**
 * Variables that an agent would read here and that a service is not given, because anybody can read what it is given: those that hold over a setting, and
 * those that nothing else says.
 */
export async function leftOut(env: Io["env"]): Promise<{ settings: string[]; others: string[] }> {
  const { settingVariables } = await import("@ws/agent/service");
  const given = (names: readonly string[]): string[] => names.filter((name) => (env[name] ?? "") !== "");
  return { settings: given(settingVariables()), others: given(OTHERS) };
}

const OTHERS = ["DOCKER_HOST", "DOCKER_TLS_VERIFY", "DOCKER_CERT_PATH", "NODE_EXTRA_CA_CERTS"] as const;

/** How a service gets a variable all the same. */
export function howToGive(name: ServiceManager["name"], scope: Scope): string {
  if (name === "launchd") return "launchctl setenv NAME VALUE, at each login";
  const edit = scope === "user" ? "systemctl --user edit" : "sudo systemctl edit";
  return `'${edit} ${UNIT}', with Environment=NAME=VALUE below [Service]`;
}
