import { once } from "node:events";
import { createServer } from "node:http";
import { connect } from "node:net";
import { WsError } from "@ws/workspace-core";
import { describe, expect, test } from "vitest";
import { LOCAL_ADMIN } from "../access/caller.ts";
import { HOST, callerWith, listening, startEcho, startPreviewPlace } from "../testing/preview-place.ts";

describe("who may see it", () => {
  test("a link works once, within a minute, and for that port of that workspace only", async () => {
    const place = await startPreviewPlace(await startEcho());
    const open = async (): Promise<string> =>
      (await place.previews.open(LOCAL_ADMIN, { workspace: "demo", port: 3000 }, { secure: false })).code;
    const code = await open();
    const entered = await place.spend(code);
    expect(entered.status).toBe(204);
    expect(entered.headers["set-cookie"]).toEqual([
      expect.stringMatching(/^ws-preview=[\w-]{32}; Path=\/; HttpOnly; SameSite=Lax$/),
    ]);
    expect((await place.spend(code)).status).toBe(401);
    for (const host of ["3001--demo.localhost", "3000--other.localhost"]) {
      const elsewhere = await open();
      expect((await place.spend(elsewhere, host)).status).toBe(401);
      // It was shown to the wrong one, which may have kept it.
      expect((await place.spend(elsewhere)).status).toBe(401);
    }
    const late = await open();
    place.state.now += 60_000;
    expect((await place.spend(late)).status).toBe(401);
  });

  test("a browser without its cookie, or with another preview's, is told how to come in and nothing else", async () => {
    const place = await startPreviewPlace(await startEcho());
    const cookie = await place.enter();
    expect((await place.ask("/", { headers: { cookie } })).status).toBe(200);
    for (const host of ["3001--demo.localhost", "3000--other.localhost", "3000--nowhere.localhost"]) {
      const { status, text: said } = await place.ask("/", { host, headers: { cookie } });
      expect({ host, status }).toEqual({ host, status: 401 });
      expect(said).toContain(`ws open ${host.split("--")[1]?.split(".")[0]} ${host.split("--")[0]}`);
    }
    const page = await place.ask("/", { headers: { accept: "text/html" } });
    expect(page.text).toContain("<code>ws open demo 3000</code>");
    expect(page.headers["content-security-policy"]).toContain("frame-ancestors 'none'");
  });

  test("it ends with whoever made it, what is open as well", async () => {
    const app = createServer((_request, response) => void response.write("begun"));
    const place = await startPreviewPlace(await listening(app));
    const token = new AbortController();
    const cookie = await place.enter(callerWith(token));
    const socket = place.dial();
    socket.write(`GET / HTTP/1.1\r\nHost: ${HOST}\r\nCookie: ${cookie}\r\n\r\n`);
    await once(socket, "data");
    token.abort(new WsError("unauthorized", { message: "revoked", data: { reason: "revoked" } }));
    socket.resume();
    await once(socket, "close");
    expect((await place.ask("/", { headers: { cookie } })).status).toBe(401);
  });

  test("it ends after twelve hours without use, and with the agent", async () => {
    const place = await startPreviewPlace(await startEcho());
    const cookie = await place.enter();
    place.state.now += 11 * 3_600_000;
    expect((await place.ask("/", { headers: { cookie } })).status).toBe(200);
    place.state.now += 11 * 3_600_000;
    expect((await place.ask("/", { headers: { cookie } })).status).toBe(200);
    place.state.now += 12 * 3_600_000;
    expect((await place.ask("/", { headers: { cookie } })).status).toBe(401);
    const again = await place.enter();
    place.closing.abort();
    expect((await place.ask("/", { headers: { cookie: again } })).status).toBe(401);
  });

  test("a name that another workspace has now shows that one to nobody who was let in to the first", async () => {
    const place = await startPreviewPlace(await startEcho());
    const cookie = await place.enter();
    place.names.set("demo", "ws-3");
    const { status, text: said } = await place.ask("/", { headers: { cookie } });
    expect(status).toBe(404);
    expect(said).toContain("renamed or deleted");
  });

  test("wrong codes are counted for one workspace, and lock nobody out of another or of the agent", async () => {
    const place = await startPreviewPlace(await startEcho());
    for (let tries = 0; tries < 10; tries += 1) expect((await place.spend("wrong")).status).toBe(401);
    expect((await place.spend("wrong")).status).toBe(429);
    expect((await place.spend("wrong", "3001--demo.localhost")).status).toBe(429);
    expect(await place.enter(LOCAL_ADMIN, "other")).toMatch(/^ws-preview=/);
    expect(place.throttle.wait("127.0.0.1")).toBe(0);
  });

  test("pages of other sites and of other previews get nothing, their links do", async () => {
    const place = await startPreviewPlace(await startEcho());
    const cookie = await place.enter();
    const from = async (headers: Record<string, string>, method = "GET"): Promise<number> =>
      (await place.ask("/", { method, headers: { cookie, ...headers } })).status;
    expect(await from({ origin: "http://3001--demo.localhost" })).toBe(403);
    expect(await from({ origin: "null" }, "POST")).toBe(403);
    expect(await from({ "sec-fetch-site": "same-site", "sec-fetch-mode": "no-cors", "sec-fetch-dest": "script" })).toBe(
      403,
    );
    expect(
      await from({ "sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate", "sec-fetch-dest": "iframe" }),
    ).toBe(403);
    expect(
      await from({ "sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate", "sec-fetch-dest": "document" }),
    ).toBe(200);
    expect(await from({ origin: `http://${HOST}`, "sec-fetch-site": "same-origin" }, "POST")).toBe(200);
    // A form of a page with `Referrer-Policy: no-referrer`.
    expect(await from({ origin: "null", "sec-fetch-site": "same-origin" }, "POST")).toBe(200);
    const code = {
      method: "POST",
      headers: { "content-type": "application/json", origin: "http://evil.test" },
      body: "{}",
    };
    expect((await place.ask("/.ws/enter", code)).status).toBe(403);
  });

  test("nothing crosses a network readably: a person is led on, a program is told", async () => {
    const place = await startPreviewPlace(await startEcho());
    const cookie = await place.enter();
    place.state.isPrivate = false;
    const led = await place.ask("/a?b=c", { headers: { cookie } });
    expect([led.status, led.headers.location]).toEqual([308, `https://${HOST}/a?b=c`]);
    expect((await place.spend("x")).status).toBe(426);
  });
});

