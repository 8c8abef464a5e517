import { once } from "node:events";
import { createServer, get, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { ORPCError } from "@orpc/client";
import { ErrorEvent, withEventMeta } from "@orpc/standard-server";
import { sendStandardResponse } from "@orpc/standard-server-node";
import { createManualClock } from "@ws/workspace-core/testing";
import { expect, test } from "vitest";
import { createSendEvents, type SendEvents } from "./event-stream.ts";

type Events = AsyncGenerator<unknown, unknown>;
const HEARTBEAT = ": \n\n";

/** A server that answers each request with events, and says what it answers with. */
async function startServer(events: () => Events, sendEvents: SendEvents) {
  const responses: ServerResponse[] = [];
  const sent: Promise<void>[] = [];
  const server = createServer((_request, response) => {
    responses.push(response);
    sent.push(sendEvents(response, events()));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    responses,
    sent,
    async ask(): Promise<IncomingMessage> {
      const [answer] = (await once(get({ host: "127.0.0.1", port, agent: false }), "response")) as [IncomingMessage];
      return answer;
    },
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

const STREAMS: Record<string, () => Events> = {
  "values of every kind": async function* () {
    yield { name: "demo", lines: "a\nb\r\nc" };
    yield "text";
    yield 1;
    yield null;
  },
  "nothing at all": async function* () {},
  "ids, comments and a last value": async function* () {
    yield withEventMeta({ at: 1 }, { id: "7", retry: 20, comments: ["one"] });
    return { at: 2 };
  },
  "a failure that was put into words": async function* () {
    yield 1;
    throw withEventMeta(new ErrorEvent({ data: { code: "gone" } }), { id: "8" });
  },
};

test.each(Object.entries(STREAMS))("sends %s byte for byte as the library does", async (_what, events) => {
  const clock = createManualClock();
  await using ours = await startServer(events, createSendEvents({ clock }));
  await using theirs = await startServer(events, (response, body) =>
    sendStandardResponse(response, { status: 200, headers: {}, body }),
  );
  expect(await text(await ours.ask())).toBe(await text(await theirs.ask()));
  await Promise.all(ours.sent);
});

test("a failure goes over the wire as every refusal does", async () => {
  const sendEvents = createSendEvents({ clock: createManualClock(), serialize: (json) => ({ json }) });
  async function* events(): Events {
    yield 1;
    throw new ORPCError("NOT_FOUND", { message: "It is gone." });
  }
  await using server = await startServer(events, sendEvents);
  const said = await text(await server.ask());
  expect(said).toContain('event: message\ndata: {"json":1}\n\n');
  expect(JSON.parse(/event: error\ndata: (.*)\n/.exec(said)?.[1] ?? "")).toMatchObject({
    json: { code: "NOT_FOUND", message: "It is gone.", status: 404 },
  });
});

test("what is told to many is put into words once", async () => {
  let serialized = 0;
  const shared = [{ name: "one" }, { name: "other" }];
  const serialize = (value: unknown): unknown => {
    serialized += 1;
    return value;
  };
  const sendEvents = createSendEvents({ clock: createManualClock(), serialize });
  await using server = await startServer(async function* () {
    yield* shared;
  }, sendEvents);
  const heard = await Promise.all(Array.from({ length: 20 }, async () => text(await server.ask())));
  expect(new Set(heard)).toEqual(
    new Set([`${HEARTBEAT}event: message\ndata: {"name":"one"}\n\nevent: message\ndata: {"name":"other"}\n\n`]),
  );
  expect(serialized).toBe(2);
});

test("a heartbeat comes every three seconds, while there are events and while there are none", async () => {
  const clock = createManualClock();
  let tell = Promise.withResolvers<void>();
  await using server = await startServer(async function* () {
    for (;;) {
      await tell.promise;
      tell = Promise.withResolvers();
      yield "news";
    }
  }, createSendEvents({ clock }));
  const answer = await server.ask();
  answer.setEncoding("utf8");
  const heard = answer[Symbol.asyncIterator]();
  expect((await heard.next()).value).toBe(HEARTBEAT);
  for (let beat = 0; beat < 3; beat += 1) {
    await clock.idle();
    clock.advance(2_000);
    tell.resolve();
    expect((await heard.next()).value).toContain("news");
    clock.advance(1_000);
    expect((await heard.next()).value).toBe(HEARTBEAT);
  }
});

test("one who reads nothing is neither told more nor sent heartbeats that pile up", async () => {
  const clock = createManualClock();
  let asked = 0;
  await using server = await startServer(async function* () {
    for (;;) {
      asked += 1;
      yield "x".repeat(1024 * 1024);
    }
  }, createSendEvents({ clock }));
  const answer = await server.ask();
  answer.pause();
  await expect.poll(() => server.responses[0]?.writableNeedDrain).toBe(true);
  const before = { asked, waiting: server.responses[0]?.writableLength };
  for (let beat = 0; beat < 20; beat += 1) {
    await clock.idle();
    clock.advance(3_000);
  }
  expect({ asked, waiting: server.responses[0]?.writableLength }).toEqual(before);
  answer.destroy();
  await Promise.all(server.sent);
});

test("a client that leaves ends what made its events, while that waits", async () => {
  const ended = Promise.withResolvers<void>();
  const waiting = {
    next: () => new Promise(() => undefined),
    return() {
      ended.resolve();
      return Promise.resolve({ done: true, value: undefined });
    },
  } as unknown as Events;
  await using server = await startServer(() => waiting, createSendEvents({ clock: createManualClock() }));
  (await server.ask()).destroy();
  await expect(ended.promise).resolves.toBeUndefined();
  await Promise.all(server.sent);
});
