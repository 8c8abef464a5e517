import type { IncomingMessage, ServerResponse } from "node:http";
import { isFinal, statusOf, TASK_STATUSES, toWsError, WsError } from "@ws/workspace-core";
import type { Caller } from "../access/caller.ts";
import { answerFailure } from "../http/answer-failure.ts";
import { createReport } from "../rpc/report.ts";
import type { RequestContext, Services } from "../rpc/context.ts";
import type { Counts } from "./counts.ts";

export type Metrics = (request: IncomingMessage, response: ServerResponse, context: RequestContext) => Promise<void>;

/** How the worker is, in the text format of Prometheus. No series is named for a workspace, a user or anything else that somebody chose. */
export function createMetrics(services: Services): Metrics {
  const report = createReport(services);
  let page: Promise<Page> | undefined;
  return async (request, response, { caller }) => {
    try {
      requireReader(caller);
      // Its library takes a third of a second, which most workers never need.
      page ??= import("prom-client").then((library) => createPage(library, services));
      const { type, text } = await page;
      const body = await text();
      response.writeHead(200, { "content-type": type, "cache-control": "no-store" });
      response.end(request.method === "HEAD" ? undefined : body);
    } catch (error) {
      answerFailure(response, report(toWsError(error)));
    }
  };
}

/** A token of the scope `metrics` reads nothing else; whoever may read everything may read this. */
function requireReader(caller: Caller | undefined): void {
  const { scope, handler, policy = [] } = caller ?? {};
  const readsAll = scope === "read" || scope === "write" || scope === "admin";
  if (scope === "metrics" || (readsAll && handler === undefined && policy.length === 0)) return;
  throw new WsError("forbidden", {
    message: "This token may not do that: it needs the scope 'metrics'.",
    next: "Create one that may: ws token create NAME --scope metrics.",
    data: { needs: "read" },
  });
}

interface Page {
  type: string;
  text(): Promise<string>;
}

function createPage({ Registry, Gauge, Counter }: typeof import("prom-client"), services: Services): Page {
  const { state, clock, version, counts, terminals } = services;
  const began = clock.monotonic() - process.uptime() * 1_000;
  const registry = new Registry();
  const registers = [registry];
  const gauge = (name: string, help: string, read: () => number | Promise<number>): void => {
    new Gauge({
      name,
      help,
      registers,
      collect: async function () {
        this.set(await read());
      },
    });
  };
  new Gauge({ name: "ws_build_info", help: "Which version runs", labelNames: ["version"], registers }).set(
    { version },
    1,
  );
  gauge("ws_uptime_seconds", "Since the agent's process began", () => (clock.monotonic() - began) / 1_000);
  gauge("ws_engine_available", "Whether the runtime of new workspaces answers", async () =>
    (await services.worker()).runtime().available ? 1 : 0,
  );
  gauge("ws_terminal_connections", "Terminals and commands that somebody has open", () => terminals.connections());
  gauge("ws_process_resident_memory_bytes", "Memory of the agent's process", () => process.memoryUsage.rss());
  new Gauge({
    name: "ws_workspaces",
    help: "Workspaces by their status",
    labelNames: ["status"],
    registers,
    collect() {
      this.reset();
      for (const status of ["creating", "running", "stopped", "error"] as const) this.set({ status }, 0);
      for (const record of state.workspaces.list()) this.inc({ status: statusOf(record) });
    },
  });
  new Gauge({
    name: "ws_tasks",
    help: "Tasks that are not over, by their status",
    labelNames: ["status"],
    registers,
    collect() {
      this.reset();
      for (const status of TASK_STATUSES) if (!isFinal(status)) this.set({ status }, 0);
      for (const { status } of state.tasks.live()) this.inc({ status });
    },
  });
  new Counter({
    name: "ws_http_answers_total",
    help: "Answers since the agent began, by the class of their status",
    labelNames: ["class"],
    registers,
    collect() {
      this.reset();
      for (const [name, count] of Object.entries(counts.read())) this.inc({ class: name }, count);
    },
  });
  return { type: registry.contentType, text: () => registry.metrics() };
}
