import type { Runtime } from "@ws/workspace-core";
import { createManualClock } from "@ws/workspace-core/testing";
import { expect, test } from "vitest";
import { createSilentLog } from "../testing/silent-log.ts";
import { prepareAhead, type ImageNews } from "./prepare.ts";

async function told(name: Runtime["name"], prepare: Runtime["prepare"], signal = new AbortController().signal) {
  const news: ImageNews[] = [];
  const ports = { clock: createManualClock(), log: createSilentLog(), signal, isOwn: true };
  await prepareAhead({ name, prepare } as Runtime, { ...ports, tell: (one) => void news.push(one) });
  return news;
}

test("each step of an image that is built is told, and that it is there", async () => {
  const news = await told("docker", async ({ report }) => report({ message: "Step 1/2", percent: 50 }));
  expect(news).toEqual([{ type: "progress", isOwn: true, step: "Step 1/2", percent: 50 }, { type: "done" }]);
});

test("where there is no image to build no step is told", async () => {
  expect(await told("docker", async () => undefined)).toEqual([{ type: "done" }]);
  expect(await told("local", async ({ report }) => report({ message: "The sandbox works" }))).toEqual([
    { type: "done" },
  ]);
});

test("a build that fails, and one that is cut short, are told apart", async () => {
  const failing: Runtime["prepare"] = async () => {
    throw new Error("no space left on device");
  };
  expect(await told("docker", failing)).toEqual([{ type: "failed" }]);
  expect(await told("docker", failing, AbortSignal.abort())).toEqual([{ type: "stopped" }]);
});
