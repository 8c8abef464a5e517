import { expect, test } from "vitest";
import { run } from "../run.ts";
import { createFakeIo } from "../testing/fake-io.ts";
import { asCalled } from "./as-called.ts";

const launcher = { WS_CALLED: "./ws" };

test("who types ./ws reads ./ws in what to type next, wherever in a sentence", () => {
  expect(asCalled("Did you mean 'demo'? 'ws list' shows them: ws start demo.", launcher)).toBe(
    "Did you mean 'demo'? './ws list' shows them: ./ws start demo.",
  );
  expect(asCalled("ws doctor", launcher)).toBe("./ws doctor");
  expect(asCalled("ws doctor", {})).toBe("ws doctor");
});

test("nothing else that ends in these letters is taken for it", () => {
  for (const text of ["./ws list", "news list", "ws: no", "/opt/ws list"]) expect(asCalled(text, launcher)).toBe(text);
});

test("help, hints and errors say it alike", async () => {
  const overview = createFakeIo(launcher);
  await run(["--help"], overview);
  expect(overview.out()).toMatch(/^Usage: \.\/ws \[options\]/);
  const help = createFakeIo(launcher);
  await run(["start", "--help"], help);
  expect(help.out()).toContain("\n  ./ws start demo\n");
  const wrong = createFakeIo(launcher);
  await run(["start"], wrong);
  expect(wrong.err()).toContain("See: ./ws start --help.");
  const json = createFakeIo(launcher);
  await run(["start", "--json"], json);
  expect(JSON.parse(json.err())).toMatchObject({ error: { next: "See: ./ws start --help." } });
});
