/** A shell behind some terminal, with what it prints as text or bytes. */
export interface Shell {
  write: (text: string) => void;
  /** `painted` where it is a picture of the screen, sent in place of output that the reader was too slow for. */
  onOutput: (listener: (bytes: Buffer, painted?: boolean) => void) => void;
}

const MARK = "bench-printed-";
/** The mark is followed by a prompt, and nothing more. */
const PROMPT = 512;

/**
 * Prints a file in the shell and resolves to the bytes that came, from the first to the mark after the last, and the
 * milliseconds from asking to that mark. Of what a terminal leaves out nothing counts. The mark is typed in two halves, so that its echo is not taken for it.
 */
export function createPrinter(
  shell: Shell,
): (path: string, signal: AbortSignal) => Promise<{ bytes: number; ms: number }> {
  let count = 0;
  let bytes = 0;
  let recent = "";
  let mark = "";
  let done = (): void => undefined;
  shell.onOutput((piece, painted) => {
    if (painted !== true) bytes += piece.length;
    if (mark === "") return;
    recent =
      painted === true
        ? piece.toString("latin1")
        : (recent + piece.subarray(-PROMPT).toString("latin1")).slice(-2 * PROMPT);
    if (recent.includes(mark)) done();
  });
  return async (path, signal) => {
    const printed = Promise.withResolvers<void>();
    const abort = (): void => printed.reject(signal.reason as Error);
    signal.addEventListener("abort", abort, { once: true });
    count += 1;
    [bytes, recent, mark, done] = [0, "", `${MARK}${count}!`, printed.resolve];
    const began = performance.now();
    shell.write(`cat ${path}; echo ${MARK}''${count}'!'\r`);
    await printed.promise.finally(() => signal.removeEventListener("abort", abort));
    const ms = performance.now() - began;
    mark = "";
    return { bytes, ms };
  };
}
