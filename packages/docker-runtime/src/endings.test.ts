import { createManualClock } from "@ws/workspace-core/testing";
import { describe, expect, test } from "vitest";

import { placeOf } from "./container-status.ts";
import { createEndings } from "./endings.ts";
import { workspaceLabels } from "./labels.ts";

describe("how containers ended", () => {
  test("memory counts as the cause only where the end follows at once", () => {
    const clock = createManualClock();
    const endings = createEndings(clock);
    endings.outOfMemory("quick");
    endings.ended("quick");
    expect(endings.ranOutOfMemory("quick")).toBe(true);
    endings.outOfMemory("slow");
    clock.advance(60_000);
    endings.ended("slow");
    expect(endings.ranOutOfMemory("slow")).toBe(false);
    endings.started("quick");
    expect(endings.ranOutOfMemory("quick")).toBe(false);
  });

  test("only so many are remembered", () => {
    const endings = createEndings(createManualClock(), 2);
    for (const container of ["a", "b", "c"]) endings.expect(container);
    expect(["a", "b", "c"].map((container) => endings.expected(container))).toEqual([false, true, true]);
  });

  test.each([
    ["running", "Up 2 hours", "running", undefined],
    ["paused", "Up 2 hours (Paused)", "running", undefined],
    ["created", "Created", "stopped", undefined],
    ["exited", "Exited (3) 5 seconds ago", "stopped", 3],
    ["dead", "Dead", "stopped", undefined],
    ["removing", "Removal In Progress", "stopped", undefined],
  ])("a container that is %s (%s) is a place that is %s", (state, status, power, code) => {
    const info = {
      Id: "c",
      Names: ["/workspace-a"],
      State: state,
      Status: status,
      Created: 1,
      Labels: workspaceLabels("i", "ws-1"),
    };
    const place = placeOf(info as never, "i", createEndings(createManualClock()));
    expect(place).toMatchObject({ id: "ws-1", name: "a", handle: "c", power, createdAt: 1_000 });
    expect(place?.exit?.code).toBe(code);
  });

  test("a stop that was asked for leaves no exit to explain", () => {
    const endings = createEndings(createManualClock());
    endings.expect("c");
    const info = {
      Id: "c",
      Names: ["/workspace-a"],
      State: "exited",
      Status: "Exited (143) now",
      Created: 1,
      Labels: workspaceLabels("i", "ws-1"),
    };
    expect(placeOf(info as never, "i", endings)?.exit).toBeUndefined();
  });
});
