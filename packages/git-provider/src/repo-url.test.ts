import fc from "fast-check";
import { isWsError } from "@ws/workspace-core";
import { expect, test } from "vitest";
import { parseRepositoryUrl } from "./repo-url.ts";
import { HOSTILE_REFERENCES } from "./testing/hostile-references.ts";

test.each([
  ["https://github.com/vercel/next.js", "https://github.com/vercel/next.js", "next.js"],
  ["https://github.com/o/r.git", "https://github.com/o/r.git", "r"],
  ["github.com/org/repo", "https://github.com/org/repo", "repo"],
  ["github.com/org/repo/", "https://github.com/org/repo", "repo"],
  ["  https://GitHub.com:443/o/r ", "https://github.com/o/r", "r"],
  ["HTTPS://git.example.com:8443/a/b/c.git", "https://git.example.com:8443/a/b/c.git", "c"],
  ["localhost:8443/o/r", "https://localhost:8443/o/r", "r"],
  ["127.0.0.1:8443/r.git", "https://127.0.0.1:8443/r.git", "r"],
  ["https://[2001:DB8::1]:8443/o/r", "https://[2001:db8::1]:8443/o/r", "r"],
  [
    "https://dev.azure.com/org/My%20Project/_git/My%20Repo",
    "https://dev.azure.com/org/My%20Project/_git/My%20Repo",
    "My-Repo",
  ],
  ["https://github.com/org/.github", "https://github.com/org/.github", "github"],
  ["https://gitlab.com/a/-/b", "https://gitlab.com/a/-/b", "b"],
  ["git@github.com:org/repo.git", "git@github.com:org/repo.git", "repo"],
  ["git@host:/srv/git/repo.git", "git@host:/srv/git/repo.git", "repo"],
  ["git@[::1]:o/r", "git@[::1]:o/r", "r"],
  ["ssh://git@host.example:2222/o/r.git", "ssh://git@host.example:2222/o/r.git", "r"],
  ["ssh://host.example:22/~me/r", "ssh://host.example/~me/r", "r"],
])("%s is the repository %s in the directory %s", (text, url, name) => {
  expect(parseRepositoryUrl(text)).toMatchObject({ url, name });
});

test.each(HOSTILE_REFERENCES)(
  "CVE-2017-1000117, CVE-2018-17456, CVE-2020-5260, CVE-2022-24439: %j is refused with the accepted forms",
  (text) => {
    const refused = refusalOf(text);
    expect(refused.next).toMatch(/https:\/\/host\/owner\/repo|ws credential set/);
    expect(refused.message + refused.data.url).not.toMatch(/[^\x20-\x7e\uFFFD…]/);
  },
);

test("the hostile corpus holds at least sixty different strings", () => {
  expect(new Set(HOSTILE_REFERENCES).size).toBeGreaterThanOrEqual(60);
});

test("a password in a URL is refused, with the way such a repository is cloned, and does not come back in the error", () => {
  const secret = crypto.randomUUID();
  for (const text of [
    `https://me:${secret}@github.com/o/r`,
    `${secret}@github.com/o/r`,
    `ssh://git:${secret}@host/o/r`,
  ]) {
    expect(JSON.stringify({ ...refusalOf(text), message: refusalOf(text).message })).not.toContain(secret);
  }
  expect(refusalOf(`https://${secret}@github.com/o/r`).next).toContain("ws credential set");
});

test.each(["/tmp/x.git", "./x.git", "../x", "~/x.git", "file:///tmp/x.git"])(
  "%s is refused with how a repository of the worker is named",
  (text) => {
    expect(refusalOf(text).next).toContain("#git:");
    expect(refusalOf("vercel/next.js").next).not.toContain("#git:");
  },
);

test("owner/repo without a host is refused with the URL it probably means", () => {
  expect(refusalOf("vercel/next.js").message).toContain("https://github.com/vercel/next.js");
});

test("whatever is accepted never begins with '-', is its own parse, and names a plain directory", () => {
  const piece = fc.oneof(
    fc.constantFrom(
      "https://",
      "ssh://",
      "git@",
      "-",
      "--",
      "..",
      ".",
      "/",
      ":",
      "@",
      "%2e",
      "%0a",
      "[::1]",
      ".git",
      "\n",
      "0x7f.1",
    ),
    fc.stringMatching(/^[a-z0-9.-]{1,8}$/),
    fc.string({ unit: "binary", maxLength: 3 }),
  );
  const urls = fc
    .tuple(
      fc.constantFrom("https://", "ssh://git@", "", "git@"),
      fc.domain(),
      fc.constantFrom("/", ":"),
      fc.stringMatching(/^[\w.~-]{1,9}(?:\/[\w.-]{1,9}){0,2}$/),
    )
    .map((parts) => parts.join(""));
  let accepted = 0;
  fc.assert(
    fc.property(
      fc.oneof(
        fc.array(piece, { maxLength: 8 }).map((parts) => parts.join("")),
        urls,
      ),
      (text) => {
        const parsed = parseOrUndefined(text);
        if (parsed === undefined) return;
        accepted += 1;
        expect(parsed.url).toMatch(/^(?:https:\/\/|ssh:\/\/|[A-Za-z0-9_])/);
        expect(parsed.host).toMatch(/^[a-z0-9_:]/);
        expect(parsed.name).toMatch(/^[A-Za-z0-9_][A-Za-z0-9._-]{0,99}$/);
        expect(parseRepositoryUrl(parsed.url)).toEqual(parsed);
      },
    ),
    { numRuns: 400 },
  );
  expect(accepted).toBeGreaterThan(20);
});

function parseOrUndefined(text: string): ReturnType<typeof parseRepositoryUrl> | undefined {
  try {
    return parseRepositoryUrl(text);
  } catch (error) {
    if (isWsError(error, "invalid_clone_url")) return undefined;
    throw error;
  }
}

function refusalOf(text: string): { message: string; next: string | undefined; data: { url: string } } {
  try {
    parseRepositoryUrl(text);
  } catch (error) {
    if (isWsError(error, "invalid_clone_url")) return error;
    throw error;
  }
  throw new Error(`accepted: ${text}`);
}
