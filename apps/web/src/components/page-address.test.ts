import { expect, test } from "vitest";
import { pageAddress } from "./page-address.ts";

test("An address of a forge is a link only where a browser opens it as a page, also that of a private one without TLS", () => {
  const pages = ["https://github.com/team/shop/pull/7", "http://forge.internal:3000/team/shop/pulls/7"];
  expect(pages.map(pageAddress)).toEqual(pages);
  const others = [
    "javascript:alert(1)",
    " JavaScript:alert(1)",
    "data:text/html,hi",
    "ws://forge/",
    "/settings",
    "",
    "#x",
  ];
  expect(others.map(pageAddress)).toEqual(others.map(() => undefined));
});
