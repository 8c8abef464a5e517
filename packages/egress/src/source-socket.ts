import { Duplex } from "node:stream";
import type { ByteChannel, Bytes } from "@ws/workspace-core";

const BUFFERED = 256 * 1_024;
/** Whoever is told something last may read it slowly, but not for ever. */
const LAST_WORDS_MS = 2_000;

/** A program's connection as the stream that an HTTP server takes for a socket; slowness passes both ways. */
export class SourceSocket extends Duplex {
  // The proxy ends a connection that has none. It is never shown.
  readonly remoteAddress = "127.0.0.1";
  /** Grows with every byte either way. */
  moved = 0;
  readonly #channel: ByteChannel;
  readonly #source: AsyncIterator<Bytes>;
  #timer: NodeJS.Timeout | undefined;
  #lastWords: Promise<unknown> | undefined;

  constructor(channel: ByteChannel) {
    super({ highWaterMark: BUFFERED });
    this.#channel = channel;
    this.#source = channel.readable[Symbol.asyncIterator]();
  }

  /** As a socket has it: `timeout` is emitted once nothing has moved for so long. */
  setTimeout(ms: number, onTimeout?: () => void): this {
    clearTimeout(this.#timer);
    this.#timer = ms === 0 ? undefined : setTimeout(() => this.emit("timeout"), ms).unref();
    if (onTimeout !== undefined) this.once("timeout", onTimeout);
    return this;
  }

  /** Says this and nothing more, past what HTTP has to say; only where nothing has been said yet. */
  endWith(text: string): void {
    this.#lastWords ??= this.#channel.write(Buffer.from(text)).then(() => this.#channel.end());
    this.destroy();
  }

  override _read(): void {
    this.#source.next().then(
      ({ done, value }) => {
        this.#count(value?.length ?? 0);
        this.push(done === true ? null : value);
      },
      (error: Error) => this.destroy(error),
    );
  }

  override _write(bytes: Bytes, _encoding: string, callback: (error?: Error | null) => void): void {
    this.#count(bytes.length);
    settle(this.#channel.write(bytes), callback);
  }

  // One packet for a chunk with its frame, instead of three.
  override _writev(parts: { chunk: Bytes }[], callback: (error?: Error | null) => void): void {
    const bytes = Buffer.concat(parts.map(({ chunk }) => chunk));
    this.#count(bytes.length);
    settle(this.#channel.write(bytes), callback);
  }

  override _final(callback: (error?: Error | null) => void): void {
    settle(this.#channel.end(), callback);
  }

  override _destroy(error: Error | null, callback: (error?: Error | null) => void): void {
    clearTimeout(this.#timer);
    const end = (): void => this.#channel.destroy();
    if (this.#lastWords === undefined) end();
    else {
      const late = setTimeout(end, LAST_WORDS_MS).unref();
      const said = (): void => {
        clearTimeout(late);
        end();
      };
      this.#lastWords.then(said, said);
    }
    callback(error);
  }

  #count(bytes: number): void {
    this.moved += bytes;
    this.#timer?.refresh();
  }
}

function settle(work: Promise<unknown>, callback: (error?: Error | null) => void): void {
  work.then(() => callback(), callback);
}
