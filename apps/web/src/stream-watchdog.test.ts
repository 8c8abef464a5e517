import { expect, test } from "vitest";
import { watchStream } from "./stream-watchdog.ts";
import { manualTimers } from "@ws/rpc-contract/testing";

function stream() {
  let controller: ReadableStreamDefaultController<Uint8Array> | undefined;
  let cancelled = false;
  const body = new ReadableStream<Uint8Array>({
    start: (c) => void (controller = c),
    cancel: () => void (cancelled = true),
  });
  const response = new Response(body, { headers: { "content-type": "text/event-stream" } });
  return {
    response,
    send: (text: string) => controller?.enqueue(new TextEncoder().encode(text)),
    end: () => controller?.close(),
    cancelled: () => cancelled,
  };
}

test("A stream that stays silent too long fails, and the connection behind it is released", async () => {
  const timers = manualTimers();
  const source = stream();
  const reader = watchStream(source.response, 10_000, timers).body?.getReader();
  const read = reader?.read();
  await Promise.resolve();
  timers.advance(10_000);
  await expect(read).rejects.toThrow("went silent");
  expect(source.cancelled()).toBe(true);
});

test("Every byte starts the wait anew, and the end of the stream stays an end", async () => {
  const timers = manualTimers();
  const source = stream();
  const reader = watchStream(source.response, 10_000, timers).body?.getReader();
  for (const text of [": keep-alive\n", "data: 1\n\n", "data: 2\n\n"]) {
    timers.advance(9_000);
    source.send(text);
    const chunk = await reader?.read();
    expect(new TextDecoder().decode(chunk?.value)).toBe(text);
  }
  source.end();
  expect((await reader?.read())?.done).toBe(true);
});

test("An ordinary answer is not touched", () => {
  const response = new Response("{}", { headers: { "content-type": "application/json" } });
  expect(watchStream(response, 10_000, manualTimers())).toBe(response);
});
