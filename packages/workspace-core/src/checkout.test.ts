import { expect, test } from "vitest";
import { describeCheckout, requireCheckout } from "./checkout.ts";
import { createHarness } from "./testing/harness.ts";

const clone = "https://forge.test/o/r";

test.each([
  { depth: 0 },
  { depth: 1.5 },
  { depth: 2 ** 31 },
  { sparse: [] },
  ...["", "/etc", "../x", "a/../b", "a//b", "a/", ".", "*", "a?", "[a]", 'a"b', "a\\b", "a\nb"].map((path) => ({
    sparse: ["docs", path],
  })),
])("a clone is not narrowed to %j", (checkout) => {
  expect(() => requireCheckout(checkout)).toThrow(expect.objectContaining({ code: "invalid_input" }) as Error);
});

test("a clone is narrowed to directories by whatever names they have", () => {
  requireCheckout({ depth: 1, filter: "tree:0", sparse: ["docs", "packages/core", "-x", "ünï", "a b", "..."] });
  expect(describeCheckout({})).toBe("all files and the whole history");
  expect(describeCheckout({ depth: 2, filter: "blob:none", sparse: ["b", "a"], lfs: true })).toBe(
    "a depth of 2 and the filter blob:none and only a, b and large files",
  );
});

test("large files are asked for with the clone, and the request is kept", async () => {
  await using h = createHarness();
  const { repository } = await h.workspaces.create({ name: "large", clone, checkout: { lfs: true } });
  expect(repository?.checkout).toEqual({ lfs: true });
});

test("what a clone is narrowed to is kept for a retry, and asked for again it has to be the same", async () => {
  await using h = createHarness();
  await expect(h.workspaces.create({ name: "none", checkout: { depth: 1 } })).rejects.toMatchObject({
    code: "invalid_input",
    data: { field: "checkout" },
  });
  await expect(h.workspaces.create({ name: "bad", clone, checkout: { sparse: ["/"] } })).rejects.toMatchObject({
    code: "invalid_input",
  });
  const { repository } = await h.workspaces.create({ name: "demo", clone, checkout: { depth: 1, sparse: ["a"] } });
  expect(repository?.checkout).toEqual({ depth: 1, sparse: ["a"] });
  await h.workspaces.start("demo", { checkout: { sparse: ["a"], depth: 1 } });
  await expect(h.workspaces.start("demo", { checkout: { depth: 2 } })).rejects.toMatchObject({
    code: "workspace_mismatch",
    message: expect.stringContaining("a depth of 1 and only a, not with a depth of 2") as string,
  });
});
