import { expect, test } from "vitest";
import { saysBroken } from "./broken.ts";

test.each([
  "error: index file .git/objects/pack/pack-x.idx is too small",
  "fatal: packed object abc (stored in ./pack-x.pack) is corrupt",
  "error: packfile ./objects/pack/pack-x.pack index unavailable\nfatal: bad object HEAD",
  "fatal: unable to read tree abc",
  "error: https://h/o/r.git did not send all necessary objects",
  "fatal: fetch-pack: pack has 3 unresolved deltas",
])("%j is taken for broken objects here", (said) => {
  expect(saysBroken(said)).toBe(true);
});

test.each([
  "fatal: could not read Username for 'https://h': terminal prompts disabled",
  "fatal: Could not read from remote repository.",
  "fatal: unable to access 'https://h/o/r.git/': SSL: no alternative certificate subject name matches",
  "fatal: early EOF\nfatal: fetch-pack: invalid index-pack output",
  "error: RPC failed; curl 18 transfer closed with outstanding read data remaining",
  "error: external filter 'false' failed 1",
  "error: object abc: gitmodulesUrl: disallowed submodule url: -u./payload",
  "fatal: write error: No space left on device",
])("%j is not", (said) => {
  expect(saysBroken(said)).toBe(false);
});
