import { realpathSync } from "node:fs";
import { isAbsolute, sep } from "node:path";
import { CliError } from "../errors.ts";
import type { Program } from "./service.ts";

/** How this very command line was started, for a service. Throws `service_program` where that is not there to stay. */
export function lastingProgram(
  { execPath, execArgv, main }: { execPath: string; execArgv: readonly string[]; main: string },
  temporary: readonly string[],
): Program {
  for (const path of [execPath, main]) {
    // As it was called, because what an upgrade replaces may be a link; and as it is, because a link may lead anywhere.
    for (const place of new Set([path, realPath(path)])) {
      const why = isAbsolute(place) ? whyNotToStay(place, temporary) : "that is no absolute path";
      if (why === undefined) continue;
      throw new CliError("service_program", `A service cannot be started from ${place}: ${why}.`, {
        next: "Install ws where it stays, with 'npm install -g' or as a checkout in a home directory, and install the service from there.",
      });
    }
  }
  return { node: execPath, words: [...execArgv, main] };
}

function whyNotToStay(path: string, temporary: readonly string[]): string | undefined {
  const below = temporary.find((directory) => path.startsWith(`${directory}${sep}`));
  if (below !== undefined) return `what lies below ${below} is removed`;
  return CACHE.test(path) ? "a cache of npx, pnpx or bunx is cleaned up" : undefined;
}

const CACHE = /[/\\](?:_npx|dlx|dlx-[^/\\]+|bunx-[^/\\]+)[/\\]/;

function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}
