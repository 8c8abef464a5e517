/** What is counted as it happens. Each name is a series of its own: nothing that a caller says becomes part of one. */
export const COUNTED = ["2xx", "3xx", "4xx", "5xx"] as const;
export type Counted = (typeof COUNTED)[number];

/** Answers of the HTTP server since it began, by the class of their status. */
export interface Counts {
  answered(status: number): void;
  read(): Readonly<Record<Counted, number>>;
}

export function createCounts(): Counts {
  const counts: Record<Counted, number> = { "2xx": 0, "3xx": 0, "4xx": 0, "5xx": 0 };
  return {
    answered(status) {
      const name = COUNTED.find((each) => each.startsWith(String(Math.trunc(status / 100))));
      if (name !== undefined) counts[name] += 1;
    },
    read: () => ({ ...counts }),
  };
}
