import { expect, test } from "vitest";
import { parseRoute, RouteRefused } from "./routes.ts";

const capability = "c".repeat(48);

test("a fetch begins with the advertisement of upload-pack", () => {
  const url = `/${capability}/git.example.com:8443/o/r.git/info/refs?service=git-upload-pack`;
  expect(parseRoute("GET", url, capability)).toEqual({
    kind: "advertise",
    service: "upload-pack",
    authority: { host: "git.example.com", port: 8443 },
    repository: "o/r.git",
    target: "/o/r.git/info/refs?service=git-upload-pack",
  });
});

test("a push ends with a post to receive-pack, and an escape in the path stays as it was", () => {
  expect(parseRoute("POST", `/${capability}/me@h.test/a%20b/git-receive-pack`, capability)).toMatchObject({
    kind: "exchange",
    service: "receive-pack",
    repository: "a%20b",
    target: "/a%20b/git-receive-pack",
    userInfo: "me",
  });
});

test.each([
  ["GET", "/"],
  ["GET", "http://evil.test/"],
  ["GET", `/${"d".repeat(48)}/h.test/o/r/info/refs?service=git-upload-pack`],
  ["GET", `/${capability}x/h.test/o/r/info/refs?service=git-upload-pack`],
  ["GET", `//h.test/o/r/info/refs?service=git-upload-pack`],
  ["POST", `/${capability}/h.test/o/r/info/refs?service=git-upload-pack`],
  ["GET", `/${capability}/h.test/o/r/git-upload-pack`],
  ["DELETE", `/${capability}/h.test/o/r/git-upload-pack`],
  ["GET", `/${capability}/h.test/o/r/info/refs`],
  ["GET", `/${capability}/h.test/o/r/info/refs?service=git-upload-archive`],
  ["GET", `/${capability}/h.test/o/r/info/refs?service=git-upload-pack&x=1`],
  ["GET", `/${capability}/h.test/o/r/HEAD`],
  ["GET", `/${capability}/h.test/api/v3/user`],
  ["GET", `/${capability}/h.test/o/r.git/info/lfs/objects/batch`],
  ["PUT", `/${capability}/h.test/o/r.git/info/lfs/objects/batch`],
  ["POST", `/${capability}/h.test/o/../x.git/info/lfs/objects/batch`],
  ["POST", `/${capability}/h.test/info/lfs/objects/batch`],
  ["GET", `/${capability}/h.test/o/r.git/info/lfs/objects/${"a".repeat(64)}`],
  ["GET", `/${capability}/h.test/o/r.git/info/lfs/objects/ws/../batch`],
  ["DELETE", `/${capability}/h.test/o/r.git/info/lfs/objects/ws/${"a".repeat(48)}`],
  ["POST", `/${capability}/h.test/o/r.git/info/lfs/locks/../x/unlock`],
  ["GET", `/${capability}/h.test/o/r.git/info/lfs/locks?a#b`],
  ["GET", `/${capability}/h.test/../x/info/refs?service=git-upload-pack`],
  ["GET", `/${capability}/h.test/%2e%2e/x/info/refs?service=git-upload-pack`],
  ["GET", `/${capability}/h.test/o%2f..%2fx/info/refs?service=git-upload-pack`],
  ["GET", `/${capability}/h.test/o%0d%0ax/info/refs?service=git-upload-pack`],
  ["GET", `/${capability}/h.test/o?x/info/refs?service=git-upload-pack`],
  ["GET", `/${capability}/0x7f000001/o/r/info/refs?service=git-upload-pack`],
  ["GET", `/${capability}/2130706433/o/r/info/refs?service=git-upload-pack`],
  ["GET", `/${capability}/[::ffff:127.0.0.1]/o/r/info/refs?service=git-upload-pack`],
  ["GET", `/${capability}/h.test:0/o/r/info/refs?service=git-upload-pack`],
  ["GET", `/${capability}//o/r/info/refs?service=git-upload-pack`],
])("CVE-2026-101029: %s %s is refused", (method, url) => {
  expect(() => parseRoute(method, url, capability)).toThrow(RouteRefused);
});
