import type { SshWorker } from "./config-text.ts";

/**
 * The own worker and those others that can be who they say: by the id alone a host key is known, so one that says another's with a key
 * of its own would be believed in the other's place. The own one is always believed, of the others the one that was known so before.
 */
export function withoutImpostors(
  own: SshWorker,
  others: readonly SshWorker[],
  { before, leftOut }: { before: readonly SshWorker[]; leftOut: (why: string) => void },
): SshWorker[] {
  const all = [own, ...others];
  const rivals = (worker: SshWorker): SshWorker[] =>
    all.filter(({ id, hostKey }) => id === worker.id && hostKey !== worker.hostKey);
  const isKnown = (worker: SshWorker): boolean =>
    before.some(({ id, hostKey }) => id === worker.id && hostKey === worker.hostKey);
  return all.filter((worker) => {
    const found = rivals(worker);
    // The own one has its name here, too.
    const isBelieved = worker.id === own.id ? worker.hostKey === own.hostKey : isKnown(worker);
    if (found.length === 0 || isBelieved) return true;
    const names = found.map(({ name }) => name ?? "your own worker").join(" and ");
    leftOut(
      `${worker.name} is left out of SSH: it says that it is the same worker as ${names}, with another host key.`,
    );
    return false;
  });
}
