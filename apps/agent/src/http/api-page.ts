import { createHash } from "node:crypto";
import { OpenAPIGenerator } from "@orpc/openapi";
import { ZodToJsonSchemaConverter } from "@orpc/zod/zod4";
import { contract } from "@ws/rpc-contract";
import { contentSecurityPolicy } from "./headers.ts";

const STYLE = `
:root { color-scheme: light dark; }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
code, pre { font-family: ui-monospace, monospace; font-size: .875em; }
pre { overflow-x: auto; padding: .75rem; border: 1px solid color-mix(in srgb, currentColor 20%, transparent); }
article { border-top: 1px solid color-mix(in srgb, currentColor 20%, transparent); padding: 1rem 0; }
h2 { font-size: 1rem; margin: 0; } p { margin: .25rem 0; } summary { cursor: pointer; }
`;

/** What the page's own style is let in by. */
const STYLE_HASH = `sha256-${createHash("sha256").update(STYLE).digest("base64")}`;

/** Of the page: nothing but its own style. */
export const PAGE_POLICY = contentSecurityPolicy(STYLE_HASH);

type Document = Awaited<ReturnType<OpenAPIGenerator["generate"]>>;

/** The OpenAPI document of the contract. */
export function generateSpec(version: string): Promise<Document> {
  const generator = new OpenAPIGenerator({ schemaConverters: [new ZodToJsonSchemaConverter()] });
  return generator.generate(contract, {
    info: {
      title: "Workspace",
      version,
      description:
        "Every call needs 'Authorization: Bearer TOKEN', except the exchange of a one-time code. Errors carry data.code, a stable code, and data.next, the next step.",
    },
    servers: [{ url: "/api" }],
    security: [{ bearer: [] }],
    components: { securitySchemes: { bearer: { type: "http", scheme: "bearer" } } },
  });
}

/** The document, as it is to be had at this address, as one page without scripts, so that it works under the strictest policy and without a CDN. */
export function renderPage(spec: Document, address: string): string {
  const operations = Object.entries(spec.paths ?? {}).flatMap(([path, item]) =>
    Object.entries(item ?? {}).map(([method, operation]) => renderOperation(method, path, operation as Operation)),
  );
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Workspace API</title>
<style>${STYLE}</style>
</head>
<body>
<h1>Workspace API ${escape(spec.info.version)}</h1>
<p>${escape(spec.info.description ?? "")}</p>
<p>The machine-readable document is at <code>/api/spec.json</code>, with a token:</p>
<pre>curl -H "Authorization: Bearer $TOKEN" ${escape(address)}/api/spec.json</pre>
${operations.join("\n")}
</body>
</html>
`;
}

interface Operation {
  summary?: string;
  description?: string;
  parameters?: unknown;
  requestBody?: { content?: Record<string, { schema?: unknown }> };
  responses?: Record<string, { content?: Record<string, { schema?: unknown }> }>;
}

function renderOperation(method: string, path: string, operation: Operation): string {
  const { summary = "", description = "", parameters, requestBody, responses = {} } = operation;
  return `<article>
<h2><code>${escape(method.toUpperCase())} /api${escape(path)}</code> ${escape(summary)}</h2>
<p>${escape(description)}</p>
${renderSchema("Parameters", parameters)}${renderSchema("Body", schemaOf(requestBody))}${renderSchema("Answer", schemaOf(responses["200"]))}
</article>`;
}

function schemaOf(part: { content?: Record<string, { schema?: unknown }> } | undefined): unknown {
  return Object.values(part?.content ?? {})[0]?.schema;
}

function renderSchema(title: string, schema: unknown): string {
  if (schema === undefined) return "";
  return `<details><summary>${title}</summary><pre>${escape(JSON.stringify(schema, null, 2))}</pre></details>`;
}

function escape(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}
