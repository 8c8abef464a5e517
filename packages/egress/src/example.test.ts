import { once } from "node:events";
import { request, type IncomingMessage } from "node:http";
import { createManualClock } from "@ws/workspace-core/testing";
import { expect, test } from "vitest";
import { leadOut } from "./example.ts";
import { createLoopbackBox } from "./testing/loopback-box.ts";

test("The README's example leads out of a Box to what it allows, and says what it refused", async () => {
  await using box = createLoopbackBox();
  const said: string[] = [];
  const log = { debug() {}, info: (line: string) => void said.push(line), warn() {}, error() {} };
  expect(await leadOut(box, createManualClock(), log)).toMatchObject({ HTTPS_PROXY: "http://127.0.0.1:7392" });
  const asking = request({ port: box.port(), method: "CONNECT", path: "evil.test:443", agent: false }).end();
  const [response] = (await once(asking, "connect")) as [IncomingMessage];
  expect(response.statusCode).toBe(403);
  expect(said).toEqual(["evil.test:443 was refused. It is not on the list."]);
});
