import type { TerminalInfo } from "@ws/rpc-contract";
import { expect, test } from "vitest";
import { nextTerminal, tabsOf } from "./tabs.ts";

const listed = (id: string, second: number, exitCode?: number): TerminalInfo => ({
  id,
  name: id,
  cols: 80,
  rows: 24,
  start: 0,
  end: 0,
  created: `2026-11-01T10:00:0${second}.000Z`,
  durable: true,
  viewers: 0,
  ...(exitCode === undefined ? {} : { exitCode }),
});

test("Tabs are the running terminals by age, then those only this page knows", () => {
  expect(tabsOf([listed("t2", 5), listed("main", 1), listed("old", 0, 0)], ["main", "t3"])).toEqual([
    { id: "main", name: "main", exists: true },
    { id: "t2", name: "t2", exists: true },
    { id: "t3", name: "t3", exists: false },
  ]);
});

test("A new terminal gets the lowest number that nobody sees", () => {
  const next = (listed: Parameters<typeof nextTerminal>[0], ...ids: string[]) =>
    nextTerminal(
      listed,
      ids.map((id) => ({ id, name: id, exists: false })),
    );
  expect(next([])).toBe("main");
  expect(next([], "main", "t3")).toBe("t2");
  expect(next([], "main", "t2", "t3")).toBe("t4");
  expect(next([listed("main", 1), listed("t2", 2, 0), listed("t3", 3)], "main", "t3")).toBe("t2");
  // Closed here and not over yet, or over and its end still shown.
  expect(next([listed("t2", 2)], "main")).toBe("t3");
  expect(next([listed("t2", 2, 0)], "main", "t2")).toBe("t3");
});

test("One that was renamed keeps its tab under its new name, running and ended, and neither its id nor its name is given again", () => {
  const build = { ...listed("main", 1), name: "build", title: "make" };
  expect(tabsOf([build], ["main", "build"])).toEqual([{ id: "main", name: "build", title: "make", exists: true }]);
  const over = { ...listed("main", 1, 0), name: "build" };
  expect(tabsOf([over], ["main"])).toEqual([{ id: "main", name: "build", exists: false }]);
  expect([nextTerminal([build], []), nextTerminal([over], [])]).toEqual(["t2", "t2"]);
});
