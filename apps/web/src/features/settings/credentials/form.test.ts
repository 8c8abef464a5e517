import { expect, test } from "vitest";
import { emptyForm, formOf, inputOf, withTool } from "./form.ts";

const secret = ["a", "b", "c"].join("");

test("What is typed becomes what the worker is asked for, without what is not given", () => {
  expect(inputOf({ ...emptyForm("env"), name: " API_KEY " }, ` ${secret}\n`)).toEqual({
    input: { name: "API_KEY", type: "env", value: secret },
  });
  const host = "git.example.com";
  expect(inputOf({ ...emptyForm("pat"), name: "work", host, username: "ada" }, secret)).toEqual({
    input: { name: "work", type: "pat", value: secret, host, username: "ada" },
  });
  expect(inputOf({ ...emptyForm("ssh_key"), name: "deploy", hostKeys: "SHA256:a\n\n b \n" }, `${secret}\n`)).toEqual({
    input: { name: "deploy", type: "ssh_key", value: `${secret}\n`, hostKeys: ["SHA256:a", "b"] },
  });
  expect(inputOf({ ...emptyForm("file"), name: "~/.npmrc", source: "/srv/npmrc" }, "")).toEqual({
    input: { name: "~/.npmrc", type: "file", value: "/srv/npmrc" },
  });
});

test("Only a variable with a forge's token can be exposed", () => {
  expect(inputOf({ ...emptyForm("env"), name: "GH_TOKEN", expose: true }, secret)).toMatchObject({
    input: { expose: true },
  });
  expect(inputOf({ ...emptyForm("env"), name: "OTHER", expose: true }, secret)).toEqual({
    input: { name: "OTHER", type: "env", value: secret },
  });
});

test("What is missing, and what cannot be a name, is said of its field", () => {
  const errors = (form: Parameters<typeof inputOf>[0], text = "") =>
    Object.keys((inputOf(form, text) as { errors: object }).errors);
  expect(errors(emptyForm("pat"))).toEqual(["name", "value"]);
  expect(errors(emptyForm("file"))).toEqual(["name", "source"]);
  expect(errors({ ...emptyForm("env"), name: "NOT-ONE" }, secret)).toEqual(["name"]);
});

test("A tool's key is given under the variable that the tool usually reads", () => {
  const preset = {
    name: "t",
    tool: "T",
    variables: ["T_KEY", "U_KEY"] as [string, ...string[]],
    hint: "",
    login: { path: "~/t", rotates: true },
  };
  expect(inputOf(withTool(emptyForm("tool"), preset), secret)).toEqual({
    input: { name: "T_KEY", type: "env", value: secret },
  });
});

test("One that is replaced keeps what is not secret of it", () => {
  const known = {
    name: "deploy",
    type: "ssh_key",
    host: "h",
    hostKeys: ["SHA256:a"],
    source: "ws",
    usedBy: [],
  } as const;
  expect(inputOf(formOf({ ...known, hostKeys: [...known.hostKeys], usedBy: [] }), secret)).toEqual({
    input: { name: "deploy", type: "ssh_key", value: secret, host: "h", hostKeys: ["SHA256:a"] },
  });
});
