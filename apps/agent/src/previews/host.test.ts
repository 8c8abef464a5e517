import { describe, expect, test } from "vitest";
import { previewAddress, previewOrigin } from "./host.ts";

const DEMO = { workspace: "demo", port: 3000 };

describe("what a host name is for", () => {
  test.each([
    ["3000--demo.localhost:7391", DEMO],
    ["3000--Demo.LocalHost.", DEMO],
    ["3000--a--b.localhost", { workspace: "a--b", port: 3000 }],
    ["3000--demo.previews.test", DEMO],
    ["localhost:7391", undefined],
    ["demo.localhost", undefined],
    ["127.0.0.1", undefined],
    ["3000--demo.evil.test", undefined],
    ["3000--demo.localhost.evil.test", undefined],
    ["3000--demo.more.previews.test", undefined],
    ["previews.test", undefined],
    ["0--demo.localhost", "malformed"],
    ["03000--demo.localhost", "malformed"],
    ["65536--demo.localhost", "malformed"],
    ["3000--.localhost", "malformed"],
    ["3000---demo.localhost", "malformed"],
    ["3000--de_mo.previews.test", "malformed"],
    [undefined, undefined],
  ])("%s", (host, address) => {
    expect(previewAddress(host, "Previews.Test")).toEqual(address);
  });

  test("Without a domain there is none but this machine's own", () => {
    expect(previewAddress("3000--demo.", "")).toBeUndefined();
    expect(previewAddress("3000--demo.previews.test", "")).toBeUndefined();
  });
});

describe("where a browser finds a preview", () => {
  const dashboard = "http://127.0.0.1:7391";
  test.each([
    ["the local socket", { secure: false }, "", "http://3000--demo.localhost:7391"],
    ["the end of a tunnel", { host: "localhost:8000", secure: false }, "", "http://3000--demo.localhost:8000"],
    ["an address of loopback", { host: "[::1]:7391", secure: true }, "p.test", "https://3000--demo.localhost:7391"],
    ["another device", { host: "desk:7391", secure: true }, "p.test", "https://3000--demo.p.test:7391"],
    ["behind a proxy", { host: "ws.test", secure: false }, "p.test", "http://3000--demo.p.test"],
    ["another device, without a domain", { host: "desk:7391", secure: true }, "", undefined],
    ["a host that is none", { host: "desk:99999", secure: true }, "p.test", undefined],
  ])("from %s", (_from, reached, domain, origin) => {
    expect(previewOrigin(DEMO, { reached, dashboard, domain })).toBe(origin);
  });

  test("An agent that listens elsewhere only is not at this machine's own names", () => {
    const at = { reached: { secure: false }, dashboard: "https://10.0.0.5:7391" };
    expect(previewOrigin(DEMO, { ...at, domain: "" })).toBeUndefined();
    expect(previewOrigin(DEMO, { ...at, domain: "p.test" })).toBe("https://3000--demo.p.test:7391");
  });

  test("DNS has no room for the longest names", () => {
    const at = { reached: { secure: false }, dashboard, domain: "" };
    expect(previewOrigin({ workspace: "a".repeat(57), port: 3000 }, at)).toBeDefined();
    expect(previewOrigin({ workspace: "a".repeat(58), port: 3000 }, at)).toBeUndefined();
  });
});
