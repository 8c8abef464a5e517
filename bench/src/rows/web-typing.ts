import { setTimeout as delay } from "node:timers/promises";
import { adopt } from "../adopt.ts";
import { p95WithinPeerPlus } from "../bars.ts";
import { interleave } from "../harness.ts";
import { requireBuilt } from "../paths.ts";
import type { Row } from "../row.ts";
import { openTypingPage } from "../web/typing-page.ts";

/** Between two changes of a workspace: many times as often as a busy worker tells of one. */
const EVENT_EVERY_MS = 20;
/** For what came before to be painted. */
const SETTLE_MS = 50;
const BURST = 20;

/** From a key to its letter on the page, in a terminal of a real browser: among events of other workspaces, and without. */
export const webTyping: Row = {
  name: "web-typing",
  title: "typing in a browser's terminal among 50 events a second",
  async measure({ workers, signal, cleanup }) {
    requireBuilt("web");
    const worker = await adopt(cleanup, workers.start({ environment: { WS_RUNTIME: "local" } }));
    await worker.create("bench-typing");
    await worker.client.workspaces.create({ name: "other-0" }, { signal });
    const { url } = await worker.client.auth.link({}, { signal });
    const page = await adopt(cleanup, openTypingPage({ link: url, workspace: "bench-typing", signal }));

    let changes = 0;
    const rename = async () => {
      const [name, newName] = [`other-${changes}`, `other-${(changes += 1)}`];
      await worker.client.workspaces.rename({ name, newName }, { signal });
    };
    let isBusy = false;
    const over = new AbortController();
    const told = (async () => {
      while (!over.signal.aborted) {
        if (isBusy) await rename();
        await delay(EVENT_EVERY_MS, undefined, { signal: over.signal }).catch(() => undefined);
      }
    })();
    told.catch(() => undefined);
    cleanup.defer(async () => {
      over.abort();
      await told;
    });

    const typed = (busy: boolean) => async () => {
      if (isBusy !== busy) {
        isBusy = busy;
        await delay(SETTLE_MS * 4, undefined, { signal });
      }
      await delay(SETTLE_MS, undefined, { signal });
      return page.type();
    };
    const samples = await interleave({
      ours: typed(true),
      peer: typed(false),
      rounds: 200,
      warmups: BURST,
      burst: BURST,
      signal,
    });
    return {
      unit: "ms",
      ours: samples.ours,
      peer: { name: "the same without events", samples: samples.peer },
      bar: p95WithinPeerPlus(8, "ms"),
    };
  },
};
