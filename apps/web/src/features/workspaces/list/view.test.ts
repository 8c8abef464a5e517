import { expect, test } from "vitest";
import { isFiltered, nextSort, parseSort, PLAIN, readView, writeView, type ListView } from "./view.ts";

const read = (search: string) => readView(new URLSearchParams(search), PLAIN);

test("a view that was written into the address is read from it again, and what is plain leaves no trace", () => {
  const view: ListView = {
    text: "shop & cart",
    statuses: ["running", "error"],
    needs: true,
    changed: "day",
    sort: { column: "cpu", descending: true },
    group: "execution",
  };
  const query = writeView(new URLSearchParams("other=1"), view);
  expect(readView(query, PLAIN)).toEqual(view);
  expect(query.get("other")).toBe("1");
  expect(writeView(query, { text: "", statuses: [], needs: false, changed: "" }).toString()).toBe(
    "other=1&sort=-cpu&group=execution",
  );
});

test("what an address says of nothing that there is, is as if it said nothing", () => {
  const view = read("status=running,zebra,constructor&sort=zebra&group=zebra&needs=1&changed=year");
  expect(view).toEqual({ text: "", statuses: ["running"], needs: false, changed: "", ...PLAIN });
  expect(isFiltered(read("changed=visit"))).toBe(true);
  expect(isFiltered(read("q=%20"))).toBe(false);
  expect(isFiltered(read("status=stopped"))).toBe(true);
});

test("the address comes before what a person prefers, and that before what is otherwise so", () => {
  const preferred = { sort: { column: "name", descending: false }, group: "status" } as const;
  expect(readView(new URLSearchParams(), preferred)).toMatchObject(preferred);
  expect(readView(new URLSearchParams("sort=newest&group=none"), preferred)).toMatchObject(PLAIN);
});

test("pressed again a column turns around, and the third press ends it; figures begin with the largest", () => {
  const presses = (column: "name" | "memory") => {
    const first = nextSort(PLAIN.sort, column);
    const second = nextSort(first, column);
    return [first, second, nextSort(second, column)];
  };
  expect(presses("name")).toEqual([parseSort("name"), parseSort("-name"), parseSort("newest")]);
  expect(presses("memory")).toEqual([parseSort("-memory"), parseSort("memory"), parseSort("newest")]);
  expect(nextSort({ column: "name", descending: true }, "memory")).toEqual(parseSort("-memory"));
});
