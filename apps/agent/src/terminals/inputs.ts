import type { InputAnswer } from "@ws/rpc-contract/frames";

/** What was typed under the names that clients give to their input: what comes over a second socket is not typed twice. */
export interface Inputs {
  /** Whoever claims an input is the only one who may go on with it. The scope is one program's: its input is no other's. */
  claim(scope: string, asked: { id: string; sent: number }, claimant: Claimant): Claim;
  /** The program has ended. */
  forget(scope: string): void;
}

export interface Claimant {
  /** Another socket goes on with this input. */
  superseded(): void;
  /** The terminal has all up to this offset, but for so many bytes of the whole input. */
  taken(offset: number, lost: number): void;
}

export interface Claim {
  readonly answer: InputAnswer;
  /** Counts bytes that came; false where they are another socket's to send again. What is called back settles them, in order. */
  received(bytes: number): ((arrived: boolean) => void) | undefined;
  release(): void;
}

interface Entry {
  scope: string;
  received: number;
  taken: number;
  lost: number;
  holder: Claimant | undefined;
}

/** Inputs that are remembered; whose input is forgotten is told that it may be lost. */
const KEPT = 1_000;

export function createInputs(): Inputs {
  const entries = new Map<string, Entry>();

  return {
    claim(scope, { id, sent }, claimant) {
      const key = `${scope} ${id}`;
      const known = entries.get(key);
      const entry = known ?? { scope, received: sent, taken: sent, lost: 0, holder: undefined };
      const before = entry.holder;
      entry.holder = claimant;
      entries.delete(key);
      entries.set(key, entry);
      const [oldest] = entries.keys();
      if (entries.size > KEPT && oldest !== undefined) entries.delete(oldest);
      before?.superseded();
      return {
        answer: { next: entry.received, taken: entry.taken, known: known !== undefined, lost: entry.lost },
        received(bytes) {
          if (entry.holder !== claimant) return undefined;
          entry.received += bytes;
          return (arrived) => {
            entry.taken += bytes;
            if (!arrived) entry.lost += bytes;
            entry.holder?.taken(entry.taken, entry.lost);
          };
        },
        release() {
          if (entry.holder === claimant) entry.holder = undefined;
        },
      };
    },
    forget(scope) {
      for (const [key, entry] of entries) if (entry.scope === scope) entries.delete(key);
    },
  };
}
