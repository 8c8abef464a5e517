import { expect, test } from "vitest";
import { readTerminal } from "./testing/example.ts";
import { fakeSockets } from "./testing/fake-sockets.ts";

test("A terminal's text is read on where its socket was lost", async () => {
  const sockets = fakeSockets();
  const reading = readTerminal(sockets.open);
  const attached = {
    type: "attached",
    terminal: "main",
    id: "main",
    cols: 80,
    rows: 24,
    durable: true,
    skipped: 0,
  } as const;
  sockets.last().accept();
  sockets.last().frame({ ...attached, offset: 0 });
  sockets.last().bytes(new TextEncoder().encode("one "));
  sockets.last().drop(1006);
  await expect.poll(() => sockets.all.length).toBe(2);
  sockets.last().accept();
  expect(sockets.last().sent).toContainEqual(expect.objectContaining({ type: "attach", since: 4 }));
  sockets.last().frame({ ...attached, offset: 4 });
  sockets.last().bytes(new TextEncoder().encode("two"));
  expect(reading.text()).toBe("one two");
  reading.close();
});
