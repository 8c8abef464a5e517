/**
 * Waits for something that has to be closed, and sees to that from now on: what is still being opened when the stack is
 * disposed is closed as soon as it is open, and the disposal waits for it.
 */
export function adopt<T extends AsyncDisposable | Disposable>(
  cleanup: AsyncDisposableStack,
  opening: Promise<T>,
): Promise<T> {
  cleanup.defer(async () => {
    const opened = await opening.catch(() => undefined);
    if (opened === undefined) return;
    if (Symbol.asyncDispose in opened) await opened[Symbol.asyncDispose]();
    else opened[Symbol.dispose]();
  });
  return opening;
}
