import { fileAddress, refusalOf } from "../../file-address.ts";
import type { UploadFile } from "./uploads.ts";

export interface PutFileOptions {
  workspace: string;
  token: string;
  replace: boolean;
  signal: AbortSignal;
  /** Of the bytes that have left so far. */
  onSent: (bytes: number) => void;
}

/** Sends one file. By the older interface, because a fetch does not tell how far its body has come. */
export function putFile({ path, content }: UploadFile, options: PutFileOptions): Promise<void> {
  const { workspace, token, replace, signal, onSent } = options;
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const request = new XMLHttpRequest();
  const abort = (): void => request.abort();
  request.open("PUT", fileAddress(workspace, path));
  request.setRequestHeader("authorization", `Bearer ${token}`);
  if (!replace) request.setRequestHeader("if-none-match", "*");
  request.upload.addEventListener("progress", ({ loaded }) => onSent(loaded));
  request.addEventListener("load", () => {
    if (request.status >= 200 && request.status < 300) resolve();
    else void refusalOf(new Response(request.responseText, { status: request.status })).then(reject);
  });
  request.addEventListener("error", () => reject(new TypeError("The worker did not answer.")));
  request.addEventListener("abort", () => reject(new DOMException("The upload was cancelled.", "AbortError")));
  request.addEventListener("loadend", () => signal.removeEventListener("abort", abort));
  signal.addEventListener("abort", abort);
  if (signal.aborted) reject(new DOMException("The upload was cancelled.", "AbortError"));
  else request.send(content);
  return promise;
}
