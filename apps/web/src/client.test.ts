import { randomUUID } from "node:crypto";
import { describe, expect, test } from "vitest";
import { createInstallOffer } from "./install/offer.ts";
import { createServices } from "./client.ts";
import { createTerminalLook } from "./terminal-look/look.ts";
import { TOKEN_KEY } from "./session.ts";
import { manualTimers } from "@ws/rpc-contract/testing";

const KEPT_THEME = {
  choice: () => "system" as const,
  shown: () => "dark" as const,
  choose: () => undefined,
  subscribe: () => () => undefined,
} as const;

function storageOf(kept: Map<string, string>): Storage {
  return {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
    removeItem: (key: string) => void kept.delete(key),
  } as Storage;
}

test.each([
  ["revoked", "This browser's sign-in was revoked."],
  ["expired", "This browser's sign-in has expired."],
  ["unknown", "The worker does not know this browser's sign-in."],
])("A token that is %s ends the session, and why is said", async (reason, message) => {
  const refused = { data: { code: "unauthorized", details: { reason } } };
  for (const body of [{ json: refused }, refused]) {
    const { session, fetchFile } = createServices({
      origin: "http://127.0.0.1:7391",
      storage: storageOf(new Map([[TOKEN_KEY, randomUUID()]])),
      fetch: async () => Response.json(body, { status: 401 }),
      theme: KEPT_THEME,
      terminalLook: createTerminalLook({ storage: storageOf(new Map()), narrow: false }),
      install: createInstallOffer(new EventTarget()),
      timers: manualTimers(),
      random: () => 0,
    });
    await expect(fetchFile("demo", "a.txt", { signal: new AbortController().signal })).rejects.toThrow("401");
    expect(session.state()).toMatchObject({ kind: "signed_out", problem: { code: "unauthorized", message } });
  }
});

test("The word that a token is over is sent also where the page goes away with it", async () => {
  const kept = new Map([
    [TOKEN_KEY, randomUUID()],
    ["ws.token.id", `tok-${randomUUID()}`],
  ]);
  const sent: string[] = [];
  const { session } = createServices({
    origin: "http://127.0.0.1:7391",
    storage: storageOf(kept),
    async fetch(input, init) {
      const request = new Request(input, init);
      sent.push(`${new URL(request.url).pathname} ${request.keepalive}`);
      return Response.json({ json: { success: true } });
    },
    theme: KEPT_THEME,
    terminalLook: createTerminalLook({ storage: storageOf(new Map()), narrow: false }),
    install: createInstallOffer(new EventTarget()),
    timers: manualTimers(),
    random: () => 0,
  });
  await session.signOut();
  expect(sent).toEqual(["/rpc/devices/revoke true"]);
});

test("A page that is known by the tailnet asks for a link in so many words, and signs in with that", async () => {
  const asked: string[] = [];
  const kept = new Map<string, string>();
  const { session } = createServices({
    origin: "http://desk:7391",
    storage: storageOf(kept),
    async fetch(input, init) {
      const request = new Request(input, init);
      const path = new URL(request.url).pathname;
      asked.push(`${path} ${request.headers.get("authorization")}`);
      if (path === "/rpc/auth/link")
        return Response.json({ json: { url: "http://127.0.0.1:7391/#code=abc", expires: "" } });
      return Response.json({ json: { token: "T", id: "tok-1", expires: "" } });
    },
    theme: KEPT_THEME,
    terminalLook: createTerminalLook({ storage: storageOf(new Map()), narrow: false }),
    install: createInstallOffer(new EventTarget()),
    timers: manualTimers(),
    random: () => 0,
  });
  await session.enter();
  expect(asked).toEqual(["/rpc/auth/link Tailnet", "/rpc/auth/exchange null"]);
  expect(session.token()).toBe("T");
});

describe("of a worker behind the agent", () => {
  const origin = "http://127.0.0.1:7391";

  function serve(answer: (path: string) => Response | undefined) {
    const asked: string[] = [];
    const services = createServices({
      origin,
      worker: "desk",
      storage: storageOf(new Map([[TOKEN_KEY, randomUUID()]])),
      async fetch(input, init) {
        const { pathname } = new URL(new Request(input, init).url);
        asked.push(pathname);
        return answer(pathname) ?? Response.json({ json: {} });
      },
      theme: KEPT_THEME,
      terminalLook: createTerminalLook({ storage: storageOf(new Map()), narrow: false }),
      install: createInstallOffer(new EventTarget()),
      timers: manualTimers(),
      random: () => 0,
    });
    return { services, asked };
  }
  const { signal } = new AbortController();

  test("What the worker is asked goes through the agent, and signing in is the agent's own matter", async () => {
    const { services, asked } = serve(() => undefined);
    await services.client.info();
    await services.fetchFile("demo", "a.txt", { signal });
    await services.fetchTaskLog("task-1", 1, signal);
    await services.session.signInWith("pasted");
    expect(asked).toEqual(["/on/desk/rpc/info", "/on/desk/files/demo/a.txt", "/on/desk/tasks/task-1/log", "/rpc/info"]);
  });

  test("What the worker says of the token ends nothing; the agent is asked, and what that says does", async () => {
    let isGone = false;
    const refused = () => Response.json({ json: { data: { details: { reason: "revoked" } } } }, { status: 401 });
    const { services, asked } = serve((path) => (path.startsWith("/on/") || isGone ? refused() : undefined));
    const { session, fetchFile } = services;
    await expect(fetchFile("demo", "a.txt", { signal })).rejects.toThrow("401");
    await expect.poll(() => asked).toContain("/rpc/auth/whoami");
    expect(session.state().kind).toBe("signed_in");
    isGone = true;
    await expect(fetchFile("demo", "a.txt", { signal })).rejects.toThrow("401");
    await expect.poll(session.state).toMatchObject({ problem: { message: "This browser's sign-in was revoked." } });
  });

  test("An answer in place of the worker, or of the agent itself, is no sign of the worker", async () => {
    let isAway = true;
    const { services } = serve(() => (isAway ? Response.json({ message: "away" }, { status: 412 }) : undefined));
    await expect(services.fetchFile("demo", "a.txt", { signal })).rejects.toThrow("away");
    expect(services.connection.heardAt()).toBeUndefined();
    isAway = false;
    await services.session.signInWith("pasted");
    expect(services.connection.heardAt()).toBeUndefined();
    await services.fetchFile("demo", "a.txt", { signal });
    expect(services.connection.heardAt()).toBeDefined();
  });
});
