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
