import type { Box, ByteSource } from "@ws/workspace-core";
import { describe, expect, test } from "vitest";

import { openSshBox } from "../ssh-box.ts";
import { startBoxPlace } from "../testing/box-place.ts";
import { firstLine, output } from "../testing/output.ts";

// The parent of a program is the server of the connection that it was started over.
const SAY_CONNECTION = ["sh", "-c", "echo $PPID; exec cat >/dev/null"] as const;

/** Sends nothing and does not end before it is told to. */
function held(): { source: ByteSource; release: () => void } {
  const released = Promise.withResolvers<void>();
  async function* wait(): AsyncGenerator<Uint8Array> {
    await released.promise;
    yield new Uint8Array();
  }
  return { source: wait(), release: released.resolve };
}

async function connectionOf(box: Box, traffic?: "interactive" | "bulk"): Promise<string> {
  const stdin = held();
  const program = await box.run(SAY_CONNECTION, {
    stdin: stdin.source,
    ...(traffic !== undefined && { traffic }),
  });
  const connection = await firstLine(program.stdout);
  stdin.release();
  await program.exit;
  return connection;
}

describe("the two connections of a Box", () => {
  test("keep what a person waits for apart from a channel that is full", async () => {
    await using place = await startBoxPlace();
    await using box = await openSshBox(place.options());
    const quick = (await output(box, ["sh", "-c", "echo $PPID"])).trim();

    const stop = new AbortController();
    const endless = (async function* () {
      for (;;) yield Buffer.alloc(100_000);
    })();
    const full = await box.run(["sh", "-c", "echo $PPID; exec sleep 1000"], { stdin: endless, signal: stop.signal });
    const bulk = await firstLine(full.stdout);
    expect(bulk).not.toBe(quick);

    expect(await connectionOf(box, "interactive")).toBe(quick);
    expect(await connectionOf(box)).toBe(bulk);
    expect(await connectionOf(box, "bulk")).toBe(bulk);
    const large = await box.run(["sh", "-c", "echo $PPID"], { traffic: "bulk" });
    expect(await firstLine(large.stdout)).toBe(bulk);

    stop.abort();
    await expect(full.exit).rejects.toMatchObject({ code: "aborted" });
  });
});
