import { randomUUID } from "node:crypto";
import { ORPCError } from "@orpc/client";
import { expect, test } from "vitest";
import { codeInFragment, createSession, TOKEN_KEY } from "./session.ts";

const refusal = new ORPCError("UNAUTHORIZED", {
  status: 401,
  message: "This link was used already.",
  data: { code: "unauthorized", next: "Run ws open for a new one." },
});

function setup(options: { stored?: string; accepts?: { code?: string; token?: string } } = {}) {
  const kept = new Map<string, string>(options.stored === undefined ? [] : [[TOKEN_KEY, options.stored]]);
  const token = randomUUID();
  const asked: string[] = [];
  const session = createSession({
    storage: {
      getItem: (key) => kept.get(key) ?? null,
      setItem: (key, value) => void kept.set(key, value),
      removeItem: (key) => void kept.delete(key),
    },
    async exchange(code) {
      asked.push(`exchange ${code}`);
      if (code !== options.accepts?.code) throw refusal;
      return { token };
    },
    async probe(candidate) {
      asked.push(`probe ${candidate}`);
      if (candidate !== options.accepts?.token) throw refusal;
    },
  });
  return { session, kept, token, asked };
}

test("A one-time code becomes a stored token", async () => {
  const { session, kept, token } = setup({ accepts: { code: "abc" } });
  await session.redeem("abc");
  expect(session.state()).toEqual({ kind: "signed_in", token });
  expect(kept.get(TOKEN_KEY)).toBe(token);
});

test("A used code is refused with its reason and the next step", async () => {
  const { session, kept } = setup();
  await session.redeem("old");
  expect(session.state()).toEqual({
    kind: "signed_out",
    problem: { code: "unauthorized", message: "This link was used already.", next: "Run ws open for a new one." },
  });
  expect(kept.size).toBe(0);
});

test("A stale link does not sign out a browser that is signed in", async () => {
  const stored = randomUUID();
  const { session } = setup({ stored });
  await session.redeem("old");
  expect(session.token()).toBe(stored);
});

test("A whole link, a bare code and a token can be pasted", async () => {
  const link = setup({ accepts: { code: "abc" } });
  await link.session.signInWith("  http://127.0.0.1:7391/#code=abc \n");
  expect(link.asked).toEqual(["exchange abc"]);

  const code = setup({ accepts: { code: "abc" } });
  await code.session.signInWith("abc");
  expect(code.session.state().kind).toBe("signed_in");

  const own = randomUUID();
  const bearer = setup({ accepts: { token: own } });
  await bearer.session.signInWith(own);
  expect(bearer.session.token()).toBe(own);
  expect(bearer.asked).toEqual([`probe ${own}`]);
});

test("A refusal ends the session it was about, and no later one", () => {
  const stored = randomUUID();
  const { session, kept } = setup({ stored });
  session.end({ code: "unauthorized", message: "Revoked." }, randomUUID());
  expect(session.token()).toBe(stored);
  session.end({ code: "unauthorized", message: "Revoked." }, stored);
  expect(session.state()).toEqual({ kind: "signed_out", problem: { code: "unauthorized", message: "Revoked." } });
  expect(kept.size).toBe(0);
});

test("Listeners hear of every change until they leave", async () => {
  const { session } = setup({ accepts: { code: "abc" } });
  const seen: string[] = [];
  const leave = session.subscribe(() => seen.push(session.state().kind));
  await session.redeem("abc");
  leave();
  session.end();
  expect(seen).toEqual(["signing_in", "signed_in"]);
});

test("What another tab stored or forgot holds here too", () => {
  const { session, kept } = setup();
  const other = randomUUID();
  kept.set(TOKEN_KEY, other);
  session.adopt();
  expect(session.token()).toBe(other);
  kept.clear();
  session.adopt();
  expect(session.state()).toEqual({ kind: "signed_out" });
});

test("Only a fragment with a code is taken for a one-time link", () => {
  expect(codeInFragment("#code=a%20b")).toBe("a b");
  expect(codeInFragment("#code=")).toBeUndefined();
  expect(codeInFragment("#section")).toBeUndefined();
});
