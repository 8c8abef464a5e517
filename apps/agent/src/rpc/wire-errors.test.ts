import { wireErrors } from "@ws/rpc-contract";
import { WsError } from "@ws/workspace-core";
import { expect, test } from "vitest";
import { createRedactor } from "../log/redact.ts";
import { toWireError, WIRE_CODES } from "./wire-errors.ts";

test("every domain code has a wire code of the contract", () => {
  for (const wire of Object.values(WIRE_CODES)) expect(Object.keys(wireErrors)).toContain(wire);
});

test("a domain error keeps its code, its next step and its data", () => {
  const error = new WsError("name_taken", { message: "Taken.", next: "Use another.", data: { name: "demo" } });
  expect(toWireError(error, "incident-1", createRedactor())).toEqual({
    code: "CONFLICT",
    message: "Taken.",
    data: { code: "name_taken", next: "Use another.", details: { name: "demo" } },
  });
});

test("an internal error shows nothing of itself but its number (Jupyter's secrets in 500 pages)", () => {
  const error = new WsError("internal", { message: "ENOENT /root/secret", data: {}, cause: new Error("stack") });
  const wire = toWireError(error, "incident-1", createRedactor());
  expect(JSON.stringify(wire)).not.toMatch(/ENOENT|secret|stack/);
  expect(wire.data.next).toContain("incident-1");
});

test("a secret in a message or its data does not go out (Coder CVE-2025-66411)", () => {
  const error = new WsError("clone_failed", {
    message: "https://u:s3cr3t@h",
    next: "s3cr3t?",
    data: { url: "s3cr3t" },
  });
  const redactor = createRedactor();
  redactor.add("s3cr3t");
  const wire = toWireError(error, "incident-1", redactor);
  expect(JSON.stringify(wire)).not.toContain("s3cr3t");
});
