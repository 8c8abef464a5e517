/** What a procedure streams, as it is told to its caller. */
export interface Published<T> extends AsyncIterator<T>, AsyncIterable<T> {
  /** The next value, read past whatever was put around the stream since; undefined at its end, or where it failed: `next` then says how. */
  value(): Promise<T | undefined>;
}

/**
 * A stream may fail long after its procedure has returned, and ends with a reason where its caller's token does. Written without a
 * generator: each of these that an event passes costs it several promises, a thousand times over where a thousand listen.
 */
export function published<T extends object>(
  stream: AsyncIterable<T>,
  options: { tell: (error: unknown) => Error; gone?: AbortSignal | undefined },
): Published<T> {
  const { tell, gone } = options;
  const source = stream[Symbol.asyncIterator]();
  let over: Promise<IteratorResult<T>> | undefined;

  function fail(error: unknown): Promise<never> {
    const failed = Promise.reject(tell(error));
    // It is for whoever asks next, if anybody does.
    failed.catch(() => undefined);
    over = failed;
    return failed;
  }

  function told(result: IteratorResult<T>): IteratorResult<T> | Promise<IteratorResult<T>> {
    if (result.done !== true) return result;
    if (gone?.aborted === true) return fail(gone.reason);
    over = Promise.resolve(result);
    return result;
  }

  return {
    next: () => over ?? source.next().then(told, fail),
    value: () =>
      source.next().then(
        (result) => {
          if (result.done !== true) return result.value;
          void Promise.resolve(told(result)).catch(() => undefined);
          return undefined;
        },
        (error: unknown) => void fail(error).catch(() => undefined),
      ),
    async return(value?: unknown) {
      over ??= Promise.resolve({ done: true, value: undefined });
      await source.return?.();
      return { done: true, value };
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}
