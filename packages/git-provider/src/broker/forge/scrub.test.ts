import { randomBytes } from "node:crypto";
import { expect, test } from "vitest";
import { scrub } from "./scrub.ts";

test("a token is taken out of a forge's words in every form in which it was sent", () => {
  const password = `${randomBytes(12).toString("hex")}+/=`;
  const secret = { id: "work", type: "pat", provider: "github", host: "forge.test", username: "me", password } as const;
  const forms = [
    password,
    encodeURIComponent(password),
    Buffer.from(password).toString("base64"),
    Buffer.from(`me:${password}`).toString("base64"),
  ];
  expect(scrub(forms.join(" and "), secret)).toBe("*** and *** and *** and ***");
  expect(scrub("nothing of it", undefined)).toBe("nothing of it");
});
