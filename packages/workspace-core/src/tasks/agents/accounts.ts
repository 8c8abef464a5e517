import type { Clock } from "../../ports.ts";
import type { AccountLimit, TaskStore } from "../task-store.ts";

/** The accounts that met their usage limit, as the store has them. */
export interface Accounts {
  /** Until when nothing of an account begins; one whose time is over is tried with a single task. Absent where it met none. */
  readonly held: ReadonlyMap<string, number>;
  /** What the store has, after a restart. */
  load(): void;
  /**
   * It met its limit, until this instant where somebody says so. Returns until when it is held: where it met it again as soon as that was over, each time for
   * longer, whatever is said. `times` is how often that was in a row, `endless` whether that is more often than any limit is met that ends by itself.
   */
  meet(account: string, until: number | undefined): { until: number; times: number; endless: boolean };
  /** Lets one task of it be tried at once, because somebody says that it works again. */
  tryNow(account: string): void;
  /** It works again. */
  release(account: string): void;
  /**
   * Lets all begin again of those of whom something has run on long enough after their limit was over; how often they met it is only forgotten once something
   * ends well. Returns when to look again.
   */
  prove(running: Iterable<{ account?: string; since: number }>): number | undefined;
}

/** What an account rests at least after its first limit, and twice as long after each further one: sooner nothing is worth asking again. */
const REST_MS = { told: 60_000, untold: 900_000, longest: 21_600_000 };
/** Eight days of rests at least; no limit lasts longer than a week. */
const MOST_TIMES = 40;
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
      const now = clock.now();
      // Several tasks meet one limit at once, and say so one after the other.
      const isHeld = known !== undefined && known.until > now;
      const times = (known?.times ?? 0) + (isHeld ? 0 : 1);
      const endless = times > MOST_TIMES;
      if (isHeld && (until ?? 0) <= known.until) return { ...known, endless };
      const first = until === undefined ? REST_MS.untold : REST_MS.told;
      const rest = Math.min(REST_MS.longest, first * 2 ** (times - 1));
      const next = { account, until: Math.max(until ?? 0, now + rest), times };
      keep(next);
      return { ...next, endless };
    },
    tryNow(account) {
      const known = limits.get(account);
      if (known !== undefined) keep({ account, until: Math.min(known.until, clock.now()), times: 0 });
    },
    release,
    prove(running) {
      let next: number | undefined;
      for (const { account = "", since } of running) {
        const until = held.get(account);
        if (until === undefined || until > clock.now()) continue;
        const at = Math.max(since, until) + PROOF_MS;
        if (at <= clock.now()) held.delete(account);
        else next = Math.min(next ?? Infinity, at);
      }
      return next;
    },
  };
}
