/**
 * What is opened when it is first taken, is the same for all who take it meanwhile, and is closed when the last has let go of it: many
 * uses at once, and one right after the other, do not each open their own.
 */
export function openTogether<T extends AsyncDisposable>(open: () => Promise<T>): () => Promise<T> {
  let present: { opening: Promise<T>; users: number } | undefined;

  return async () => {
    const taken = (present ??= { opening: open(), users: 0 });
    taken.users += 1;
    const leave = async (): Promise<void> => {
      taken.users -= 1;
      if (taken.users > 0) return;
      if (present === taken) present = undefined;
      await (await taken.opening)[Symbol.asyncDispose]();
    };
    try {
      const opened = await taken.opening;
      return { ...opened, [Symbol.asyncDispose]: leave };
    } catch (error) {
      if (present === taken) present = undefined;
      throw error;
    }
  };
}
