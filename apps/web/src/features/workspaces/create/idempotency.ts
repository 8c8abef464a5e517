import type { CreateInput } from "@ws/rpc-contract";

export interface Attempts {
  /** The same key for the same input, however often it is sent; another one once the input changed. */
  keyFor(input: CreateInput): string;
  /** From now on the same input means another workspace. */
  renew(): void;
}

/** The keys of one opening of the dialog: a second press or a lost answer cannot make a second workspace. */
export function createAttempts(newKey: () => string): Attempts {
  let key = newKey();
  let sent: string | undefined;
  return {
    keyFor(input) {
      const text = JSON.stringify(input);
      if (sent !== undefined && sent !== text) key = newKey();
      sent = text;
      return key;
    },
    renew() {
      key = newKey();
      sent = undefined;
    },
  };
}
