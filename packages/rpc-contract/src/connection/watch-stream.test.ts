import { expect, test } from "vitest";
import { manualTimers } from "../testing/index.ts";
import { SILENT_AFTER_MS, SilentStreamError, watchStream } from "./watch-stream.ts";

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

test("A stream that stays silent fails within ten seconds, and the connection behind it is released", async () => {
  const timers = manualTimers();
  const source = stream();
  const reader = watchStream(source.response, { timers }).body?.getReader();
  const read = reader?.read();
  await Promise.resolve();
  expect(SILENT_AFTER_MS).toBeLessThan(10_000);
  timers.advance(SILENT_AFTER_MS);
  await expect(read).rejects.toThrow(SilentStreamError);
  expect(source.cancelled()).toBe(true);
});

test("Every byte starts the wait anew, and the end of the stream stays an end", async () => {
  const timers = manualTimers();
  const source = stream();
  const reader = watchStream(source.response, { timers }).body?.getReader();
  for (const text of [": keep-alive\n", "data: 1\n\n", "data: 2\n\n"]) {
    timers.advance(8_900);
    source.send(text);
    const chunk = await reader?.read();
    expect(new TextDecoder().decode(chunk?.value)).toBe(text);
  }
  source.end();
  expect((await reader?.read())?.done).toBe(true);
});

test("An ordinary answer is not touched", () => {
  const response = new Response("{}", { headers: { "content-type": "application/json" } });
  expect(watchStream(response, { timers: manualTimers() })).toBe(response);
});

test("A process that was stopped reads first what came meanwhile", async () => {
  const source = stream();
  let run: (() => void)[] = [];
  const timers = {
    now: () => 0,
    after: (_ms: number, due: () => void) => {
      run.push(due);
      return () => void (run = run.filter((one) => one !== due));
    },
  };
  const reader = watchStream(source.response, { timers }).body?.getReader();
  const read = reader?.read();
  await Promise.resolve();
  // All that is due runs before anything is read.
  for (const due of run.slice()) due();
  source.send("data: 1\n\n");
  expect((await read)?.done).toBe(false);
});

test("Whatever comes is told, were it a heartbeat", async () => {
  const source = stream();
  let heard = 0;
  const reader = watchStream(source.response, {
    timers: manualTimers(),
    heard: () => void (heard += 1),
  }).body?.getReader();
  expect(heard).toBe(1);
  source.send(": \n\n");
  await reader?.read();
  expect(heard).toBe(2);
});
