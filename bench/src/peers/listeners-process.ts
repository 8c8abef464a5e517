// Many readers of one event stream, each with a connection of its own. Arguments: the stream's URL, how many, and what is posted to it, if
// it is; the first line of the input is a token, or empty. Each further line is a word that an event will have in it: once all have read it, one line of JSON says
// when each did, in milliseconds since 1970. They look for the word and at nothing else, so that what is measured is the sender.
import { once } from "node:events";
import { connect } from "node:net";
import { createInterface } from "node:readline";

const [address = "", count = "0", body] = process.argv.slice(2);
const { hostname, port, host, pathname, search } = new URL(address);
const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
const { value: token = "" } = await lines.next();
const request = [
  `${body === undefined ? "GET" : "POST"} ${pathname}${search} HTTP/1.1`,
  `host: ${host}`,
  "accept: text/event-stream",
  ...(token === "" ? [] : [`authorization: Bearer ${token}`]),
  ...(body === undefined ? [] : ["content-type: application/json", `content-length: ${Buffer.byteLength(body)}`]),
  "",
  body ?? "",
].join("\r\n");
let wanted = "";
let times: number[] = [];
let all = Promise.withResolvers<void>();

async function listen(): Promise<void> {
  const socket = connect(Number(port), hostname);
  let tail = "";
  let heard = "";
  const begun = Promise.withResolvers<void>();
  socket.on("data", (bytes: Buffer) => {
    begun.resolve();
    if (wanted === "" || heard === wanted) return;
    const text = tail + bytes.toString("latin1");
    tail = text.slice(-wanted.length);
    if (!text.includes(wanted)) return;
    heard = wanted;
    times.push(performance.timeOrigin + performance.now());
    if (times.length === Number(count)) all.resolve();
  });
  socket.on("close", () => process.exit(1));
  socket.on("error", () => process.exit(1));
  await once(socket, "connect");
  socket.write(request);
  await begun.promise;
}

// Not all in one instant: what is measured is what they hear, and not how they come.
for (let index = 0; index < Number(count); index += 50) {
  await Promise.all(Array.from({ length: Math.min(50, Number(count) - index) }, listen));
}
console.log("ready");
for (;;) {
  const { value, done } = await lines.next();
  if (done === true) process.exit();
  times = [];
  all = Promise.withResolvers();
  wanted = value;
  console.log("waiting");
  await all.promise;
  console.log(JSON.stringify(times));
}
