import { describe, expect, test } from "vitest";

import type { BoxUnderTest } from "./under-test.ts";
import { bytes, encode, expectCode, refuses, unfinished } from "./probing.ts";

export function closingTests(place: () => BoxUnderTest): void {
  describe("closing", () => {
    test("fails what is under way and everything after it with box_closed", async () => {
      const box = await place().reopen();
      const { files } = box;
      const path = `${box.home}/closing-${crypto.randomUUID()}`;
      const sleeper = await box.run(["cat"], { stdin: unfinished("begun") });
      const output = sleeper.stdout[Symbol.asyncIterator]();
      await output.next();
      await box[Symbol.asyncDispose]();
      await box[Symbol.asyncDispose]();
      await expectCode(sleeper.exit, "box_closed");
      await expectCode(output.next(), "box_closed");
      expect((await box.closed).code).toBe("box_closed");

      await expectCode(box.run(["true"]), "box_closed");
      await expectCode(
        box.openPty(["true"], { size: { cols: 80, rows: 24 } }),
        box.missing.includes("pty") ? "box_feature_missing" : "box_closed",
      );
      await expectCode(box.endGroup("any"), box.missing.includes("groups") ? "box_feature_missing" : "box_closed");
      await expectCode(files.stat("/"), "box_closed");
      await expectCode(files.list("/"), "box_closed");
      await expectCode(bytes(files.read("/etc/passwd")), "box_closed");
      await expectCode(files.write(path, encode("x")), "box_closed");
      await expectCode(files.mkdir(path), "box_closed");
      await expectCode(files.rename(path, path), "box_closed");
      await expectCode(files.remove(path), "box_closed");
      if (!box.missing.includes("connect")) await expectCode(box.connect(1), "box_closed");
      if (!box.missing.includes("listen"))
        await expectCode(
          box.listen(() => undefined),
          "box_closed",
        );
    });

    test("refuses before it what it lists as missing", async () => {
      const { box } = place();
      const size = { cols: 80, rows: 24 };
      await refuses(box, "pty", () => box.openPty(["true"], { size }));
      await refuses(box, "connect", () => box.connect(1));
      await refuses(box, "listen", () => box.listen(() => undefined));
      await refuses(box, "listen", () => box.listenAt("/tmp/x", () => undefined));
      await refuses(box, "groups", () => box.endGroup("any"));
      expect(["pty", "connect", "listen", "groups"]).toEqual(expect.arrayContaining([...box.missing]));
    });

    test("ends the channels that were open", async () => {
      const box = await place().reopen();
      if (box.missing.includes("connect") || box.missing.includes("listen")) return box[Symbol.asyncDispose]();
      const server = await box.listen(() => undefined);
      const client = await box.connect(server.port);
      const reading = bytes(client.readable);
      await box[Symbol.asyncDispose]();
      await expectCode(reading, "box_closed");
      await expectCode(client.write(encode("x")), "box_closed");
      await server[Symbol.asyncDispose]();
    });

    test("leaves other Boxes of the place alone", async () => {
      const other = await place().reopen();
      await other[Symbol.asyncDispose]();
      const still = await place().box.run(["true"]);
      expect(await still.exit).toEqual({ code: 0 });
    });
  });
}
