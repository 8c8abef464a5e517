import type * as Prometheus from "prom-client";
import type { IncomingMessage, ServerResponse } from "node:http";
import { isFinal, statusOf, TASK_STATUSES, toWsError, WsError } from "@ws/workspace-core";
import type { Caller } from "../access/caller.ts";
import { answerFailure } from "../http/answer-failure.ts";
import { createReport } from "../rpc/report.ts";
import type { RequestContext, Services } from "../rpc/context.ts";

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

function createPage({ Registry, Gauge, Counter }: typeof Prometheus, services: Services): Page {
  const { state, clock, version, counts, terminals } = services;
  const began = clock.monotonic() - process.uptime() * 1_000;
  // The library's own registry would be shared by whoever else uses it.
  const registers: never[] = [];
  const registry = new Registry();
  const gauge = (name: string, help: string, read: () => number | Promise<number>): void => {
    const collect = async function (this: Prometheus.Gauge): Promise<void> {
      this.set(await read());
    };
    registry.registerMetric(new Gauge({ name, help, registers, collect }));
  };
  const byStatus = (name: string, help: string, read: () => ReadonlyMap<string, number>): void => {
    const collect = function (this: Prometheus.Gauge<"status">): void {
      for (const [status, count] of read()) this.set({ status }, count);
    };
    registry.registerMetric(new Gauge({ name, help, labelNames: ["status"], registers, collect }));
  };
  const build = new Gauge({ name: "ws_build_info", help: "Which version runs", labelNames: ["version"], registers });
  build.set({ version }, 1);
  registry.registerMetric(build);
  gauge("ws_uptime_seconds", "Since the agent's process began", () => (clock.monotonic() - began) / 1_000);
  gauge("ws_engine_available", "Whether the runtime of new workspaces answers", async () =>
    (await services.worker()).runtime().available ? 1 : 0,
  );
  gauge("ws_terminal_connections", "Terminals and commands that somebody has open", () => terminals.connections());
  gauge("ws_process_resident_memory_bytes", "Memory of the agent's process", () => process.memoryUsage.rss());
  byStatus("ws_workspaces", "Workspaces by their status", () =>
    counted(["creating", "running", "stopped", "error"], state.workspaces.list().map(statusOf)),
  );
  byStatus("ws_tasks", "Tasks that are not over, by their status", () =>
    counted(
      TASK_STATUSES.filter((status) => !isFinal(status)),
      state.tasks.live().map(({ status }) => status),
    ),
  );
  const help = "Answers since the agent began, by the class of their status";
  const collect = function (this: Prometheus.Counter<"class">): void {
    this.reset();
    for (const [name, count] of Object.entries(counts.read())) this.inc({ class: name }, count);
  };
  registry.registerMetric(
    new Counter({ name: "ws_http_answers_total", help, labelNames: ["class"], registers, collect }),
  );
  return { type: registry.contentType, text: () => registry.metrics() };
}

/** All that there can be, so that no series comes and goes. */
function counted<T extends string>(all: readonly T[], found: readonly T[]): ReadonlyMap<T, number> {
  const counts = new Map(all.map((name) => [name, 0]));
  for (const name of found) counts.set(name, (counts.get(name) ?? 0) + 1);
  return counts;
}
