import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { NotAvailable } from "./not-available.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));

export const paths = {
  /** Runs the built command line with the pinned Node. */
  ws: join(root, "ws"),
  cli: join(root, "apps/cli/dist/main.js"),
  agent: join(root, "apps/agent/dist/index.js"),
  web: join(root, "apps/web/dist/index.html"),
  docker: join(root, "docker"),
  /** Where peers from npm are kept between runs. */
  peers: join(root, ".tools/bench"),
} as const;

/** Throws `NotAvailable` where this part was not built. */
export function requireBuilt(...parts: ("cli" | "agent" | "web")[]): void {
  const missing = parts.find((part) => !existsSync(paths[part]));
  if (missing !== undefined) throw new NotAvailable(`apps/${missing} is not built (npm run build)`);
}
