import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { renderSettings } from "./settings-table.ts";
import type { SettingDefinition } from "./settings/definition.ts";
import { SETTINGS } from "./settings.ts";

test("docs/settings.md is what the table says; if not, run: node tools/settings-table.mjs", () => {
  const path = new URL("../../../../docs/settings.md", import.meta.url);
  expect(readFileSync(path, "utf8")).toBe(renderSettings());
});

test("every default fits its own schema, and every setting says what it does", () => {
  for (const [key, { schema, default: fallback, description }] of Object.entries<SettingDefinition>(SETTINGS)) {
    expect([key, schema.safeParse(fallback).success]).toEqual([key, true]);
    expect(description).toMatch(/^[A-Z].*\.$/s);
  }
});

test("no variable belongs to two settings", () => {
  const variables = Object.values<SettingDefinition>(SETTINGS).flatMap(({ env }) => env);
  expect(new Set(variables).size).toBe(variables.length);
});
