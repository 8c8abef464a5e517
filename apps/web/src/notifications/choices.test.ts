import { expect, test } from "vitest";
import { createNewsChoices } from "./choices.ts";

function memory(): Pick<Storage, "getItem" | "setItem"> {
  const kept = new Map<string, string>();
  return { getItem: (key) => kept.get(key) ?? null, setItem: (key, value) => void kept.set(key, value) };
}

test("Everything is told until somebody says otherwise, and that lasts in this browser", () => {
  const storage = memory();
  const choices = createNewsChoices(storage);
  expect(choices.wants("finished")).toBe(true);
  choices.choose("finished", false);
  choices.choose("failed", false);
  choices.choose("failed", true);
  const again = createNewsChoices(storage);
  expect([again.wants("finished"), again.wants("failed"), again.wants("asks")]).toEqual([false, true, true]);
});

test("What another tab chose is taken over and told", () => {
  const storage = memory();
  const [here, there] = [createNewsChoices(storage), createNewsChoices(storage)];
  let told = 0;
  here.subscribe(() => (told += 1));
  const before = here.unwanted();
  there.choose("asks", false);
  here.adopt();
  expect([here.wants("asks"), told, here.unwanted() === before]).toEqual([false, 1, false]);
});

test("What this version does not know is nothing that is unwanted", () => {
  const storage = memory();
  storage.setItem("ws.notify.not", "weather asks");
  expect([...createNewsChoices(storage).unwanted()]).toEqual(["asks"]);
});
