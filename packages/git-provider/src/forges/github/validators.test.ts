import { expect, test } from "vitest";
import type { ApiFetch } from "./https-fetch.ts";
import { withValidators } from "./validators.ts";

const API = "https://api.github.com";
const PULL = `${API}/repos/acme/next.js/pulls/5`;

/** A server of one text whose validator is the text itself. */
function server(text = "one") {
  const asked: { url: string; validator: string | undefined }[] = [];
  const served = { text, status: 200 };
  const fetch: ApiFetch = async (url, { headers = {} }) => {
    asked.push({ url, validator: headers["if-none-match"] });
    const etag = `"${served.text}"`;
    const limit = { "x-ratelimit-remaining": String(100 - asked.length) };
    if (headers["if-none-match"] === etag) return new Response(null, { status: 304, headers: { etag, ...limit } });
    return new Response(served.text, { status: served.status, headers: { etag, ...limit } });
  };
  return { asked, served, fetch: withValidators(fetch) };
}

const as = (authorization: string) => ({ headers: { authorization, accept: "json" } });

test("what has not changed is told as it was before, with what the answer says of limits, and what has is told anew", async () => {
  const { asked, served, fetch } = server();
  expect(await (await fetch(PULL, as("a"))).text()).toBe("one");
  const again = await fetch(PULL, as("a"));
  expect([again.status, again.url, again.headers.get("x-ratelimit-remaining")]).toEqual([200, PULL, "98"]);
  expect(await again.text()).toBe("one");
  served.text = "two";
  expect(await (await fetch(PULL, as("a"))).text()).toBe("two");
  expect(await (await fetch(PULL, as("a"))).text()).toBe("two");
  expect(asked.map(({ validator }) => validator)).toEqual([undefined, '"one"', '"one"', '"two"']);
});

test("what one credential was told is told to no other, nor after a refusal", async () => {
  const { asked, served, fetch } = server();
  await fetch(PULL, as("a"));
  await fetch(PULL, as("b"));
  served.status = 404;
  served.text = "gone";
  expect((await fetch(PULL, as("a"))).status).toBe(404);
  await fetch(PULL, as("a"));
  expect(asked.map(({ validator }) => validator)).toEqual([undefined, undefined, '"one"', undefined]);
});

test.each([
  ["/repos/acme/next.js", true],
  ["/repos/acme/next.js/git/ref/heads%2Fwork", true],
  ["/repos/acme/next.js/commits/0a1b/check-runs?per_page=100", true],
  ["/repos/acme/next.js/commits/0a1b/status?per_page=100&page=1", true],
  ["/repos/acme/next.js/pulls?state=open", false],
  ["/repos/acme/next.js/issues/5/comments?per_page=100", false],
  ["/user/repos?per_page=100", false],
])("%s is asked with a validator: %s", async (path, isAsked) => {
  const { asked, fetch } = server();
  await fetch(API + path, as("a"));
  await fetch(API + path, as("a"));
  expect(asked[1]?.validator).toBe(isAsked ? '"one"' : undefined);
});

test("no more is kept than a few megabytes, the latest of it, and nothing that is larger than an answer is", async () => {
  const { asked, served, fetch } = server("x".repeat(400_000));
  const at = (number: number): string => `${API}/repos/acme/next.js/pulls/${number}`;
  for (let number = 0; number < 25; number += 1) await fetch(at(number), as("a"));
  asked.length = 0;
  await fetch(at(24), as("a"));
  await fetch(at(0), as("a"));
  served.text = "y".repeat(500_001);
  await fetch(at(50), as("a"));
  await fetch(at(50), as("a"));
  expect(asked.map(({ validator }) => validator !== undefined)).toEqual([true, false, false, false]);
});
