import { randomUUID } from "node:crypto";
import { ORPCError } from "@orpc/client";
import { expect, test } from "vitest";
import { codeInFragment, createSession, TOKEN_KEY } from "./session.ts";

const refusal = new ORPCError("UNAUTHORIZED", {
  status: 401,
  message: "This link was used already.",
  data: { code: "unauthorized", next: "Run ws open for a new one." },
});

function setup(
  options: {
    stored?: string;
    accepts?: { code?: string; token?: string; pairing?: string };
    tailnet?: () => Promise<string>;
    revoke?: Error;
  } = {},
) {
  const kept = new Map<string, string>(options.stored === undefined ? [] : [[TOKEN_KEY, options.stored]]);
  const token = randomUUID();
  const id = `tok-${randomUUID()}`;
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
      return { token, id };
    },
    async pair(code) {
      asked.push(`pair ${code}`);
      if (code !== options.accepts?.pairing) throw refusal;
      return { token, id };
    },
    async codeOfTailnet() {
      asked.push("tailnet");
      if (options.tailnet === undefined) throw refusal;
      return options.tailnet();
    },
    async probe(candidate) {
      asked.push(`probe ${candidate}`);
      if (candidate !== options.accepts?.token) throw refusal;
    },
    async revoke(grant) {
      asked.push(`revoke ${grant.id} with ${grant.token}`);
      if (options.revoke !== undefined) throw options.revoke;
    },
  });
  return { session, kept, token, id, asked };
}

test("A one-time code becomes a stored token", async () => {
  const { session, kept, token } = setup({ accepts: { code: "abc" } });
  await session.redeem("abc");
  expect(session.token()).toBe(token);
  expect(kept.get(TOKEN_KEY)).toBe(token);
});

test.each(["K7QM4XTR", "k7qm-4xtr", "https://desk:7391/#pair=K7QM-4XTR"])(
  "%s is a pairing code: the browser becomes a device, and what is shown meanwhile says so",
  async (text) => {
    const { session, asked, token } = setup({ accepts: { pairing: "K7QM4XTR" } });
    const states: unknown[] = [];
    session.subscribe(() => states.push(session.state()));
    await session.signInWith(text);
    expect(asked).toEqual(["pair K7QM4XTR"]);
    expect(states).toEqual([
      { kind: "signing_in", by: "pairing" },
      { kind: "signed_in", token, id: expect.any(String) as string },
    ]);
  },
);

test("Who is known by the tailnet is signed in, and for anybody else nothing changes or is said", async () => {
  const known = setup({ accepts: { code: "abc" }, tailnet: async () => "abc" });
  await known.session.enter();
  expect(known.session.token()).toBe(known.token);
  await known.session.enter();
  expect(known.asked).toEqual(["tailnet", "exchange abc"]);
  const stranger = setup();
  const told: unknown[] = [];
  stranger.session.subscribe(() => told.push(stranger.session.state()));
  await stranger.session.enter();
  expect([stranger.session.state(), told]).toEqual([{ kind: "signed_out" }, []]);
});

