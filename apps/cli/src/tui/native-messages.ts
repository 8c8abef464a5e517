import { closeSync, openSync } from "node:fs";

const STDERR = 2;

/**
 * What draws writes remarks about what it does not know past Node to standard error, which is the very screen, and programs in
 * workspaces can make it do so. Until the returned function is called they go nowhere; what Node itself writes to a terminal has
 * a descriptor of its own, and is not touched.
 */
export function hideNativeMessages(): () => void {
  let kept: number;
  try {
    kept = openSync("/dev/fd/2", "w");
  } catch {
    // Another user's terminal may not be opened again; then the remarks are seen.
    return () => undefined;
  }
  replace("/dev/null");
  return () => {
    replace(`/dev/fd/${kept}`);
    closeSync(kept);
  };
}

/** The lowest descriptor that is free is the one that was just closed. */
function replace(path: string): void {
  closeSync(STDERR);
  const opened = openSync(path, "w");
  if (opened !== STDERR) closeSync(opened);
}
