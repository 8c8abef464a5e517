import { randomUUID } from "node:crypto";
import { expect, test } from "vitest";
import { createServices } from "./client.ts";
import { TOKEN_KEY } from "./session.ts";
import { manualTimers } from "@ws/rpc-contract/testing";

test("The word that a token is over is sent also where the page goes away with it", async () => {
  const kept = new Map([
    [TOKEN_KEY, randomUUID()],
    ["ws.token.id", `tok-${randomUUID()}`],
  ]);
  const sent: string[] = [];
  const { session } = createServices({
    origin: "http://127.0.0.1:7391",
    storage: {
      getItem: (key: string) => kept.get(key) ?? null,
      setItem: (key: string, value: string) => void kept.set(key, value),
      removeItem: (key: string) => void kept.delete(key),
    } as Storage,
    async fetch(input, init) {
      const request = new Request(input, init);
      sent.push(`${new URL(request.url).pathname} ${request.keepalive}`);
      return Response.json({ json: { success: true } });
    },
    theme: { choice: () => "system", shown: () => "dark", choose: () => undefined, subscribe: () => () => undefined },
    timers: manualTimers(),
    random: () => 0,
  });
  await session.signOut();
  expect(sent).toEqual(["/rpc/tokens/revoke true"]);
});
