import { expect, test } from "vitest";
import { secret, setUp } from "../testing/with-config.ts";
import { thrown } from "../testing/thrown.ts";
import { PRESETS, rotatingLogin } from "./presets.ts";

test.each([
  ["~/.codex/auth.json", "codex"],
  ["/home/ada/.codex/auth.json", "codex"],
  ["~/.codex/", "codex"],
  ["~/.claude", "claude-code"],
  ["/home/ada/.claude/.credentials.json", "claude-code"],
  ["~/.local/share/opencode", "opencode"],
  ["~/.local", "opencode"],
  ["~/.config/github-copilot", undefined],
  ["~/.claude.json", undefined],
  ["~/my.codex", undefined],
  ["~/.codex/config.toml", undefined],
])("the rotating login that %s is or holds: %s", (path, tool) => {
  expect(rotatingLogin(path)?.name).toBe(tool);
});

test("a rotating login is copied only once somebody has said that it is meant, and then given once", () => {
  const { load } = setUp({});
  const { credentials } = load();
  const login = "~/.codex/auth.json";
  expect(thrown(() => credentials.set(`files.${login}`, login))).toMatchObject({
    code: "credential_rotates",
    next: expect.stringContaining("ws credential set codex --copy-login"),
  });
  // The other way round it is none the less one.
  expect(thrown(() => credentials.set("files.~/elsewhere", "/home/ada/.codex/auth.json"))).toMatchObject({
    code: "credential_rotates",
  });
  expect(credentials.get().files).toEqual({});
  credentials.copyLogin(login, login);
  expect([credentials.get().files, credentials.givenOnce()]).toEqual([{ [login]: login }, [login]]);
  credentials.set("env.A", secret());
  expect(credentials.givenOnce()).toEqual([login]);
  credentials.unset(`files.${login}`);
  expect([credentials.get().files, credentials.givenOnce()]).toEqual([{}, []]);
});

test("no two presets have one name, and each asks for the name of a variable", () => {
  expect(new Set(PRESETS.map(({ name }) => name)).size).toBe(PRESETS.length);
  for (const { variables } of PRESETS) for (const name of variables) expect(name).toMatch(/^[A-Z][A-Z0-9_]+$/);
});
