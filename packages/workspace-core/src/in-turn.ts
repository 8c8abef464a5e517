/** How much may be begun of what nobody has asked for yet. */
export interface Ahead<T, R> {
  /** So many items. */
  most: number;
  /** And, of more than one, as much as is less than the limit together; nothing where absent. */
  weigh?: (item: T) => number;
  limit?: number;
  /** Closes what came of an item and nobody took. */
  drop?: (result: R) => Promise<void>;
}

/** What comes of each item, in the items' order, with the work on those behind it begun already: each may be a round trip. */
export async function* inTurn<T, R>(
  items: Iterable<T> | AsyncIterable<T>,
  work: (item: T) => Promise<R>,
  { most, weigh = () => 0, limit = Infinity, drop = async () => undefined }: Ahead<T, R>,
): AsyncGenerator<R> {
  const begun: { result: Promise<R>; weight: number }[] = [];
  let weight = 0;
  const first = (): Promise<R> | undefined => {
    const next = begun.shift();
    weight -= next?.weight ?? 0;
    return next?.result;
  };
  try {
    for await (const item of items) {
      const added = weigh(item);
      while (begun.length >= most || (begun.length > 0 && weight + added > limit)) yield (await first()) as R;
      const result = work(item);
      // It is waited for later, or by nobody where what comes before it fails.
      result.catch(() => undefined);
      begun.push({ result, weight: added });
      weight += added;
    }
    while (begun.length > 0) yield (await first()) as R;
  } finally {
    await Promise.allSettled(begun.map(({ result }) => result.then(drop)));
  }
}
