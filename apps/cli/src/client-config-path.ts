import { join } from "node:path";
import { configDirectory } from "@ws/agent/paths";
import type { Io } from "./io.ts";

export function clientConfigPath(env: Io["env"]): string {
  return join(configDirectory(env), "client.json");
}
