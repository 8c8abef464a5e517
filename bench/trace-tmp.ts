import { startWorker } from "/work/main/bench/src/worker/worker.ts";
import { readFileSync, rmSync } from "node:fs";
import { execFileSync, execFile } from "node:child_process";
const N = Number(process.argv[2] ?? 6), many = Number(process.argv[3] ?? 0);
const file = "/tmp/w/docker/trace3.jsonl"; rmSync(file, { force: true });
const signal = new AbortController().signal;
const now = () => performance.timeOrigin + performance.now();
await using worker = await startWorker({ environment: { WS_RUNTIME: "docker", NODE_OPTIONS: '--cpu-prof --cpu-prof-dir=/tmp/w/docker/prof --cpu-prof-interval=200', TRACE_FILE: file }, signal });
await worker.create("warm0");
const spans = []; const peers=[];
const image = execFileSync("docker",["ps","--filter","name=workspace-warm0","--format","{{.Image}}"]).toString().trim();
for (let i = 0; i < N; i++) {
  const s = now(); await worker.create(`t-${i}`); const m = now();
  await worker.client.workspaces.exec({ name: `t-${i}`, command: ["echo", "hi"] }); const e = now();
  spans.push([s, m, e]); await worker.remove(`t-${i}`);
  await new Promise(r => setTimeout(r, 250));
  const p=now(); const c=execFileSync("docker",["run","-d",image,"sleep","infinity"]).toString().trim(); execFileSync("docker",["exec",c,"echo","hi"]); peers.push(now()-p); execFileSync("docker",["rm","-f","-v",c]);
  await new Promise(r => setTimeout(r, 250));
}
let manySpan; let manyPeer: number|undefined;
if (many) {
  const names=Array.from({length:many},(_,i)=>`m-${i}`);
  for (let k=0;k<2;k++){
  const s=now(); const ends=await Promise.all(names.map(async n=>{await worker.create(n); return now()-s;})); manySpan=[s,now(),ends.map(Math.round)];
  await Promise.all(names.map(n=>worker.remove(n)));
  await new Promise(r => setTimeout(r, 1500));
  const p=now(); const cs=await Promise.all(names.map(()=>new Promise<string>((res,rej)=>execFile("docker",["run","-d",image,"sleep","infinity"],(e,o)=>e?rej(e):res(o.trim())))));manyPeer=now()-p;
  execFileSync("docker",["rm","-f","-v",...cs]);
  await new Promise(r => setTimeout(r, 1000));
  console.log("many", Math.round(manySpan[1]-manySpan[0]), "peer", Math.round(manyPeer!));
  }
}
await new Promise(r => setTimeout(r, 400));
const ev = readFileSync(file, "utf8").trim().split("\n").map(l => JSON.parse(l));
const show=(s:number,e:number)=>{ for (const x of ev.filter(x=>x.start>=s-1&&x.start<=e).sort((a,b)=>a.start-b.start)) if(!(x.kind==="engine"&&0)) console.log(`${(x.start-s).toFixed(1).padStart(7)} +${(x.end-x.start).toFixed(1).padStart(6)} ${x.kind} ${x.label.slice(0,150)}`); };
console.log("creates", spans.map(([s,m,e])=>`${Math.round(m-s)}+${Math.round(e-m)}`).join(" "), "peers", peers.map(Math.round).join(" "));
const med=(a:number[])=>a.toSorted((x,y)=>x-y)[Math.floor(a.length/2)];
console.log("median ours", Math.round(med(spans.map(([s,,e])=>e-s))), "peer", Math.round(med(peers)), "ratio", (med(spans.map(([s,,e])=>e-s))/med(peers)).toFixed(2));
if (!process.env.QUIET) { const [s,,e]=spans[Math.min(3,spans.length-1)]; show(s,e); }
if (many && process.env.SHOWMANY) show(manySpan[0],manySpan[1]);
if (many) console.log("ends",manySpan[2]);
await worker.remove("warm0");
