import { randomBytes } from "node:crypto";
import { traverseContractProcedures } from "@orpc/server";
import { contract } from "@ws/rpc-contract";
import { json } from "./headers.ts";
import type { Ask } from "./test-agent.ts";

/** One way in. */
export interface Case {
  title: string;
  path: string;
  ask: Ask;
  /** Whether it needs no token. */
  open: boolean;
}

/** Every way in: each procedure in both dialects, every kind of socket under both names, and the streams of files. */
export function everyRoute(): Case[] {
  const cases: Case[] = [];
  traverseContractProcedures({ router: contract, path: [] }, ({ contract: procedure, path }) => {
    const name = path.join("/");
    const { method = "POST", path: route = "" } = procedure["~orpc"].route;
    const open = ["auth/exchange", "pairing/begin", "pairing/finish"].includes(name);
    const api = `/api${route.replace(/\{\w+\}/g, "x")}`;
    cases.push(
      { title: `POST /rpc/${name}`, path: `/rpc/${name}`, ask: { method: "POST", headers: json, body: "{}" }, open },
      {
        title: `${method} ${api}`,
        path: api,
        ask: { method, ...(method === "GET" ? {} : { headers: json, body: "{}" }) },
        open,
      },
    );
  });
  const upgrade = {
    connection: "Upgrade",
    upgrade: "websocket",
    "sec-websocket-version": "13",
    "sec-websocket-key": randomBytes(16).toString("base64"),
  };
  for (const path of ["/terminal/x", "/rpc/terminal/x", "/exec/x", "/rpc/exec/x", "/connect/x/80", "/ssh/x"]) {
    cases.push({ title: `WebSocket ${path}`, path, ask: { headers: upgrade }, open: false });
    cases.push({ title: `GET ${path}`, path, ask: {}, open: false });
  }
  for (const path of ["/files/x/a.txt", "/files/x", "/files/x/d?format=tar"]) {
    for (const method of ["GET", "PUT"]) cases.push({ title: `${method} ${path}`, path, ask: { method }, open: false });
  }
  cases.push({ title: "GET /metrics", path: "/metrics", ask: {}, open: false });
  cases.push({ title: "GET /api/spec.json", path: "/api/spec.json", ask: {}, open: false });
  return cases;
}
