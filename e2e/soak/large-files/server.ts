// A git server with Git LFS as a process of its own. Says where it is in one line of JSON, and ends when its input does.
import { startGitServer, startLfsServer } from "@ws/git-provider/testing";

await using server = await startGitServer();
await using lfs = await startLfsServer(server);
const attributes = "*.bin filter=lfs diff=lfs merge=lfs -text\n";
const repository = await server.create("soak/big", { files: { ".gitattributes": attributes } });
lfs.serve("soak/big");
console.log(JSON.stringify({ url: repository.url, ca: [server.ca, lfs.ca] }));
await new Promise((resolve) => process.stdin.on("close", resolve).resume());
