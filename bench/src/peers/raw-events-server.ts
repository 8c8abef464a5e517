// An event stream on `node:http` and nothing else: what is posted goes to every reader as it is. Prints its port.
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";

const readers = new Set<ServerResponse>();
const server = createServer((request, response) => {
  if (request.method === "GET") {
    response.writeHead(200, { "content-type": "text/event-stream" }).write(": begun\n\n");
    readers.add(response);
    response.on("close", () => readers.delete(response));
    return;
  }
  void text(request).then((event) => {
    for (const reader of readers) reader.write(`data: ${event}\n\n`);
    response.end();
  });
});
server.listen(0, "127.0.0.1", () => console.log((server.address() as AddressInfo).port));
// Our parent holds the other end; where it dies we have no more use.
process.stdin.on("end", () => process.exit()).resume();
