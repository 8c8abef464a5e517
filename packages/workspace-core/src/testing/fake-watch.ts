import { confinedFault } from "../confined-faults.ts";
import type { WatchBatch, WatchOptions } from "../ports.ts";
import type { FakeHome } from "./fake-home.ts";

/** What happens to the entries of a map. Told at once, what happens before it is read together. */
export async function* watchFake(
  home: FakeHome,
  directory: string,
  { signal, ...asked }: WatchOptions,
  closed: { signal: AbortSignal; error: () => Error },
): AsyncGenerator<WatchBatch, void> {
  if (!directory.startsWith("/") || directory.includes("\0")) throw confinedFault("invalid_input", directory);
  if (closed.signal.aborted) throw closed.error();
  const root = directory.replace(/(?<=.)\/+$/, "");
  const requireRoot = (): void => {
    if (home.files.has(root)) throw confinedFault("not_a_directory", directory);
    if (!home.directories.has(root)) throw confinedFault("file_not_found", directory);
  };
  requireRoot();
  const found = new Set<string>();
  let wake = (): void => undefined;
  const ending = signal === undefined ? closed.signal : AbortSignal.any([signal, closed.signal]);
  const stop = home.onChange((key) => {
    if (key.startsWith(`${root}/`)) {
      const path = key.slice(root.length + 1);
      if (isWatched(path, asked)) found.add(path);
    }
    wake();
  });
  const onEnd = (): void => wake();
  ending.addEventListener("abort", onEnd, { once: true });
  try {
    if (signal?.aborted !== true) yield { resync: true };
    for (;;) {
      if (signal?.aborted === true) return;
      if (closed.signal.aborted) throw closed.error();
      requireRoot();
      const paths = [...found].sort();
      found.clear();
      if (paths.length > 0) yield { paths };
      else await new Promise<void>((resolve) => (wake = resolve));
    }
  } finally {
    stop();
    ending.removeEventListener("abort", onEnd);
  }
}

/** An entry is told of where the directory that it lies in is watched. */
function isWatched(path: string, { ignore = [], include = [] }: Omit<WatchOptions, "signal">): boolean {
  const above = path.split("/").slice(0, -1);
  const at = above.join("/");
  const isIncluded = include.some((each) =>
    each.endsWith("/**") ? `${at}/`.startsWith(each.slice(0, -2)) : at === each,
  );
  return isIncluded || !above.some((name) => ignore.includes(name) || (ignore.includes(".*") && name.startsWith(".")));
}
