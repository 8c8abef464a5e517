import type { WebSocket } from "ws";

/** Sends to one client, and holds nothing of it that was not sent. */
export interface SocketWriter {
  text(frame: object): void;
  /** Resolves when the data is the sender's again; false where the socket is gone. */
  bytes(data: Uint8Array): Promise<boolean>;
  /** Says that so many more bytes were taken: one frame at a time, so that many small pieces are no flood for one who reads nothing. */
  acknowledge(bytes: number): void;
}

export function createSocketWriter(socket: WebSocket): SocketWriter {
  const isOpen = (): boolean => socket.readyState === socket.OPEN;
  let taken = 0;
  let isTelling = false;
  function tell(): void {
    isTelling = taken > 0 && isOpen();
    if (!isTelling) return;
    const frame = JSON.stringify({ type: "ack", bytes: taken });
    taken = 0;
    socket.send(frame, tell);
  }
  return {
    text(frame) {
      if (isOpen()) socket.send(JSON.stringify(frame));
    },
    async bytes(data) {
      if (!isOpen()) return false;
      // The callback comes when the bytes have left for the kernel, or with an error when the socket is gone.
      await new Promise<void>((resolve) => socket.send(data, () => resolve()));
      return isOpen();
    },
    acknowledge(bytes) {
      taken += bytes;
      if (!isTelling) tell();
    },
  };
}
