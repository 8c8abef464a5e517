import type { Timers } from "../timers.ts";

/** The agent sends a heartbeat every three seconds where there is nothing else; the third that is missed is the end. */
export const SILENT_AFTER_MS = 9_000;
/** A process that was stopped finds its timers due before it has read what waits for it. */
const GRACE_MS = 500;

/** Nothing came for too long. */
export class SilentStreamError extends TypeError {
  readonly code = "stream_silent";

  constructor() {
    super("Nothing came from the worker any more.");
  }
}

/**
 * An event stream that fails with `SilentStreamError` once nothing, not even a heartbeat, arrived for `SILENT_AFTER_MS`: a broken
 * network tells nobody. Other responses are returned as they are. `heard` is called for whatever comes.
 */
export function watchStream(response: Response, options: { timers: Timers; heard?: () => void }): Response {
  const { timers, heard } = options;
  heard?.();
  const isStream = response.headers.get("content-type")?.startsWith("text/event-stream") === true;
  if (!isStream || response.body === null) return response;
  const reader = response.body.getReader();
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      const silence = Promise.withResolvers<never>();
      let cancel = timers.after(SILENT_AFTER_MS - GRACE_MS, () => {
        cancel = timers.after(GRACE_MS, () => silence.reject(new SilentStreamError()));
      });
      try {
        const { done, value } = await Promise.race([reader.read(), silence.promise]);
        heard?.();
        if (done) controller.close();
        else controller.enqueue(value);
      } catch (error) {
        reader.cancel(error).catch(() => {});
        throw error;
      } finally {
        cancel();
      }
    },
    cancel: (reason) => reader.cancel(reason),
  });
  return new Response(body, { status: response.status, statusText: response.statusText, headers: response.headers });
}
