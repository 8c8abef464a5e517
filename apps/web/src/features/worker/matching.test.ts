import { expect, test } from "vitest";
import { workspaceFixture } from "../../testing/workspace-fixture.ts";
import { matching } from "./matching.ts";

const workspaces = [
  workspaceFixture({ id: "1", name: "shop-10", status: "running", branch: "cart" }),
  workspaceFixture({ id: "2", name: "shop-2", status: "running" }),
  workspaceFixture({ id: "3", name: "docs", status: "stopped", repo: "https://example.com/Shop" }),
  workspaceFixture({ id: "4", name: "api", status: "error" }),
];
const shown = (text: string) => matching({ name: "desk", workspaces }, text).map(({ name }) => name);

test("What fails and what runs comes first, by name as people count", () => {
  expect(shown("")).toEqual(["api", "shop-2", "shop-10", "docs"]);
});

test.each([
  ["shop", ["shop-2", "shop-10", "docs"]],
  ["shop cart", ["shop-10"]],
  ["status:stopped", ["docs"]],
  ["status:failed desk", ["api"]],
  ["nowhere", []],
])("Each word is looked for in all that names a workspace, its worker too: %j", (text, names) => {
  expect(shown(text)).toEqual(names);
});

test("A worker that was not asked has none", () => {
  expect(matching({ name: "desk", workspaces: undefined }, "")).toEqual([]);
});
