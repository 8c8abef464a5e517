import { playedWorkspace, type Played } from "@ws/rpc-contract/testing";
import { adopt } from "../adopt.ts";
import { medianAtMost } from "../bars.ts";
import { interleave } from "../harness.ts";
import type { Context, Measured, Row } from "../row.ts";
import { workOf } from "../web/main-thread.ts";
import { openDashboard } from "../web/page.ts";

const COUNT = 500;
/** What one costs is too little to be measured by itself. */
const EVENTS = 20;
const workspaces = Array.from({ length: COUNT }, (_, number) => playedWorkspace(number));

declare global {
  var played: Played;
}

/** From the first snapshot on the stream until the rows of the first screen are painted: parsing, React, styles and layout. Those below follow in steps. */
export const webFirstPaint: Row = {
  name: "web-first-paint",
  title: "dashboard's list of 500 painted",
  measure: (run) => measureList(run, { rows: 1, bar: 100 }),
};

/** The same until all five hundred are in the page: in steps, between which a press is answered. */
export const webWholeList: Row = {
  name: "web-whole-list",
  title: "all 500 rows in the page",
  measure: (run) => measureList(run, { rows: COUNT, bar: 500 }),
};

async function measureList(
  { signal, cleanup }: Context,
  { rows, bar }: { rows: number; bar: number },
): Promise<Measured> {
  const dashboard = await adopt(cleanup, openDashboard());
  const { ours } = await interleave({
    async ours() {
      const page = await dashboard.open({ workspaces, waits: true });
      await page.waitForFunction(() => globalThis.played.events !== undefined);
      const ms = await workOf(page, () =>
        page.evaluate(async (least) => {
          const there = Promise.withResolvers<void>();
          const look = () => document.querySelectorAll("[data-row]").length >= least && there.resolve();
          const seen = new MutationObserver(look);
          seen.observe(document.body, { childList: true, subtree: true });
          globalThis.played.begin?.();
          await there.promise;
          seen.disconnect();
          // A task that was queued in a frame runs once that is painted.
          await new Promise((painted) => requestAnimationFrame(() => setTimeout(painted)));
        }, rows),
      );
      await page.close();
      return ms;
    },
    rounds: 10,
    warmups: 2,
    signal,
  });
  return { unit: "ms of work", ours, bar: medianAtMost(bar, "ms") };
}

/** What an event of one workspace of five hundred costs, until its row says so. */
export const webRowUpdate: Row = {
  name: "web-row-update",
  title: "one event in a list of 500",
  async measure({ signal, cleanup }) {
    const dashboard = await adopt(cleanup, openDashboard());
    const page = await dashboard.open({ workspaces });
    await page.waitForFunction((count) => document.querySelectorAll("[data-row]").length === count, COUNT);
    let turn = 0;
    const { ours } = await interleave({
      async ours() {
        turn += 1;
        const status = turn % 2 === 1 ? ("stopped" as const) : ("running" as const);
        const events = Array.from({ length: EVENTS }, (_, at) => ({
          type: "changed",
          workspace: { ...playedWorkspace((at * 23) % COUNT), status },
        }));
        const ms = await workOf(page, () =>
          page.evaluate(
            async ({ events, word }) => {
              for (const event of events) {
                const row = document.querySelector(`[data-row="${event.workspace.id}"]`);
                if (row === null) throw new Error(`There is no row of ${event.workspace.id}.`);
                const said = Promise.withResolvers<void>();
                const seen = new MutationObserver(() => row.textContent.includes(word) && said.resolve());
                seen.observe(row, { childList: true, subtree: true, characterData: true });
                globalThis.played.events?.(event);
                await said.promise;
                seen.disconnect();
              }
            },
            { events, word: status === "stopped" ? "Stopped" : "Running" },
          ),
        );
        return ms / EVENTS;
      },
      rounds: 20,
      warmups: 2,
      signal,
    });
    return { unit: "ms of work", ours, bar: medianAtMost(8, "ms") };
  },
};
