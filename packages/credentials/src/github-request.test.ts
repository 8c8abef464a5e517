import { expect, test } from "vitest";
import { apiUrlOf, webUrlOf } from "./github-request.ts";

test.each([
  ["github.com", "https://api.github.com"],
  ["acme.ghe.com", "https://api.acme.ghe.com"],
  ["git.acme.test:8443", "https://git.acme.test:8443/api/v3"],
])("the API of %s is at %s, and its logins are at the host itself", (host, apiUrl) => {
  expect(apiUrlOf(host)).toBe(apiUrl);
  expect(webUrlOf(apiUrl)).toBe(`https://${host}`);
});
