// A pseudo-terminal on a WebSocket and nothing else: the least that a browser terminal can be made of. One program
// per connection, named by the arguments; prints its port.
import type { AddressInfo } from "node:net";
import { spawn } from "@lydell/node-pty";
import { WebSocketServer } from "ws";

const [program = "cat", ...argv] = process.argv.slice(2);
const server = new WebSocketServer({ host: "127.0.0.1", port: 0, perMessageDeflate: false });
server.on("connection", (socket) => {
  const pty = spawn(program, argv, { name: "xterm-256color", cols: 80, rows: 24, encoding: null });
  // With `encoding: null` it gives buffers, which its types do not know.
  pty.onData((data: string | Buffer) => socket.send(data, { binary: true }));
  pty.onExit(() => socket.close());
  socket.on("message", (data: Buffer) => pty.write(data.toString()));
  socket.on("close", () => pty.kill());
});
server.on("listening", () => console.log((server.address() as AddressInfo).port));
// Our parent holds the other end; where it dies we have no more use.
process.stdin.on("end", () => process.exit()).resume();
