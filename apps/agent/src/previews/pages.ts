import { createHash } from "node:crypto";
import { STATUS_CODES, type IncomingMessage, type ServerResponse } from "node:http";
import type { Duplex } from "node:stream";

/** What a person is told in place of a preview, with the commands that lead on. */
export interface Page {
  status: number;
  title: string;
  text: string;
  commands?: readonly string[];
  /** What can be seen instead, each as a line. */
  list?: readonly string[];
  headers?: Readonly<Record<string, string>>;
}

/** Takes the code out of the address before anything else, and spends it; where that fails the page says so. */
const ENTER_SCRIPT = `
const code = new URLSearchParams(location.hash.slice(1)).get("code");
history.replaceState(null, "", location.pathname);
const say = (text) => { document.getElementById("said").textContent = text; };
if (!code) say("This address needs the code that 'ws open' puts behind it.");
else fetch("/.ws/enter", { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify({ code }) })
  .then(async (answer) => { if (answer.ok) location.replace("/"); else say((await answer.json()).message); })
  .catch(() => say("The worker did not answer."));
`;

const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "style-src 'unsafe-inline'",
  `script-src 'sha256-${createHash("sha256").update(ENTER_SCRIPT).digest("base64")}'`,
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");

const HEADERS: Readonly<Record<string, string>> = {
  "content-security-policy": CONTENT_SECURITY_POLICY,
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "cache-control": "no-store",
};

const STYLE = `
:root { color-scheme: light dark; }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 40rem; margin: 12vh auto; padding: 0 1.5rem; }
h1 { font-size: 1.35rem; line-height: 1.3; } code { font: 0.95em ui-monospace, monospace; }
pre { padding: 0.75rem 1rem; border-radius: 0.5rem; background: color-mix(in srgb, currentColor 9%, transparent); overflow-x: auto; }
`;

/** The page that a one-time link leads to. */
export function enterPage(): { headers: Readonly<Record<string, string>>; body: string } {
  const body = `<h1 id="said" role="status">Opening the preview…</h1><script>${ENTER_SCRIPT}</script>
<noscript><p>This page needs JavaScript, once, to take the code out of its address.</p></noscript>`;
  return { headers: { ...HEADERS, "content-type": "text/html; charset=utf-8" }, body: html("Preview", body) };
}

/** As a page for whoever looks at it, as a line of text for a program. */
export function sendPage(request: IncomingMessage, response: ServerResponse, page: Page): void {
  const { headers, body } = rendered(request, page);
  response.writeHead(page.status, headers);
  response.end(request.method === "HEAD" ? undefined : body);
}

/** The same for a connection that asked to become a WebSocket. */
export function sendPageOn(request: IncomingMessage, socket: Duplex, page: Page): void {
  const { headers, body } = rendered(request, page);
  const lines = Object.entries({ ...headers, connection: "close" }).map(([name, value]) => `${name}: ${value}`);
  socket.end([`HTTP/1.1 ${page.status} ${STATUS_CODES[page.status] ?? ""}`, ...lines, "", body].join("\r\n"));
}

function rendered(request: IncomingMessage, page: Page): { headers: Record<string, string>; body: string } {
  const isSeen = request.headers.accept?.includes("text/html") === true;
  const body = isSeen ? asHtml(page) : asText(page);
  const type = `text/${isSeen ? "html" : "plain"}; charset=utf-8`;
  const length = String(Buffer.byteLength(body));
  return { headers: { ...HEADERS, "content-type": type, "content-length": length, ...page.headers }, body };
}

function asHtml({ title, text, commands = [], list = [] }: Page): string {
  const parts = [
    `<h1>${escaped(title)}</h1>`,
    ...(text === "" ? [] : [`<p>${escaped(text)}</p>`]),
    ...(list.length === 0 ? [] : [`<ul>${list.map((line) => `<li><code>${escaped(line)}</code></li>`).join("")}</ul>`]),
    ...(commands.length === 0 ? [] : [`<pre><code>${commands.map(escaped).join("\n")}</code></pre>`]),
  ];
  return html(title, parts.join("\n"));
}

function asText({ title, text, commands = [], list = [] }: Page): string {
  return [title, ...(text === "" ? [] : [text]), ...[...list, ...commands].map((line) => `  ${line}`), ""].join("\n");
}

function html(title: string, body: string): string {
  return `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${escaped(title)}</title><style>${STYLE}</style><body>${body}</body></html>`;
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
}
