import { randomBytes } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createLog } from "./log.ts";
import { createRedactor } from "./redact.ts";

describe("redaction by value (Coder CVE-2025-66411)", () => {
  test.each<[string, (secret: string) => string]>([
    ["as it is", (secret) => `Authorization: Bearer ${secret}`],
    ["in a URL's user info", (secret) => `https://user:${encodeURIComponent(secret)}@host.test/a`],
    ["in a form", (secret) => new URLSearchParams({ token: secret }).toString()],
    ["in JSON", (secret) => JSON.stringify({ body: { secret } })],
    ["in base64", (secret) => Buffer.from(secret).toString("base64")],
    ["in Basic authorization, whatever the user's length", (secret) => Buffer.from(`u:${secret}`).toString("base64")],
    ["in Basic authorization with a longer user", (secret) => Buffer.from(`user:${secret}`).toString("base64")],
    ["in Basic authorization with another user", (secret) => Buffer.from(`abc:${secret}x`).toString("base64")],
    ["in base64url", (secret) => Buffer.from(`{"t":"${secret}"}`).toString("base64url")],
    ["in hex", (secret) => Buffer.from(secret).toString("hex")],
  ])("a secret is taken out %s", (_title, embed) => {
    const redactor = createRedactor();
    const secret = `k/+"%${randomBytes(18).toString("base64")}`;
    redactor.add(secret);
    const text = embed(secret);
    const clean = redactor.clean(text);
    expect(clean).toContain("[redacted]");
    for (const part of leaks(secret)) expect(clean).not.toContain(part);
  });

  test("of a secret that a text was cut in the middle of, no more is left than a word could be", () => {
    const redactor = createRedactor();
    const secret = randomBytes(24).toString("hex");
    redactor.add(secret);
    redactor.add("github_pat_0123456789abcdef");
    const text = `curl -H 'Authorization: Bearer ${secret}' https://host.test`;
    const begins = text.indexOf(secret);
    for (let most = begins; most < text.length; most += 1) {
      for (const end of ["", "…"]) {
        const clean = redactor.clean(text.slice(0, most) + end);
        expect(clean.startsWith("curl -H 'Authorization: Bearer ")).toBe(true);
        expect(clean).not.toContain(secret.slice(0, 12));
      }
    }
    expect(redactor.clean("cloned from github")).toBe("cloned from github");
  });

  test("a secret of several lines is taken out of each line", () => {
    const redactor = createRedactor();
    const lines = [randomBytes(12).toString("hex"), randomBytes(12).toString("hex")];
    redactor.add(lines.join("\n"));
    expect(redactor.clean(`first ${lines[0]} second ${lines[1]}`)).toBe("first [redacted] second [redacted]");
  });

  test("of a secret inside another nothing of the outer one stays", () => {
    const redactor = createRedactor();
    redactor.add("abcdef");
    redactor.add("abcdefghijkl");
    expect(redactor.clean("x abcdefghijkl y")).toBe("x [redacted] y");
  });

  test("of two that overlap nothing of either stays", () => {
    const redactor = createRedactor();
    redactor.add("abcdef");
    redactor.add("efghij");
    expect(redactor.clean("x abcdefghij y")).toBe("x [redacted] y");
  });

  test("in what will be JSON only the texts are cleaned: keys, numbers and the structure stay", () => {
    const redactor = createRedactor();
    for (const word of ["message", "123456", '","level":']) redactor.add(word);
    const value = { message: "a message", nested: [{ at: 123_456, is: null, text: 'x","level":' }], none: undefined };
    expect(redactor.cleanLeaves(value)).toEqual({
      message: "a [redacted]",
      nested: [{ at: 123_456, is: null, text: "x[redacted]" }],
      none: undefined,
    });
  });

  test("half a character, which no URL can carry, is no reason to fail", () => {
    const redactor = createRedactor();
    redactor.add("secret \ud800 half");
    expect(redactor.clean("a secret \ud800 half")).toBe("a [redacted]");
  });

  test("no text of any kind still holds the secret", () => {
    fc.assert(
      fc.property(fc.string({ minLength: 6 }), fc.string(), fc.string(), (secret, before, after) => {
        fc.pre(secret.trim().length >= 6 && !"[redacted]".includes(secret) && !secret.includes("[redacted]"));
        const redactor = createRedactor();
        redactor.add(secret);
        const clean = redactor.clean(before + secret + after);
        // What stands around the mark may accidentally spell the secret again; the mark itself must be there.
        expect(clean).toContain("[redacted]");
      }),
    );
  });

  test("short values are left alone, because they would make every text unreadable", () => {
    const redactor = createRedactor();
    redactor.add("1");
    redactor.add("true");
    expect(redactor.clean("1 is true")).toBe("1 is true");
  });

  test("a workspace's own values are taken out of its own texts and the agent's log, and of no other's", () => {
    const redactor = createRedactor();
    const [shared, token] = [randomBytes(12).toString("hex"), randomBytes(12).toString("hex")];
    redactor.add(shared, "ws-a");
    redactor.add(token);
    const text = `${shared} ${token}`;
    expect(redactor.clean(text, "ws-a")).toBe("[redacted] [redacted]");
    expect(redactor.clean(text, "all")).toBe("[redacted] [redacted]");
    expect(redactor.clean(text, "ws-b")).toBe(`${shared} [redacted]`);
    expect(redactor.clean(text)).toBe(`${shared} [redacted]`);
    redactor.add(shared, "ws-b");
    expect(redactor.clean(text, "ws-b")).toBe("[redacted] [redacted]");
    redactor.add(shared);
    expect(redactor.cleanLeaves([text])).toEqual(["[redacted] [redacted]"]);
  });

  test("what only a workspace that is gone was given is forgotten, what another has stays secret", () => {
    const redactor = createRedactor();
    const [own, shared, token] = [0, 1, 2].map(() => randomBytes(12).toString("hex")) as [string, string, string];
    for (const secret of [own, shared]) redactor.add(secret, "ws-a");
    redactor.add(shared, "ws-b");
    redactor.add(token, "ws-a");
    redactor.add(token);
    redactor.drop(["ws-a"]);
    const text = `${own} ${shared} ${token}`;
    expect(redactor.clean(text, "all")).toBe(`${own} [redacted] [redacted]`);
    expect(redactor.clean(text, "ws-a")).toBe(`${own} ${shared} [redacted]`);
    redactor.add(own, "ws-c");
    expect(redactor.clean(text, "ws-c")).toBe(`[redacted] ${shared} [redacted]`);
  });

  test("words and names that a workspace was given are no secret, those of the worker's credentials are", () => {
    const redactor = createRedactor();
    redactor.add("workspace", "ws-a");
    redactor.add("starting\nhunter2-hunter2", "ws-a");
    redactor.add("password");
    const text = "starting the workspace password hunter2-hunter2";
    expect(redactor.clean(text, "ws-a")).toBe("starting the workspace [redacted] [redacted]");
  });

  test("the log's one sink cleans messages, fields, errors and stacks, in the file and on the screen", () => {
    const redactor = createRedactor();
    const secret = randomBytes(16).toString("hex");
    redactor.add(secret);
    const written: string[] = [];
    const sink = { write: (line: string) => void written.push(line) };
    const log = createLog({ level: () => "debug", redactor, file: sink, screen: sink });
    log.info(`message ${secret}`, { field: secret, nested: { deep: [secret] } });
    log.error("failed", { error: new Error(`bad ${secret}`, { cause: new Error(secret) }) });
    expect(written).toHaveLength(4);
    expect(written.join("")).not.toContain(secret);
    expect(written.join("")).toContain("[redacted]");
  });

  test("a line stays one of the log's own form, whatever is taken out of it", () => {
    const redactor = createRedactor();
    for (const word of ["message", '"level"', ',"msg":"']) redactor.add(word);
    const written: string[] = [];
    const log = createLog({ level: () => "debug", redactor, file: { write: (line) => void written.push(line) } });
    log.error("a message", { message: "a message", error: new Error("a message") });
    expect(JSON.parse(written[0] ?? "")).toMatchObject({
      level: 50,
      msg: "a [redacted]",
      message: "a [redacted]",
      error: { message: "a [redacted]" },
    });
  });

  test("lines below the level are not written", () => {
    const written: string[] = [];
    const file = { write: (line: string) => void written.push(line) };
    const log = createLog({ level: () => "warn", redactor: createRedactor(), file });
    log.info("quiet");
    log.warn("loud");
    expect(written).toHaveLength(1);
  });
});

/** Long enough pieces that something could be made of them. */
function leaks(secret: string): string[] {
  return [secret, encodeURIComponent(secret), Buffer.from(secret).toString("base64").slice(4, -4)];
}
