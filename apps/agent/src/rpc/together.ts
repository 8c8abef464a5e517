/**
 * What several streams give, as it comes, each asked for its next event once the last one was taken. Ends once all have, fails with
 * the first that does, and whoever leaves it leaves them all.
 */
export async function* together<T>(streams: readonly AsyncIterable<T>[]): AsyncGenerator<T> {
  const readers = streams.map((stream) => stream[Symbol.asyncIterator]());
  const answers: (() => { reader: AsyncIterator<T>; result: IteratorResult<T> })[] = [];
  let answered = Promise.withResolvers<void>();
  // Not by Promise.race: what is silent for long would keep a reaction for each event of the others.
  const ask = (reader: AsyncIterator<T>): void => {
    const give = (answer: (typeof answers)[number]): void => {
      answers.push(answer);
      answered.resolve();
    };
    reader.next().then(
      (result) => give(() => ({ reader, result })),
      (error: unknown) =>
        give(() => {
          throw error;
        }),
    );
  };
  readers.forEach(ask);
  try {
    for (let left = readers.length; left > 0;) {
      const answer = answers.shift();
      if (answer === undefined) {
        await answered.promise;
        answered = Promise.withResolvers();
        continue;
      }
      const { reader, result } = answer();
      if (result.done === true) left -= 1;
      else {
        yield result.value;
        ask(reader);
      }
    }
  } finally {
    // Not waited for: one that is silent is left only once it is told to end, by its signal.
    for (const reader of readers) void reader.return?.().catch(() => undefined);
  }
}
