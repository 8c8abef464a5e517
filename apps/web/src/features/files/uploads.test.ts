import { expect, test } from "vitest";
import { createUploads, type UploadFile } from "./uploads.ts";

function refusal(code: string): Error {
  return Object.assign(new Error(code), { code: "X", status: 409, data: { code } });
}

const file = (path: string, bytes = 10): UploadFile => ({ path, content: new Blob(["x".repeat(bytes)]) });

/** A worker that answers when the test says so. */
function fixture() {
  const asked: {
    path: string;
    replace: boolean;
    signal: AbortSignal;
    sent: (bytes: number) => void;
    end: PromiseWithResolvers<void>;
  }[] = [];
  const written: string[] = [];
  const uploads = createUploads({
    put({ path }, { replace, signal, onSent }) {
      const end = Promise.withResolvers<void>();
      signal.addEventListener("abort", () => end.reject(new DOMException("gone", "AbortError")));
      asked.push({ path, replace, signal, sent: onSent, end });
      return end.promise;
    },
    onWritten: (paths) => written.push(...paths),
  });
  return { uploads, asked, written };
}

test("A few go at a time, and it is told how far they have come", async () => {
  const { uploads, asked, written } = fixture();
  uploads.add(["a", "b", "c", "d"].map((path) => file(path)));
  expect(asked.map(({ path }) => path)).toEqual(["a", "b", "c"]);
  asked[0]?.sent(4);
  expect(uploads.state()).toMatchObject({ files: 4, done: 0, bytes: 40, sentBytes: 4, running: true });
  asked[0]?.end.resolve();
  await expect.poll(() => asked.length).toBe(4);
  for (const { end } of asked) end.resolve();
  await expect.poll(() => uploads.state().running).toBe(false);
  expect(uploads.state()).toMatchObject({ done: 4, sentBytes: 40 });
  expect(written.toSorted()).toEqual(["a", "b", "c", "d"]);
});

test("It is told which folder all that was written lies in", async () => {
  const { uploads, asked } = fixture();
  uploads.add(["src/new/a", "src/new/deep/b", "src/old/c"].map((path) => file(path)));
  expect(uploads.state().into).toBeUndefined();
  asked[0]?.end.resolve();
  asked[1]?.end.resolve();
  await expect.poll(() => uploads.state().done).toBe(2);
  expect(uploads.state().into).toBe("src/new");
  asked[2]?.end.resolve();
  await expect.poll(() => uploads.state().running).toBe(false);
  expect(uploads.state().into).toBe("src");
});

test("What lies there already is replaced only when it is said so", async () => {
  const { uploads, asked } = fixture();
  uploads.add([file("a"), file("b")]);
  asked[0]?.end.reject(refusal("file_exists"));
  asked[1]?.end.resolve();
  await expect.poll(() => uploads.state().running).toBe(false);
  expect(uploads.state().existing.map(({ path }) => path)).toEqual(["a"]);
  uploads.replaceExisting();
  expect(asked[2]).toMatchObject({ path: "a", replace: true });
  asked[2]?.end.resolve();
  await expect.poll(() => uploads.state().running).toBe(false);
  expect(uploads.state()).toMatchObject({ done: 2, existing: [], failures: [] });
});

test("What is skipped counts no longer", async () => {
  const { uploads, asked } = fixture();
  uploads.add([file("a"), file("b")]);
  for (const { end } of asked) end.reject(refusal("file_exists"));
  await expect.poll(() => uploads.state().existing.length).toBe(2);
  uploads.skipExisting();
  expect(uploads.state()).toMatchObject({ files: 0, bytes: 0, existing: [] });
});

test("A cancel ends those under way and those that wait; a failure is none of it", async () => {
  const { uploads, asked } = fixture();
  uploads.add(["a", "b", "c", "d"].map((path) => file(path)));
  uploads.cancel();
  await expect.poll(() => uploads.state().running).toBe(false);
  expect([asked.length, uploads.state().failures, uploads.state().cancelled]).toEqual([3, [], true]);
  uploads.add([file("e")]);
  expect(uploads.state()).toMatchObject({ files: 1, cancelled: false });
  asked[3]?.end.reject(refusal("path_not_allowed"));
  await expect
    .poll(() => uploads.state().failures)
    .toMatchObject([{ path: "e", problem: { code: "path_not_allowed" } }]);
});

test("A folder of a quarter of a million files is taken like any other", async () => {
  const { uploads, asked } = fixture();
  const content = new Blob(["x"]);
  uploads.add(Array.from({ length: 250_000 }, (_, at) => ({ path: `f${at}`, content })));
  expect([asked.length, uploads.state().files]).toEqual([3, 250_000]);
  uploads.cancel();
  await expect.poll(() => uploads.state().running).toBe(false);
});
