import { Duplex } from "node:stream";

import { createManualClock } from "@ws/workspace-core/testing";
import { describe, expect, test } from "vitest";

import { openBox } from "../open-box.ts";
import { startBoxPlace } from "../testing/box-place.ts";
import { output } from "../testing/output.ts";
import type { BoxContainer } from "./container.ts";
import { generateKeyPair } from "./keys.ts";

describe("an image without what sshd needs", () => {
  test("still gets a Box, which says what it cannot do", async () => {
    await using place = await startBoxPlace();
    await place.asRoot("rm /usr/sbin/sshd");
    await using box = await openBox(place.options());
    expect(box.missing).toEqual(["connect", "listen"]);
    expect(await output(box, ["whoami"])).toBe("workspace\n");
    await expect(box.connect(80)).rejects.toMatchObject({ code: "box_feature_missing" });
  });

  test("gets one too where its user has no name or no shell", async () => {
    await using nameless = await startBoxPlace({ user: "4711" });
    await using first = await openBox(nameless.options());
    expect(await output(first, ["id", "-u"])).toBe("4711\n");
    await using shellless = await startBoxPlace();
    await shellless.asRoot("usermod -s /usr/sbin/nologin workspace");
    await using second = await openBox(shellless.options());
    expect(await output(second, ["id", "-un"])).toBe("workspace\n");
  });

  test("gets one where root has no capabilities, which sshd as root cannot do without", async () => {
    await using place = await startBoxPlace({ user: "root", host: { CapDrop: ["ALL"] } });
    await using box = await openBox(place.options());
    expect(await output(box, ["id", "-u"])).toBe("0\n");
  });
});

describe("opening a Box", () => {
  test("refuses a server that does not hold the host key we made", async () => {
    await using place = await startBoxPlace();
    const impostor = withOtherHostKey(place.options().container);
    const opening = openBox({ ...place.options(), container: impostor });
    await expect(opening).rejects.toMatchObject({ code: "box_unavailable" });
    await expect(opening).rejects.toThrow(/[Hh]ost/);
  });

  test("fails with box_unavailable where nothing runs", async () => {
    await using place = await startBoxPlace();
    await place.container.kill();
    await expect(openBox(place.options())).rejects.toMatchObject({ code: "box_unavailable" });
  });

  test("can be aborted", async () => {
    await using place = await startBoxPlace();
    const signal = AbortSignal.abort();
    await expect(openBox({ ...place.options(), signal })).rejects.toMatchObject({ code: "aborted" });
    const stop = new AbortController();
    const opening = openBox({ ...place.options(), signal: stop.signal });
    stop.abort();
    await expect(opening).rejects.toMatchObject({ code: "aborted" });
  });

  test("gives up on an engine that says nothing", async () => {
    const clock = createManualClock();
    const never = new Promise<never>(() => undefined);
    const container: BoxContainer = { exec: () => never, configuration: () => never };
    const opening = openBox({
      container,
      id: "ws-silent",
      clock,
      log: { debug() {}, info() {}, warn() {}, error() {} },
    });
    clock.advance(15_000);
    await expect(opening).rejects.toMatchObject({ code: "box_unavailable" });
  });
});

/** Gives sshd another key than the one that was made for it, as somebody in the middle would. */
function withOtherHostKey(container: BoxContainer): BoxContainer {
  return {
    configuration: container.configuration,
    async exec(argv, options) {
      const exec = await container.exec(argv, options);
      const { stream } = exec;
      let seen = "";
      let through = false;
      const altered = new Duplex({
        read: () => void stream.resume(),
        write(chunk: Buffer, _encoding, done) {
          if (through) return void stream.write(chunk, done);
          seen += chunk.toString("latin1");
          const key = /-----BEGIN OPENSSH PRIVATE KEY-----[^]*-----END OPENSSH PRIVATE KEY-----/.exec(seen);
          if (key === null) return done();
          through = true;
          stream.write(Buffer.from(seen.replace(key[0], generateKeyPair().private.trim()), "latin1"), done);
        },
        destroy(error, done) {
          stream.destroy();
          done(error);
        },
      });
      stream.on("data", (chunk) => altered.push(chunk)).on("end", () => altered.push(null));
      return { ...exec, stream: altered };
    },
  };
}
