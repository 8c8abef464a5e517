import { request } from "node:http";

/** `fetch` through a unix socket, for the calls that need no token. */
export function socketFetch(socketPath: string): (call: Request) => Promise<Response> {
  return async (call) => {
    const body = Buffer.from(await call.arrayBuffer());
    const { pathname, search } = new URL(call.url);
    const headers = { ...Object.fromEntries(call.headers), host: "localhost", "content-length": String(body.length) };
    return new Promise((resolve, reject) => {
      const outgoing = request(
        { socketPath, path: pathname + search, method: call.method, headers, signal: call.signal },
        (incoming) => {
          const parts: Buffer[] = [];
          incoming.on("data", (part: Buffer) => parts.push(part));
          incoming.on("error", reject);
          incoming.on("end", () => {
            const type = incoming.headers["content-type"] ?? "application/json";
            const status = incoming.statusCode ?? 500;
            const content = status === 204 ? null : Buffer.concat(parts);
            resolve(new Response(content, { status, headers: { "content-type": type } }));
          });
        },
      );
      outgoing.on("error", reject);
      outgoing.end(body);
    });
  };
}