test("Who has begun to sign in meanwhile is not disturbed by the tailnet", async () => {
  const code = Promise.withResolvers<string>();
  const { session, asked } = setup({ accepts: { code: "mine" }, tailnet: () => code.promise });
  const entering = session.enter();
  await session.redeem("mine");
  code.resolve("theirs");
  await entering;
  expect(asked).toEqual(["tailnet", "exchange mine"]);
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

/** Signed in by a link that an earlier page of the same browser has opened. */
async function signedInBefore(options: Parameters<typeof setup>[0]) {
  const earlier = setup({ accepts: { code: "first" } });
  await earlier.session.redeem("first");
  const later = setup(options);
  for (const [key, value] of earlier.kept) later.kept.set(key, value);
  later.session.adopt();
  return { ...later, before: { token: earlier.token, id: earlier.id } };
}

test("A further link ends the token that the browser had, once there is another", async () => {
  const { session, token, id, asked, before } = await signedInBefore({ accepts: { code: "abc" } });
  await session.redeem("abc");
  expect(session.state()).toEqual({ kind: "signed_in", token, id });
  expect(asked).toEqual(["exchange abc", `revoke ${before.id} with ${before.token}`]);

  const stale = await signedInBefore({});
  await stale.session.redeem("old");
  expect(stale.session.state()).toEqual({ kind: "signed_in", ...stale.before });
  expect(stale.asked).toEqual(["exchange old"]);
});

test("A token that could not be ended keeps nobody from signing in", async () => {
  const { session, token } = await signedInBefore({
    accepts: { code: "abc" },
    revoke: new TypeError("Failed to fetch"),
  });
  await session.redeem("abc");
  expect(session.token()).toBe(token);
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

test("A refusal of the token that another tab has replaced takes over what is there now", () => {
  const [old, replaced] = [randomUUID(), randomUUID()];
  const { session, kept } = setup({ stored: old });
  kept.set(TOKEN_KEY, replaced);
  session.end({ code: "unauthorized", message: "Revoked." }, old);
  expect(session.token()).toBe(replaced);
  expect(kept.get(TOKEN_KEY)).toBe(replaced);
});

test("Signing out ends the browser's token at the agent, and is done here before the agent answers", async () => {
  const { session, kept, token, id, asked } = setup({ accepts: { code: "abc" } });
  await session.redeem("abc");
  const over = session.signOut();
  expect(session.state()).toEqual({ kind: "signed_out" });
  expect(kept.size).toBe(0);
  await over;
  expect(asked).toEqual(["exchange abc", `revoke ${id} with ${token}`]);
  expect(session.state()).toEqual({ kind: "signed_out" });
});

test("A page that was loaded since, or another tab, signs out just so", async () => {
  const first = setup({ accepts: { code: "abc" } });
  await first.session.redeem("abc");
  const second = setup();
  for (const [key, value] of first.kept) second.kept.set(key, value);
  second.session.adopt();
  await second.session.signOut();
  expect(second.asked).toEqual([`revoke ${first.id} with ${first.token}`]);
});

test("A token that was pasted is forgotten and stays good: others may use it", async () => {
  const own = randomUUID();
  const { session, kept, asked } = setup({ accepts: { token: own, code: "abc" } });
  await session.signInWith(own);
  await session.redeem("abc");
  expect(asked).toEqual([`probe ${own}`, "exchange abc"]);
  await session.signInWith(own);
  asked.splice(0);
  await session.signOut();
  expect(asked).toEqual([]);
  expect(kept.size).toBe(0);
});

test("Where the agent cannot be reached, the browser forgets its token all the same and says what is left", async () => {
  const { session, kept } = setup({ accepts: { code: "abc" }, revoke: new TypeError("Failed to fetch") });
  await session.redeem("abc");
  await session.signOut();
  expect(kept.size).toBe(0);
  expect(session.state()).toMatchObject({
    kind: "signed_out",
    problem: { code: "unreachable", next: expect.stringMatching(/ws devices revoke tok-/) },
  });
});

test("A sign-out that is answered late does not disturb who signed in meanwhile", async () => {
  const { session, token } = setup({ accepts: { code: "abc" }, revoke: new TypeError("Failed to fetch") });
  await session.redeem("abc");
  const over = session.signOut();
  await session.redeem("abc");
  await over;
  expect(session.token()).toBe(token);
});

test.each(["unauthorized", "device_not_found"])(
  "A token that the agent has ended already leaves nothing to say (%s)",
  async (code) => {
    const { session } = setup({ accepts: { code: "abc" }, revoke: new ORPCError("NOT_FOUND", { data: { code } }) });
    await session.redeem("abc");
    await session.signOut();
    expect(session.state()).toEqual({ kind: "signed_out" });
  },
);

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
