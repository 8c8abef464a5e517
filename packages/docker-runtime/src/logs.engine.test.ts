import { isWsError } from "@ws/workspace-core";
import { expect, test } from "vitest";

import { createEngineProxy } from "./testing/engine-proxy.ts";
import { createSubject, docker, running } from "./testing/subject.ts";

const LINES = 3_000;

test("what is printed while the connection is cut again and again is read once, all of it and in order", async () => {
  await using proxy = await createEngineProxy();
  await using subject = createSubject({ engine: { socketPath: proxy.socketPath } });
  await subject.runtime.prepare({ report: () => undefined });
  const { id, handle } = await running(subject);
  // Started past the proxy, so that nothing that is cut holds it up.
  const print = `i=0; while [ $i -lt ${LINES} ]; do echo "line $i" >/proc/1/fd/$((1 + i % 2)); i=$((i + 1)); done`;
  const printer = await docker.getContainer(handle).exec({ Cmd: ["sh", "-c", print] });
  await printer.start({ Detach: true });

  let read = "";
  let after: string | undefined;
  const isWhole = (): boolean => [1, 2].every((back) => read.includes(`line ${LINES - back}\n`));
  for (let cuts = 0; !isWhole(); cuts += 1) {
    try {
      const options = after === undefined ? { follow: true } : { follow: true, after };
      for await (const { bytes, at } of subject.runtime.logs(id, options)) {
        read += Buffer.from(bytes).toString();
        after = at;
        if (isWhole()) break;
        if (cuts < 5 && read.length > (cuts + 1) * 4_000) await proxy.cut();
      }
    } catch (error) {
      if (!isWsError(error, "engine_lost") && !isWsError(error, "engine_unreachable")) throw error;
      await proxy.restore();
    }
  }
  await subject.runtime.remove(id);
  const lines = read.split("\n").slice(0, -1);
  // Each output for itself: the engine reads the two apart, and may put a line of one before an older one of the other.
  for (const parity of [0, 1]) {
    expect(lines.filter((line) => Number(line.slice(5)) % 2 === parity)).toEqual(
      Array.from({ length: LINES / 2 }, (_each, index) => `line ${2 * index + parity}`),
    );
  }
});
