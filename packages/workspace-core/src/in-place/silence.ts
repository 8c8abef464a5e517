import type { Bytes } from "../bytes.ts";

/** An input that is open and says nothing: its end tells a program that nobody is there any more. */
export async function* silence(signal: AbortSignal): AsyncGenerator<Bytes, void> {
  await new Promise<void>((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener("abort", () => resolve(), { once: true });
  });
}
