import type { SFTPWrapper } from "ssh2";

import type { Connection } from "./connect.ts";

/** The SFTP session of a connection: opened when first needed, once. */
export interface Sftp {
  /** One request; rejects when the connection goes, which the library itself may not notice. */
  request<T>(ask: (sftp: SFTPWrapper, done: (error: Error | null | undefined, value: T) => void) => void): Promise<T>;
}

export function createSftp(connection: Connection): Sftp {
  let session: Promise<SFTPWrapper> | undefined;
  function open(): Promise<SFTPWrapper> {
    const opened = new Promise<SFTPWrapper>((resolve, reject) => {
      connection.client.sftp((error, sftp) => {
        if (error !== undefined) return reject(error);
        sftp.on("error", () => undefined);
        // One for each request under way.
        sftp.setMaxListeners(0);
        // The workspace's user may end the server's process; the next request gets another.
        sftp.on("close", () => {
          session = undefined;
        });
        resolve(sftp);
      });
    });
    opened.catch(() => {
      session = undefined;
    });
    return opened;
  }

  return {
    async request<T>(ask: (sftp: SFTPWrapper, done: (error: Error | null | undefined, value: T) => void) => void) {
      if (connection.isClosed) throw await connection.closed;
      session ??= open();
      const opened = await connection.ending.until(session);
      if (opened === "ended") throw await connection.closed;
      const sftp = opened.value;
      const answered = Promise.withResolvers<T>();
      const onClose = (): void => answered.reject(new Error("the SFTP session ended"));
      sftp.once("close", onClose);
      try {
        ask(sftp, (error, value) => {
          if (error !== null && error !== undefined) answered.reject(error);
          else answered.resolve(value);
        });
        const outcome = await connection.ending.until(answered.promise);
        if (outcome === "ended") throw await connection.closed;
        return outcome.value;
      } finally {
        sftp.off("close", onClose);
      }
    },
  };
}

/** Status codes of the SFTP protocol that mean something to the domain. */
export const SFTP_EOF = 1;
export const SFTP_NO_SUCH_FILE = 2;
export const SFTP_PERMISSION_DENIED = 3;
export const SFTP_FAILURE = 4;

export function sftpCode(error: unknown): number | undefined {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === "number" ? code : undefined;
}
