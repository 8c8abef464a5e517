import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { renderSettings } from "./settings-table.ts";
import type { SettingDefinition } from "./settings/definition.ts";
import { takesOf } from "./setting-type.ts";
import { areaOf, SETTINGS, type SettingKey } from "./settings.ts";

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

test("every setting belongs to an area, and has a control that its default fits", () => {
  const fits = {
    switch: "boolean",
    number: "number",
    text: "string",
    choice: "string",
    list: "object",
    json: "object",
  };
  for (const [key, { schema, default: fallback }] of Object.entries<SettingDefinition>(SETTINGS)) {
    expect([key, areaOf(key as SettingKey)]).not.toEqual([key, "Other"]);
    expect([key, typeof fallback]).toEqual([key, fits[takesOf(schema).kind]]);
  }
});

test("a control knows the choices and the bounds that the schema has", () => {
  expect(takesOf(SETTINGS.port.schema)).toEqual({ kind: "number", least: 0, most: 65_535 });
  expect(takesOf(SETTINGS["hub.grant"].schema)).toEqual({ kind: "choice", choices: ["read", "write", "admin"] });
  expect(takesOf(SETTINGS["egress.presets"].schema)).toMatchObject({ kind: "list", choices: expect.any(Array) });
  expect(takesOf(SETTINGS["git.ca"].schema).kind).toBe("list");
  expect(takesOf(SETTINGS["previews.domain"].schema)).toEqual({ kind: "text" });
});
