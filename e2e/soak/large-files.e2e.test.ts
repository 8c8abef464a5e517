import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

import { expect, test } from "vitest";

import type { Result } from "./large-files/result.ts";

// A gigabyte says whether memory is flat; a few dozen megabytes, whether the way works at all.
const megabytes = process.env["WS_SOAK"] === undefined ? 64 : 1_024;

test(
  `a large file of ${megabytes} MiB is stored and fetched through the forward of a container, in flat memory`,
  { timeout: 1_200_000 },
  async () => {
    const worker = fileURLToPath(new URL("large-files/worker.ts", import.meta.url));
    const image = process.env["WS_TEST_IMAGE"];
    const argv = ["--conditions=source", worker, String(megabytes), ...(image === undefined ? [] : [image])];
    const { stdout } = await promisify(execFile)(process.execPath, argv);
    const result = JSON.parse(stdout) as Result;
    console.log(JSON.stringify(result, undefined, 2));
    expect(result.intact).toBe(true);
    // Buffers of sockets and the collector's slack, whatever the size of the file.
    expect(result.peakMiB - result.idleMiB).toBeLessThan(200);
  },
);
