import { expect, test } from "vitest";
import { authorizationOf } from "./authorization.ts";

test("a device with a token sends that, and one without relies on a tailnet; this machine's own socket is told nothing", () => {
  expect(authorizationOf({ kind: "http", url: "http://desk:7391", token: "T" })).toEqual({ authorization: "Bearer T" });
  expect(authorizationOf({ kind: "http", url: "http://desk:7391" })).toEqual({ authorization: "Tailnet" });
  expect(authorizationOf({ kind: "socket", path: "/run/agent.sock" })).toEqual({});
});
