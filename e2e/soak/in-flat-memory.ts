import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { rounds } from "../support/rounds.ts";
import type { Held } from "./place.ts";

/** Has a worker process move content through a container's forward, and fails where it held much of it in memory. */
export function testInFlatMemory(worker: URL, usual: number, title: string): void {
  // A gigabyte says whether memory is flat; a few dozen megabytes, whether the way works at all.
  const megabytes = rounds(usual, 1_024);
  test(`${megabytes} MiB: ${title}, in flat memory`, { timeout: 1_200_000 }, async () => {
    const image = process.env["WS_TEST_IMAGE"];
    const script = [fileURLToPath(worker), String(megabytes), ...(image === undefined ? [] : [image])];
    const { stdout } = await promisify(execFile)(process.execPath, ["--conditions=source", ...script]);
    const held = JSON.parse(stdout) as Held;
    console.log(JSON.stringify(held, undefined, 2));
    expect(held.intact).toBe(true);
    // Buffers of sockets and the collector's slack, whatever the size of what was moved.
    expect(held.peakMiB - held.idleMiB).toBeLessThan(200);
  });
}
