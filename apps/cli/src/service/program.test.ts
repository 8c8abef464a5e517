import { mkdtempSync, realpathSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { lastingProgram } from "./program.ts";

const lasting = { execPath: "/usr/bin/node", execArgv: ["--a=b"], main: "/home/ada/ws/main.js" };

test("a program that stays is named as it was started, also where that is a link which an upgrade moves", () => {
  expect(lastingProgram(lasting, ["/tmp"])).toEqual({
    node: "/usr/bin/node",
    words: ["--a=b", "/home/ada/ws/main.js"],
  });
});

test.each([
  ["main", "/tmp/x/main.js", "what lies below /tmp is removed"],
  ["execPath", "/tmp/node", "what lies below /tmp is removed"],
  ["main", "/home/ada/.npm/_npx/0123/node_modules/.bin/ws", "npx"],
  ["main", "/home/ada/.cache/pnpm/dlx-99/node_modules/.bin/ws", "pnpx"],
  ["main", "./ws", "no absolute path"],
])("%s at %s is refused", (which, path, why) => {
  expect(() => lastingProgram({ ...lasting, [which]: path }, ["/tmp"])).toThrow(
    expect.objectContaining({ code: "service_program", message: expect.stringContaining(why) as string }) as Error,
  );
});

test("a link that leads to where things are removed is refused, and what only begins alike is not", () => {
  const directory = realpathSync(mkdtempSync(join(tmpdir(), "ws-program-")));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  const main = join(directory, "link");
  symlinkSync(process.execPath, main);
  const target = realpathSync(process.execPath);
  expect(() => lastingProgram({ ...lasting, main }, [join(target, "..")])).toThrow(/what lies below/);
  expect(lastingProgram({ ...lasting, main }, [`${directory}x`]).words).toContain(main);
});
