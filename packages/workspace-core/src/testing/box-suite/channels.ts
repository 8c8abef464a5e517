import { describe, expect, test } from "vitest";

import { concatBytes } from "../../bytes.ts";
import type { ByteChannel } from "../../ports.ts";
import type { BoxUnderTest } from "./under-test.ts";
import { bytes, encode, expectCode, expectRefusal, noise, refuses, same, serve, settled, text } from "./probing.ts";

export function channelTests(place: () => BoxUnderTest): void {
  describe("a port of the place", () => {
    test("carries bytes both ways, with each direction ending on its own", async () => {
      const { box } = place();
      if (await refuses(box, "listen", () => box.listen(() => undefined))) return;
      const received = Promise.withResolvers<Uint8Array>();
      const answer = noise(3_000_001, 7);
      await using server = await box.listen(
        serve(async (channel) => {
          // The answer starts after the question's end: half-close is what tells it.
          received.resolve(await bytes(channel.readable));
          await channel.write(answer);
          await channel.end();
        }),
      );
      const client = await box.connect(server.port);
      const question = noise(2_000_003, 3);
      await client.write(question);
      await client.end();
      expect(same(await bytes(client.readable), answer)).toBe(true);
      expect(same(await received.promise, question)).toBe(true);
    });

    test("takes many connections at once", async () => {
      const { box } = place();
      if (await refuses(box, "connect", () => box.connect(1))) return;
      if (box.missing.includes("listen")) return;
      await using server = await box.listen(
        serve(async (channel) => {
          const question = await text(channel.readable);
          await channel.write(encode(`answer to ${question}`));
          await channel.end();
        }),
      );
      const answers = await Promise.all(
        Array.from({ length: 30 }, async (_each, index) => {
          const client = await box.connect(server.port);
          await client.write(encode(`question ${index}`));
          await client.end();
          return text(client.readable);
        }),
      );
      expect(answers).toEqual(Array.from({ length: 30 }, (_each, index) => `answer to question ${index}`));
    });

    test("holds a writer back while the other side does not read, and loses nothing", async () => {
      const { box } = place();
      if (box.missing.includes("connect") || box.missing.includes("listen")) return;
      const accepted = Promise.withResolvers<ByteChannel>();
      await using server = await box.listen((channel) => accepted.resolve(channel));
      const client = await box.connect(server.port);
      const chunk = noise(64 * 1024, 5);
      const total = 1_024;
      let taken = 0;
      const writing = (async () => {
        for (let index = 0; index < total; index += 1) {
          await client.write(chunk);
          taken += 1;
        }
        await client.end();
      })();
      expect(await settled(() => taken)).toBeLessThan(total / 2);
      const channel = await accepted.promise;
      let length = 0;
      for await (const part of channel.readable) length += part.length;
      await writing;
      expect(length).toBe(total * chunk.length);
    });

    test("is listened on by the place's own programs, on loopback only", async () => {
      const { box } = place();
      if (box.missing.includes("listen")) return;
      await using server = await box.listen((channel) => channel.destroy());
      const hex = server.port.toString(16).toUpperCase().padStart(4, "0");
      const table = await text((await box.run(["cat", "/proc/net/tcp"])).stdout);
      const line = table.split("\n").find((each) => each.includes(`:${hex} 00000000:0000 0A`));
      expect(line).toContain(`0100007F:${hex}`);
    });

    test("is free again after the listener is disposed of", async () => {
      const { box } = place();
      if (box.missing.includes("connect") || box.missing.includes("listen")) return;
      const server = await box.listen((channel) => channel.destroy());
      await server[Symbol.asyncDispose]();
      await server[Symbol.asyncDispose]();
      await expectCode(box.connect(server.port), "connection_refused");
    });

    test("is the one that was asked for, and no other where that one is taken", async () => {
      const { box } = place();
      if (box.missing.includes("connect") || box.missing.includes("listen")) return;
      const free = await box.listen(() => undefined);
      const { port } = free;
      await expectRefusal(
        box.listen(() => undefined, { port }),
        "port_taken",
      );
      await free[Symbol.asyncDispose]();
      await using server = await box.listen(
        serve(async (channel) => {
          await channel.write(encode("here"));
          await channel.end();
        }),
        { port },
      );
      expect(server.port).toBe(port);
      expect(await text((await box.connect(port)).readable)).toBe("here");
    });

    test("ends for one side when the other destroys it", async () => {
      const { box } = place();
      if (box.missing.includes("connect") || box.missing.includes("listen")) return;
      await using server = await box.listen((channel) => channel.destroy());
      const client = await box.connect(server.port);
      expect(concatBytes([await bytes(client.readable)]).length).toBe(0);
      const write = async (): Promise<void> => {
        for (;;) await client.write(new Uint8Array(64 * 1024));
      };
      await expectCode(write(), "connection_closed");
    });
  });
}
