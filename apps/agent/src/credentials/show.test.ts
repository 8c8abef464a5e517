import { expect, test } from "vitest";
import { showCredentials, type ShowOptions } from "./show.ts";

test.each([
  ["pat", "Give a new one: ws credential set work."],
  ["oauth", "Log in again: ws login github."],
] as const)("a %s that its forge refused is shown with when, and what to do", (type, next) => {
  const kept = { name: "work", type, host: "forge.test", secret: "", createdAt: 0 };
  const options = (refusedAt: ShowOptions["refusedAt"]): ShowOptions => ({
    config: {
      credentials: { get: () => ({ env: {}, files: {} }), exposed: () => [] },
      secrets: { forges: () => [kept] },
    } as unknown as ShowOptions["config"],
    records: [],
    grants: [],
    app: undefined,
    now: 5_000,
    refusedAt,
  });
  const [refused] = showCredentials(options((name) => (name === "work" ? 4_000 : undefined)));
  const at = "1970-01-01T00:00:04.000Z";
  expect(refused).toMatchObject({ refused: at, problem: `forge.test refused it at ${at}. ${next}` });
  const [good] = showCredentials(options(() => undefined));
  expect(good).not.toHaveProperty("problem");
});
