import type { WebSocket } from "ws";

/** Bytes that may wait in one socket's own buffer before sending to it waits. */
const BUFFERED = 1024 * 1024;

/** Sends to one client; never holds more of it in memory than a buffer's worth. */
export interface SocketWriter {
  text(frame: object): void;
  /** Resolves once the socket has room for more; false where it is gone. */
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
      if (socket.bufferedAmount < BUFFERED) socket.send(data);
      // The callback comes when the bytes have left for the kernel, or with an error when the socket is gone.
      else await new Promise<void>((resolve) => socket.send(data, () => resolve()));
      return isOpen();
    },
  };
}
