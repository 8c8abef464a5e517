import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { expect, test } from "vitest";
import { createAuthority } from "../testing/certificates.ts";
import { askDate } from "./ask-date.ts";

test("a host is asked for the time without a word of who asks, and only one whose certificate is trusted", async () => {
  const authority = await createAuthority("forges");
  const asked: string[] = [];
  await using server = createServer(await authority.issue(["localhost"]), ({ method, url, headers }, response) => {
    asked.push(`${method} ${url} ${Object.keys(headers).sort().join()}`);
    response.setHeader("date", "Fri, 02 Jan 2026 00:00:00 GMT").end();
  });
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", () => resolve()));
  const host = `localhost:${(server.address() as AddressInfo).port}`;
  expect(await askDate(host, [authority.cert])).toBe(Date.UTC(2026, 0, 2));
  expect(asked).toEqual(["HEAD / connection,host"]);
  await expect(askDate(host, [])).rejects.toThrow(/certificate/);
  await expect(askDate(host, [authority.cert], AbortSignal.abort())).rejects.toThrow(/abort/);
});

test.each([
  ["is not valid yet", 3_000_000, 4_000_000],
  ["has ended", -4_000_000, -3_000_000],
])(
  "a host whose certificate %s says the time all the same: so does each where the clock here is wrong",
  async (_, from, to) => {
    const authority = await createAuthority("forges");
    const dates = { notBefore: new Date(Date.now() + from), notAfter: new Date(Date.now() + to) };
    const date = "Fri, 02 Jan 2026 00:00:00 GMT";
    const asked = async (name: string) => {
      await using server = createServer(await authority.issue([name], dates), (_request, response) => {
        response.setHeader("date", date).end();
      });
      await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", () => resolve()));
      return await askDate(`localhost:${(server.address() as AddressInfo).port}`, [authority.cert]);
    };
    expect(await asked("localhost")).toBe(Date.parse(date));
    await expect(asked("elsewhere.test")).rejects.toThrow(/elsewhere\.test/);
  },
);
