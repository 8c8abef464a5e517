import { expect, test } from "vitest";
import type { TerminalState, Terminals } from "../ports.ts";
import { createNamedTerminals } from "./named-terminals.ts";

const SIZE = { cols: 80, rows: 24 };
const open = (terminals: Terminals, id: string) => terminals.open({ id, argv: ["sh"], size: SIZE });

/** A place that keeps the names that it is told; `delay` holds back an opening until it resolves. */
function place(delay: Promise<void> = Promise.resolve()) {
  const states = new Map<string, TerminalState>();
  const asked: string[] = [];
  const held = {
    durable: true,
    async open({ id, size }: { id: string; size: typeof SIZE }) {
      asked.push(`open ${id}`);
      await delay;
      const isNew = !states.has(id);
      const state = states.get(id) ?? { id, name: id, size, start: 0, end: 0, createdAt: 1 };
      states.set(id, state);
      return { ...state, isNew };
    },
    list: async () => [...states.values()],
    async rename(id: string, name: string) {
      asked.push(`rename ${id} ${name}`);
      const state = states.get(id);
      if (state !== undefined) states.set(id, { ...state, name });
    },
  };
  return { terminals: createNamedTerminals(held as unknown as Terminals), asked };
}

test("One is opened by the name that it has now, and its old name is free for another, under another id", async () => {
  const { terminals } = place();
  await open(terminals, "main");
  await terminals.rename("main", "build");
  expect(await open(terminals, "build")).toMatchObject({ id: "main", name: "build", isNew: false });
  const fresh = await open(terminals, "main");
  expect(fresh).toMatchObject({ name: "main", isNew: true });
  expect(fresh.id).toMatch(/^main-[0-9a-f]{8}$/);
  expect(await open(terminals, "main")).toMatchObject({ id: fresh.id, isNew: false });
  expect([terminals.nameOf("main"), terminals.nameOf(fresh.id)]).toEqual(["build", "main"]);
});

test("A name with all its letters still makes an id where its own is taken", async () => {
  const { terminals } = place();
  const long = "x".repeat(32);
  await open(terminals, long);
  await terminals.rename(long, "short");
  expect((await open(terminals, long)).id).toMatch(/^x{23}-[0-9a-f]{8}$/);
});

test("What another is called, what is no name, and one that is not there are refused; its own name is nothing new", async () => {
  const { terminals, asked } = place();
  await open(terminals, "main");
  await open(terminals, "build");
  await expect(terminals.rename("main", "build")).rejects.toMatchObject({
    code: "name_taken",
    data: { name: "build" },
  });
  await expect(terminals.rename("gone", "x")).rejects.toMatchObject({ code: "terminal_not_found" });
  for (const name of ["", "A", "-a", "a/b", "\u001b[2J", "x".repeat(33)]) {
    expect(() => terminals.rename("main", name)).toThrow(expect.objectContaining({ code: "invalid_input" }));
  }
  await terminals.rename("main", "main");
  expect(asked).toEqual(["open main", "open build"]);
});

test("Of two renames at once to one name one is refused, and so is a name that is being given to a new terminal", async () => {
  const { promise, resolve } = Promise.withResolvers<void>();
  const { terminals } = place();
  await open(terminals, "a");
  await open(terminals, "b");
  const both = await Promise.allSettled([terminals.rename("a", "web"), terminals.rename("b", "web")]);
  expect(both.map(({ status }) => status)).toEqual(["fulfilled", "rejected"]);

  const slow = place(promise);
  const first = open(slow.terminals, "a");
  resolve();
  await first;
  const later = open(slow.terminals, "late");
  await expect(slow.terminals.rename("a", "late")).rejects.toMatchObject({ code: "name_taken" });
  expect(await later).toMatchObject({ id: "late", isNew: true });
});
