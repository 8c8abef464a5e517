import { randomBytes } from "node:crypto";

/** One object's way to or from a store, as the forge said it and no workspace sees it. */
export interface Transfer {
  kind: "download" | "upload" | "verify";
  /** The repository for which the forge said it, by its key. */
  repository: string;
  oid: string;
  size: number;
  href: URL;
  header: Readonly<Record<string, string>>;
  /** Whether what `header` has is all that the store wants to be shown. */
  authenticated: boolean;
  /** By `now`. */
  expiresAt: number;
}

/** The transfers that one workspace may do now, by ids that cannot be guessed. */
export interface Transfers {
  add(transfer: Transfer): string;
  find(id: string): Transfer | undefined;
}

/** At once; git-lfs asks for a hundred at a time. */
const MAX_TRANSFERS = 4_096;

export function createTransfers(now: () => number): Transfers {
  const transfers = new Map<string, Transfer>();
  return {
    add(transfer) {
      const [oldest] = transfers.keys();
      if (oldest !== undefined && transfers.size >= MAX_TRANSFERS) transfers.delete(oldest);
      const id = randomBytes(24).toString("hex");
      transfers.set(id, transfer);
      return id;
    },
    find(id) {
      const found = transfers.get(id);
      if (found === undefined || found.expiresAt > now()) return found;
      transfers.delete(id);
      return undefined;
    },
  };
}

/** Whether a store that is the forge itself is shown what the forge is shown. */
export function showsOwn({ authenticated, header }: Pick<Transfer, "authenticated" | "header">): boolean {
  return !authenticated && header["authorization"] === undefined;
}