describe("what cannot be shown", () => {
  test("where nothing listens the page names what does", async () => {
    const place = await startPreviewPlace(1);
    const headers = { cookie: await place.enter(), accept: "text/html" };
    expect((await place.ask("/", { headers })).text).toContain("Nor on any other");
    place.state.listening = [
      { port: 5173, listening: true, label: "web", program: "<b>node</b>" },
      { port: 9000, listening: false },
    ];
    const { status, text: said } = await place.ask("/", { headers });
    expect(status).toBe(502);
    expect(said).toContain("5173 (web) &#60;b&#62;node");
    expect(said).toContain("ws open demo 5173");
    expect(said).not.toContain("9000");
    expect(place.audit).toEqual(["preview connection_refused"]);
  });

  test("a workspace that was stopped, and what is no HTTP, are told apart", async () => {
    const place = await startPreviewPlace(
      await listening(createServer().on("connection", (socket) => socket.end("SSH-2.0-x\r\n")) as never),
    );
    const headers = { cookie: await place.enter() };
    const silent = await place.ask("/", { headers });
    expect([silent.status, silent.text]).toEqual([502, expect.stringContaining("ws forward demo 3000")]);
    place.state.running = false;
    const stopped = await place.ask("/", { headers });
    expect([stopped.status, stopped.text]).toEqual([503, expect.stringContaining("ws start demo")]);
    place.state.refused = true;
    expect((await place.ask("/", { headers })).status).toBe(403);
  });
});

test("only so many connections are open at once for one browser", async () => {
  const held = await listening(createServer(() => undefined));
  const place = await startPreviewPlace(held);
  const cookie = await place.enter();
  const opened = Array.from({ length: 256 }, () => {
    const socket = connect({ port: place.port, host: "127.0.0.1" });
    socket.on("error", () => undefined);
    socket.write(`GET / HTTP/1.1\r\nHost: ${HOST}\r\nCookie: ${cookie}\r\n\r\n`);
    return socket;
  });
  await expect.poll(async () => (await place.ask("/.ws/enter")).status).toBe(200);
  const controller = new AbortController();
  await expect
    .poll(async () => {
      const answer = await Promise.race([
        place.ask("/", { headers: { cookie } }),
        new Promise<undefined>((resolve) => setTimeout(resolve, 50)),
      ]);
      return answer?.status;
    })
    .toBe(503);
  controller.abort();
  for (const socket of opened) socket.destroy();
});
