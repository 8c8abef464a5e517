import { expect, test } from "vitest";
import { contactOf } from "./contact.ts";

test("push services are told what was chosen, or else the address that the browser came by", () => {
  expect(contactOf({ chosen: "mailto:ada@lovelace.dev", host: "ws.lovelace.dev" })).toBe("mailto:ada@lovelace.dev");
  expect(contactOf({ chosen: "", host: "ws.lovelace.dev" })).toBe("https://ws.lovelace.dev");
  expect(contactOf({ chosen: "", host: "worker.tail1234.ts.net:7391" })).toBe("https://worker.tail1234.ts.net:7391");
});

test.each([
  "",
  "localhost:7391",
  "127.0.0.1:7391",
  "[::1]:7391",
  "worker",
  "worker.local",
  "worker.lan:7391",
  "nas.home.arpa",
  "a.TEST",
])("an address that is none of the internet's is no contact: '%s'", (host) => {
  expect(contactOf({ chosen: "", host })).toBe("mailto:workspace@example.com");
});
