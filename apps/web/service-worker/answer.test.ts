import { expect, test } from "vitest";
import { answer } from "./answer.ts";
import type { Asks } from "./news.ts";
import { DENIAL } from "./quick-answers.ts";

const ALLOW: Asks = { task: "task-1", attempt: 3, reason: "permission", options: [], base: "" };
const CHOOSE: Asks = { task: "task-1", attempt: 3, reason: "question", options: ["Left", "Right"], base: "/on/desk" };

function world(respond: () => Response | Promise<Response> = () => Response.json({})) {
  const asked: { url: string; token: string | null; body: unknown }[] = [];
  return {
    asked,
    means: {
      fetch: (async (url: string, init: RequestInit) => {
        const token = new Headers(init.headers).get("authorization");
        asked.push({ url, token, body: JSON.parse(init.body as string) });
        return respond();
      }) as typeof fetch,
      told: async () => ({ token: "mine" }),
    },
  };
}

const refusal = (status: number, code: string, message: string) => () =>
  Response.json({ message, data: { code } }, { status });

test("A press answers the question that was shown, of that try of the task, as whoever is signed in", async () => {
  const { asked, means } = world();
  expect(await answer(CHOOSE, "1", means)).toEqual({ kind: "answered" });
  expect(await answer(ALLOW, "0", means)).toEqual({ kind: "answered" });
  expect(await answer(ALLOW, "1", means)).toEqual({ kind: "answered" });
  const place = { url: "/api/tasks/task-1/resume", token: "Bearer mine" };
  expect(asked).toEqual([
    { url: "/on/desk/api/tasks/task-1/resume", token: "Bearer mine", body: { prompt: "Right", attempt: 3 } },
    { ...place, body: { permissions: "all", attempt: 3 } },
    { ...place, body: { prompt: DENIAL, attempt: 3 } },
  ]);
});

test("A button that this browser does not know asks for nothing, and so does one of somebody who has signed out", async () => {
  const { asked, means } = world();
  for (const chosen of ["2", "-1", "x", "toString"]) {
    expect(await answer(CHOOSE, chosen, means)).toMatchObject({ kind: "refused", mayTryAgain: false });
  }
  const out = await answer(CHOOSE, "0", { ...means, told: async () => undefined });
  expect(out).toMatchObject({ why: "Nothing was done: this browser is not signed in." });
  expect(asked).toEqual([]);
});

test("What the worker does not do is said in its place, and why", async () => {
  const why = async (respond: () => Response | Promise<Response>) => {
    const answered = await answer(ALLOW, "0", world(respond).means);
    return answered.kind === "refused" ? [answered.why, answered.mayTryAgain] : [];
  };
  expect(await why(refusal(409, "question_over", "What the task task-1 asked is over."))).toEqual([
    "Nothing was done: it was answered already, or is over.",
    false,
  ]);
  expect(await why(refusal(401, "unauthorized", "No."))).toEqual([
    "Nothing was done: this browser is not signed in any more.",
    false,
  ]);
  expect(await why(refusal(403, "forbidden", "This token may only read."))).toEqual([
    "Nothing was done: This token may only read.",
    false,
  ]);
  expect(await why(() => new Response("<h1>Bad gateway</h1>", { status: 502 }))).toEqual([
    "Nothing was done: the worker refused it (status 502).",
    false,
  ]);
  expect(await why(() => Promise.reject(new TypeError("Failed to fetch")))).toEqual([
    "The worker did not answer. Try again, or look in the dashboard.",
    true,
  ]);
});
