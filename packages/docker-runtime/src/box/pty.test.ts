import { createManualClock } from "@ws/workspace-core/testing";
import { expect, test } from "vitest";

import { boxClosed } from "./box-errors.ts";
import type { ProcessHost, RawProcess } from "./process-host.ts";
import { openPtyProcess } from "./pty.ts";

test("A way in that does not answer holds an opening up only for so long, and what comes late is let go of", async () => {
  const clock = createManualClock();
  const late = Promise.withResolvers<RawProcess>();
  const host: ProcessHost = {
    id: "ws-a",
    home: "/home/workspace",
    environment: {},
    groups: "/run/groups",
    clock,
    closedError: () => boxClosed("ws-a"),
    start: () => late.promise,
  };
  const opening = openPtyProcess(host, ["true"], { size: { cols: 80, rows: 24 } });
  opening.catch(() => undefined);
  await clock.idle();
  clock.advance(15_000);
  await expect(opening).rejects.toMatchObject({ code: "internal", message: /said nothing within 15 s/ });
  const released = Promise.withResolvers<void>();
  late.resolve({
    exit: Promise.resolve({ code: 137 }),
    write: () => Promise.resolve(true),
    endInput: () => undefined,
    resume: () => undefined,
    resize: () => undefined,
    release: () => released.resolve(),
  });
  await released.promise;
});
