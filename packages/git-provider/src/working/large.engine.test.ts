import { afterAll, beforeAll, expect, test } from "vitest";
import { startGitServer, type GitServer } from "../testing/index.ts";
import { openWorked } from "../testing/worked-repository.ts";

const FILES = process.env["WS_SOAK"] === undefined ? 4_000 : 100_000;

let server: GitServer;
beforeAll(async () => {
  server = await startGitServer();
});
afterAll(() => server[Symbol.asyncDispose]());

test("a repository with very many files is told in full numbers and few of them, and no more is kept", async () => {
  await using w = await openWorked(server);
  const write = (text: string): string =>
    `for d in $(seq 0 ${FILES / 100}); do mkdir -p d$d; done; seq 1 ${FILES} | awk '{f="d" int($1/100) "/f" $1 ".txt"; print "${text} " $1 > f; close(f)}'`;
  await w.sh(`${write("one")}; git add -A && git commit -qm many`);
  expect(await w.work.status()).toMatchObject({ files: [], total: 0, truncated: false });
  expect(await w.work.diff()).toMatchObject({ files: [], total: 0 });
  await w.sh(write("two"));
  const status = await w.work.status({ limit: 10 });
  expect(status).toMatchObject({ total: FILES, truncated: true });
  expect(status.files).toHaveLength(10);
  const diff = await w.work.diff();
  expect(diff).toMatchObject({ total: FILES, additions: FILES, deletions: FILES, truncated: true });
  expect(diff.files).toHaveLength(3_000);
  expect(diff.files.every(({ hunks, truncated }) => hunks.length === 1 && !truncated)).toBe(true);
  await w.work.add({ paths: ["."] });
  expect((await w.work.diff({ staged: true, stat: true })).total).toBe(FILES);
  expect((await w.work.show({ ref: "HEAD", stat: true })).diff.total).toBe(FILES);
});
