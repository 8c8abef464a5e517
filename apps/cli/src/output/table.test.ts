import { expect, test } from "vitest";
import { table } from "./table.ts";

const header = ["NAME", "VALUE", "FROM"];
const rows = [
  ["port", "7391", "default"],
  ["git.ca", '["/etc/ssl/certs/ca-certificates.crt"]', "file"],
];

test("columns are as wide as what is in them, and a pipe is never cut", () => {
  expect(table(header, rows)).toBe(
    [
      "NAME    VALUE                                   FROM",
      "port    7391                                    default",
      'git.ca  ["/etc/ssl/certs/ca-certificates.crt"]  file',
    ].join("\n"),
  );
});

test("on a narrow terminal the widest column gives way, and no column is lost", () => {
  expect(table(header, rows, 30)).toBe(
    [
      "NAME    VALUE          FROM", //
      "port    7391           default",
      'git.ca  ["/etc/ssl/c…  file',
    ].join("\n"),
  );
});

test("what a row is called is cut last", () => {
  const long = "a-name-of-twenty-six-letters";
  const [, row = ""] = table(["NAME", "STATUS"], [[long, "error (repository_not_found)"]], 40).split("\n");
  expect(row).toMatch(new RegExp(`^${long}  error.*…$`));
  expect(row).toHaveLength(40);
  expect(table(["NAME", "STATUS"], [[long, "running"]], 30)).toBe(
    "NAME                   STATUS\na-name-of-twenty-six…  running", //
  );
  expect(table(["NAME", "STATUS"], [[long, "running"]], 20).split("\n")[1]).toHaveLength(20);
});

test("a cell controls no terminal and stays one line (OSC 52)", () => {
  const hostile = "\u001b]52;c;cm0gLXJm\u0007a\nb\tc\u009b31m";
  expect(table(["NAME"], [[hostile]])).toMatch(/^NAME\na b c(?:31m)?$/);
});

test("a cell that would rewrite itself shows all that is in it", () => {
  expect(table(["ON"], [["one\rtwo\r\nthree"]])).toBe("ON\none two three");
});

test("what takes two columns of a terminal counts as two, and no character is cut in the middle", () => {
  const family = "\u{1f468}\u200d\u{1f469}\u200d\u{1f467}";
  const [, first = "", second = "", third = ""] = table(
    ["TASK", "BY"],
    [
      ["修复登录", "ada"],
      ["e\u0301te\u0301", "bob"],
      [`${family}${family}`, "eve"],
    ],
  ).split("\n");
  expect([first, second, third]).toEqual(["修复登录  ada", "e\u0301te\u0301       bob", `${family}${family}      eve`]);
  const narrow = table(["A", "TITLE"], [["a", "修复登录的问题"]], 12).split("\n");
  expect(narrow[1]).toBe("a  修复登录…");
});
