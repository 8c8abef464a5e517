import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { readTerminal } from "./testing/example.ts";
import { fakeSockets } from "./testing/fake-sockets.ts";
import { manualTimers } from "./testing/manual-timers.ts";

test("The README's example is the one that runs here", async () => {
  const read = (name: string) => readFile(new URL(name, import.meta.url), "utf8");
  expect(await read("../README.md")).toContain(`\`\`\`ts\n${await read("testing/example.ts")}\`\`\``);

  const sockets = fakeSockets();
  const timers = manualTimers();
  const reading = readTerminal(sockets.open, timers);
  const attached = { type: "attached", terminal: "main", cols: 80, rows: 24, durable: true, skipped: 0 } as const;
  sockets.last().accept();
  sockets.last().frame({ ...attached, offset: 0 });
  sockets.last().bytes(new TextEncoder().encode("one "));
  sockets.last().drop(1006);
  timers.advance(2000);
  sockets.last().accept();
  expect(sockets.last().sent).toContainEqual(expect.objectContaining({ type: "attach", since: 4 }));
  sockets.last().frame({ ...attached, offset: 4 });
  sockets.last().bytes(new TextEncoder().encode("two"));
  expect(reading.text()).toBe("one two");
});
