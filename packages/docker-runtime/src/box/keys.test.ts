import { expect, test } from "vitest";

import { generateKeyPair, publicBlob } from "./keys.ts";

test("every key pair has a whole public key, also where it begins with a zero byte", () => {
  // The chance that none of these begins with a zero is one in 250.
  const sizes = Array.from({ length: 1_400 }, () => publicBlob(generateKeyPair()).length);
  expect([...new Set(sizes)]).toEqual([51]);
});
