import type { Clock } from "../../ports.ts";
import type { AccountLimit, TaskStore } from "../task-store.ts";

/** The accounts that met their usage limit, as the store has them. */
export interface Accounts {
  /** Until when nothing of an account begins; one whose time is over is tried with a single task. Absent where it met none. */
  readonly held: ReadonlyMap<string, number>;
  /** What the store has, after a restart. */
  load(): void;
  /** It met its limit, until this instant where somebody says so. Returns until when it is held. */
  meet(account: string, until: number | undefined): number;
  /** Lets one task of it be tried at once. */
  tryNow(account: string): void;
  /** It works again. */
  release(account: string): void;
  /** Releases those of whom something has run on long enough after their limit was over. Returns when to look again. */
  prove(running: Iterable<{ account?: string; since: number }>): number | undefined;
}

const UNKNOWN_MS = { first: 900_000, longest: 21_600_000 };
const MOST_TIMES = 10;
/** What meets a limit meets it at its first request. */
const PROOF_MS = 20_000;
/** Nobody asked for it since: its key may be gone. */
const STALE_MS = 7 * 86_400_000;

export function createAccounts({ store, clock }: { store: TaskStore; clock: Pick<Clock, "now"> }): Accounts {
  const limits = new Map<string, AccountLimit>();
  const held = new Map<string, number>();

  function keep(limit: AccountLimit): void {
    store.limit(limit);
    limits.set(limit.account, limit);
    held.set(limit.account, limit.until);
  }

  function release(account: string): void {
    if (!limits.has(account)) return;
    store.unlimit(account);
    limits.delete(account);
    held.delete(account);
  }

  return {
    held,
    load() {
      for (const limit of store.limits()) {
        if (limit.until < clock.now() - STALE_MS) {
          store.unlimit(limit.account);
          continue;
        }
        limits.set(limit.account, limit);
        held.set(limit.account, limit.until);
      }
    },
    meet(account, until) {
      const known = limits.get(account);
      // Several tasks meet one limit at once, and say so one after the other.
      const isHeld = known !== undefined && known.until > clock.now();
      if (isHeld && (until ?? 0) <= known.until) return known.until;
      const times = until === undefined ? Math.min((known?.times ?? 0) + 1, MOST_TIMES) : 0;
      const guess = clock.now() + Math.min(UNKNOWN_MS.longest, UNKNOWN_MS.first * 2 ** (times - 1));
      const next = { account, until: until ?? guess, times };
      keep(next);
      return next.until;
    },
    tryNow(account) {
      const known = limits.get(account);
      if (known !== undefined) keep({ ...known, until: Math.min(known.until, clock.now()) });
    },
    release,
    prove(running) {
      let next: number | undefined;
      for (const { account = "", since } of running) {
        const until = held.get(account);
        if (until === undefined || until > clock.now()) continue;
        const at = Math.max(since, until) + PROOF_MS;
        if (at <= clock.now()) release(account);
        else next = Math.min(next ?? Infinity, at);
      }
      return next;
    },
  };
}
