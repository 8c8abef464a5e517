import type { WebSocket } from "ws";

/** Sends to one client, and holds nothing of it that was not sent. */
export interface SocketWriter {
  text(frame: object): void;
  /** Resolves when the data is the sender's again; false where the socket is gone. */
  bytes(data: Uint8Array): Promise<boolean>;
}

export function createSocketWriter(socket: WebSocket): SocketWriter {
  const isOpen = (): boolean => socket.readyState === socket.OPEN;
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
  };
}
