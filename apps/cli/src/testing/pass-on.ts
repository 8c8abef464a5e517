import type { Socket } from "node:net";

/** Joins two connections, and tells of every byte that passes, as whoever is in between sees it. */
export function passOn(near: Socket, far: Socket, seen: (bytes: Buffer) => void): void {
  for (const [from, to] of [
    [near, far],
    [far, near],
  ] as const) {
    from.on("error", () => to.destroy()).on("close", () => to.destroy());
    from.on("data", (bytes: Buffer) => {
      seen(bytes);
      to.write(bytes);
    });
  }
}
