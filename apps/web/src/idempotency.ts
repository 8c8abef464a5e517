export interface Attempts {
  /** The same key for the same input, however often it is sent; another one once the input changed. */
  keyFor(input: object): string;
  /** From now on the same input means another one. */
  renew(): void;
}

/** The keys of one opening of a dialog: a second press or a lost answer cannot make a second one of what it makes. */
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
