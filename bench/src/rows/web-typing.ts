import { setTimeout as delay } from "node:timers/promises";
import { adopt } from "../adopt.ts";
import { p95WithinPeerPlus } from "../bars.ts";
import { interleave } from "../harness.ts";
import { requireBuilt } from "../paths.ts";
import type { Row } from "../row.ts";
import { openTypingPage } from "../web/typing-page.ts";

/** So many workspaces change, each ten times a second: many times as often as a busy worker tells of one. */
const OTHERS = 5;
const EVENT_EVERY_MS = 100;
/** For what came before to be painted. */
const SETTLE_MS = 50;
const BURST = 20;

/** From a key to its letter on the page, in a terminal of a real browser: among events of other workspaces, and without. */
const others = Array.from({ length: OTHERS }, (_, at) => `other-${at}`);

export const webTyping: Row = {
  name: "web-typing",
  title: "typing in a browser's terminal among 50 events a second",
  async measure({ workers, signal, cleanup }) {
    requireBuilt("web");
    const worker = await adopt(cleanup, workers.start({ environment: { WS_RUNTIME: "local" } }));
    await worker.create("bench-typing");
    await Promise.all(others.map((name) => worker.client.workspaces.create({ name: `${name}-0` }, { signal })));
    const { url } = await worker.client.auth.link({}, { signal });
    const page = await adopt(cleanup, openTypingPage({ link: url, workspace: "bench-typing", signal }));

    let isBusy = false;
    const over = new AbortController();
    const told = Promise.all(
      others.map(async (other) => {
        for (let changes = 0; !over.signal.aborted;) {
          // The next one is due so long after this one began, however long that takes.
          const next = delay(EVENT_EVERY_MS, undefined, { signal: over.signal }).catch(() => undefined);
          if (isBusy) {
            const [name, newName] = [`${other}-${changes}`, `${other}-${(changes += 1)}`];
            await worker.client.workspaces.rename({ name, newName }, { signal });
          }
          await next;
        }
      }),
    );
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
