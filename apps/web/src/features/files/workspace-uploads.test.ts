import { expect, test } from "vitest";
import { createWorkspaceUploads } from "./workspace-uploads.ts";

function fixture() {
  const asked: { to: string; end: PromiseWithResolvers<void> }[] = [];
  const all = createWorkspaceUploads((workspace, { path }, { signal }) => {
    const end = Promise.withResolvers<void>();
    signal.addEventListener("abort", () => end.reject(new DOMException("gone", "AbortError")));
    asked.push({ to: `${workspace}:${path}`, end });
    return end.promise;
  });
  return { all, asked };
}

const files = ["a", "b", "c", "d"].map((path) => ({ path, content: new Blob(["x"]) }));

test("A workspace that is renamed meanwhile gets the rest under its new name, and no other workspace does", async () => {
  const { all, asked } = fixture();
  all.of("ws-1", "old").add(files);
  const other = all.of("ws-2", "other");
  expect(all.of("ws-1", "new")).toBe(all.of("ws-1", "new"));
  expect(other).not.toBe(all.of("ws-1", "new"));
  asked[0]?.end.resolve();
  await expect.poll(() => asked.map(({ to }) => to)).toEqual(["old:a", "old:b", "old:c", "new:d"]);
});

test("It is known whether closing the page would end some, and who shows the files hears of what was written", async () => {
  const { all, asked } = fixture();
  const heard: string[] = [];
  all.subscribe(() => heard.push(all.running() ? "running" : "over"));
  const uploads = all.of("ws-1", "demo");
  const leave = all.listen("ws-1", () => heard.push("written"));
  expect(all.running()).toBe(false);
  uploads.add(files.slice(0, 1));
  expect(all.running()).toBe(true);
  asked[0]?.end.resolve();
  await expect.poll(() => heard.slice(-2)).toEqual(["over", "written"]);
  leave();
  uploads.add(files);
  all.cancel();
  await expect.poll(() => all.running()).toBe(false);
  expect(heard.filter((each) => each === "written")).toHaveLength(1);
});
