import type { GitRoute } from "../protocol/routes.ts";

/**
 * The one line that a server's shell is given, in the words that git's own client uses: forges that have no shell know them by
 * these. What the path holds stays one word, whatever it is.
 */
export function remoteCommand(service: GitRoute["service"], path: string): string {
  return `git-${service} '${path.replace(/['!]/g, String.raw`'\$&'`)}'`;
}
