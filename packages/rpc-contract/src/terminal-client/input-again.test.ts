import { expect, test } from "vitest";
import { EARLY_LIMIT } from "../frames.ts";
import { attached, attachedSetup, setup, text } from "../testing/with-terminal.ts";
import { INPUT_LIMIT } from "./connect-terminal.ts";

const known = (next: number, lost = 0, taken = 0) => ({ ...attached(0), input: { next, taken, known: true, lost } });
const unknown = (next: number) => ({ ...attached(0), input: { next, taken: next, known: false, lost: 0 } });
const typed = (sent: readonly unknown[]) =>
  new TextDecoder().decode(Uint8Array.from(sent.flatMap((part) => (part instanceof Uint8Array ? [...part] : []))));

function reattached(answer: ReturnType<typeof known>) {
  const lost: number[] = [];
  const all = attachedSetup({ onLost: (bytes) => void lost.push(bytes) });
  all.connection.send(text("abcdef"));
  all.sockets.last().frame({ type: "taken", offset: 2, lost: 0 });
  all.sockets.last().drop(1006);
  all.timers.advance(1_000);
  all.sockets.last().accept();
  all.sockets.last().frame(answer);
  return { ...all, lost };
}

test("What was sent over a link that broke is sent again from where the agent has it", () => {
  const { sockets, lost, connection } = reattached(known(4));
  expect(sockets.all).toHaveLength(2);
  expect(typed(sockets.last().sent)).toBe("ef");
  connection.send(text("g"));
  expect(typed(sockets.last().sent)).toBe("efg");
  expect(lost).toEqual([]);
});

test("To an agent that has been started anew nothing is sent again: how much may be missing is said", () => {
  const { sockets, lost, connection } = reattached(unknown(6));
  expect(typed(sockets.last().sent)).toBe("");
  expect(lost).toEqual([4]);
  expect(connection.waiting()).toBe(0);
});

test("What the agent could not bring into the workspace is told once, and again only for more", () => {
  const { sockets, lost } = reattached(known(6, 3));
  sockets.last().frame({ type: "taken", offset: 6, lost: 3 });
  sockets.last().frame({ type: "taken", offset: 6, lost: 4 });
  expect(lost).toEqual([3, 1]);
});

test("Typed early over a link that broke, it is not overtaken by what is typed over the next one", () => {
  const { sockets, connection, timers } = setup();
  sockets.last().accept();
  connection.send(text("ls"));
  sockets.last().drop(1006);
  timers.advance(1_000);
  sockets.last().accept();
  expect(connection.send(text("\r"))).toBe(true);
  expect(typed(sockets.last().sent)).toBe("");
  sockets.last().frame(known(1));
  expect(typed(sockets.last().sent)).toBe("s\r");
});

test("The rest of a paste that began before the link broke is kept, a key that is pressed later is not", () => {
  const { sockets, connection, timers } = attachedSetup();
  connection.send(text("first "));
  sockets.last().drop(1006);
  expect(connection.send(text("second"))).toBe(true);
  timers.advance(1_000);
  expect(connection.send(text("x"))).toBe(false);
  sockets.last().accept();
  sockets.last().frame(known(0));
  expect(typed(sockets.last().sent)).toBe("first second");
});

test("What nobody takes is kept up to a limit, and what is acknowledged makes room", () => {
  const { sockets, connection } = attachedSetup();
  expect(connection.send(new Uint8Array(INPUT_LIMIT))).toBe(true);
  expect(connection.send(text("x"))).toBe(false);
  sockets.last().frame({ type: "taken", offset: EARLY_LIMIT, lost: 0 });
  expect(connection.send(text("x"))).toBe(true);
});

test("What reached the terminal while nobody was there to hear of it is known as soon as somebody is", () => {
  expect(reattached(known(6, 0, 6)).connection.waiting()).toBe(0);
});

test("Who only looks takes the terminal's size, sends nothing, and is not told that keys were lost", () => {
  const { sockets, connection, screen, states } = setup();
  sockets.last().accept();
  sockets.last().frame({ ...attached(0), cols: 100, rows: 30, readOnly: true });
  expect(states.at(-1)).toEqual({ kind: "attached", name: "main", durable: true, readOnly: true });
  expect(connection.send(text("x"))).toBe(false);
  connection.resize({ cols: 10, rows: 10 });
  expect(screen.sizes).toEqual([{ cols: 100, rows: 30 }]);
  expect(sockets.last().sent.map((sent) => (sent instanceof Uint8Array ? "bytes" : sent.type))).toEqual(["attach"]);
});
