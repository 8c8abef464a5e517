import { randomBytes } from "node:crypto";
import type { WorkspaceRecord } from "@ws/workspace-core";
import { newRecord } from "@ws/workspace-core/testing";
import { expect, test } from "vitest";
import { createRedactor } from "../log/redact.ts";
import { createView, type Now } from "./workspace-info.ts";

function failed(message: string): WorkspaceRecord {
  return newRecord("demo", {
    phase: "error",
    startup: [{ id: "clone", label: "Clone", status: "error", message }],
    failure: { step: "clone", code: "clone_failed", message, next: message, at: 1 },
  });
}

const NOW: ReturnType<Now> = { ssh: 0, sshAgents: [] };

test("a record is shown anew only when it, or what has to be kept out of it, has changed", () => {
  const redactor = createRedactor();
  const show = createView({ isolationOf: () => "container", now: () => NOW }, redactor);
  const record = failed("no such host");
  const first = show(record);
  expect(show(record)).toBe(first);
  expect(show({ ...record, name: "other" }).name).toBe("other");
});

test("a secret that became known after a record was shown is shown no more (Coder CVE-2025-66411)", () => {
  const redactor = createRedactor();
  const show = createView({ isolationOf: () => "container", now: () => NOW }, redactor);
  const secret = randomBytes(12).toString("hex");
  const record = failed(`could not clone with ${secret}`);
  expect(JSON.stringify(show(record))).toContain(secret);
  redactor.add(secret);
  expect(JSON.stringify(show(record))).not.toContain(secret);
});

test("one that runs Docker is marked as nested, one that follows a file of its repository has its path, and others have neither", () => {
  const show = createView({ isolationOf: () => "container", now: () => NOW }, createRedactor());
  expect(show(newRecord("plain"))).not.toHaveProperty("nested");
  expect(show(newRecord("docker", { docker: true }))).toMatchObject({ nested: true, profile: "person" });
  const plan = { path: ".devcontainer.json", env: {}, ports: [], created: [], started: [], features: [] };
  const following = show(newRecord("web", { devcontainer: { mode: "strict", plan } }));
  expect([following.devcontainer, following.nested]).toEqual([".devcontainer.json", undefined]);
});

test("what comes and goes without the record is shown as it is now", () => {
  let now = NOW;
  const show = createView({ isolationOf: () => "container", now: () => now }, createRedactor());
  const record = newRecord("demo", {});
  expect(show(record)).toMatchObject({ ports: { ssh: 0 } });
  expect(show(record)).not.toHaveProperty("sshAgents");
  now = { ssh: 40_123, sshAgents: ["ada"] };
  const lent = show(record);
  expect(lent).toMatchObject({ ports: { ssh: 40_123 }, sshAgents: ["ada"] });
  expect(show(record)).toBe(lent);
  now = NOW;
  expect(show(record)).not.toHaveProperty("sshAgents");
});
