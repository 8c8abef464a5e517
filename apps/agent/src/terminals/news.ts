/** What came of a thing last: clients try for ever to reach what is lost, and each try would be the same line of the audit. */
export interface News {
  /** Takes what came of it now; whether that is another outcome than the last one. */
  tell(of: readonly (string | undefined)[], outcome: string): boolean;
}

/** Those who say what there is to tell of could otherwise fill the memory. */
const KEPT = 1_000;

export function createNews(): News {
  const last = new Map<string, string>();
  return {
    tell(of, outcome) {
      const key = JSON.stringify(of);
      const isNews = last.get(key) !== outcome;
      last.delete(key);
      last.set(key, outcome);
      const [oldest] = last.keys();
      if (last.size > KEPT && oldest !== undefined) last.delete(oldest);
      return isNews;
    },
  };
}
