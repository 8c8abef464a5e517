import { createInput } from "@ws/rpc-contract";
import { expect, test } from "vitest";
import { emptyForm, formFromLink, parseDuration, parseForm, parseSize } from "./form.ts";

test("A full form becomes what the agent's contract accepts", () => {
  const parsed = parseForm({
    ...emptyForm,
    name: "demo",
    clone: " https://git.example.com/team/app.git ",
    branch: "main",
    profile: "agent",
    image: "debian:12",
    cpus: "0.5",
    memory: "1.5G",
    ttl: "8h",
    processes: "500",
    idle: "30m",
    autoCleanup: true,
    devcontainer: "lenient",
    credentials: "some",
    chosen: ["work"],
    env: [
      { key: "NODE_ENV", value: "test" },
      { key: "", value: "" },
    ],
  });
  expect(parsed).toEqual({
    input: {
      name: "demo",
      clone: "https://git.example.com/team/app.git",
      branch: "main",
      profile: "agent",
      image: "debian:12",
      devcontainer: "lenient",
      limits: { cpus: 0.5, memoryBytes: 1_610_612_736, processes: 500 },
      ttlSeconds: 28_800,
      idleSeconds: 1_800,
      autoCleanup: true,
      credentials: ["work"],
      env: { NODE_ENV: "test" },
    },
  });
  expect("input" in parsed && createInput.safeParse(parsed.input).success).toBe(true);
});

test("A name alone is enough, and nothing else is sent", () => {
  expect(parseForm({ ...emptyForm, name: "demo" })).toEqual({ input: { name: "demo", profile: "person" } });
});

test("Every wrong field is named at once", () => {
  const parsed = parseForm({
    ...emptyForm,
    name: "Demo!",
    branch: "main",
    cpus: "-1",
    memory: "4",
    ttl: "soon",
    processes: "many",
    idle: "5s",
    devcontainer: "strict",
    env: [{ key: "1X", value: "y" }],
  });
  expect("errors" in parsed && Object.keys(parsed.errors).sort()).toEqual([
    "branch",
    "cpus",
    "devcontainer",
    "env",
    "idle",
    "memory",
    "name",
    "processes",
    "ttl",
  ]);
});

test.each([
  [{ profile: "agent", image: "" }, "promises"],
  [{ profile: "person", image: "debian:12" }, "image of its own"],
] as const)("Docker inside goes neither with the profile Agent nor with another image: %j", (values, why) => {
  const parsed = parseForm({ ...emptyForm, name: "demo", docker: true, ...values });
  expect("errors" in parsed && parsed.errors.docker).toContain(why);
});

test("Docker inside and no credentials at all are asked for as such", () => {
  const parsed = parseForm({ ...emptyForm, name: "demo", docker: true, credentials: "none", chosen: ["work"] });
  expect(parsed).toEqual({ input: { name: "demo", profile: "person", docker: true, credentials: "none" } });
});

test("A link fills in name, clone and branch and nothing else (row 6, GHSA-m3cr-vc2j-pm27)", () => {
  const query = new URLSearchParams("clone=https://evil.test/x&name=x&branch=b&auto=1&env=A%3DB&image=evil");
  expect(formFromLink(query)).toEqual({ clone: "https://evil.test/x", name: "x", branch: "b" });
});

test("Sizes and times are read with their units", () => {
  expect([parseSize("32M"), parseSize("4g"), parseSize("1GiB"), parseSize("512 MB")]).toEqual([
    33_554_432, 4_294_967_296, 1_073_741_824, 536_870_912,
  ]);
  expect(parseSize("four")).toBeNaN();
  expect([parseDuration("90s"), parseDuration("30m"), parseDuration("2d")]).toEqual([90, 1800, 172_800]);
  expect(parseDuration("8")).toBeNaN();
});
