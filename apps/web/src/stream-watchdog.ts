import type { Timers } from "@ws/rpc-contract/terminal-client";

/**
 * An event stream that fails once nothing, not even a keep-alive comment, arrived for `idleMs`: a browser notices
 * a link that went silent only after minutes. Other responses are returned as they are.
 */
export function watchStream(response: Response, idleMs: number, timers: Timers): Response {
  const isStream = response.headers.get("content-type")?.startsWith("text/event-stream") === true;
  if (!isStream || response.body === null) return response;
  const reader = response.body.getReader();
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      const silence = Promise.withResolvers<never>();
      const cancel = timers.after(idleMs, () => silence.reject(new TypeError("The event stream went silent.")));
      try {
        const { done, value } = await Promise.race([reader.read(), silence.promise]);
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
