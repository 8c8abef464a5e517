import { Mark } from "../components/mark.tsx";

const GROUNDS = ["ground", "surface", "raised", "line", "line-strong"];
const INKS = ["ink", "muted", "accent", "good", "busy", "warn", "bad"];
const SOFT = ["accent", "good", "busy", "warn", "bad"];
const SIZES = [
  { size: "1.125rem", weight: 600, use: "Page heading" },
  { size: "0.9375rem", weight: 600, use: "Section heading" },
  { size: "0.9375rem", weight: 400, use: "Body" },
  { size: "0.8125rem", weight: 400, use: "Hints, table heads, what is second" },
  { size: "0.6875rem", weight: 500, use: "Keys and counts only" },
];

/** What everything is made of: the mark, the colours, the type. */
export function Foundations() {
  return (
    <div className="space-y-8">
      <div className="flex flex-wrap items-center gap-x-8 gap-y-4">
        <span className="flex items-center gap-3">
          <Mark className="size-12" />
          <span className="text-2xl font-semibold tracking-tight">Workspace</span>
        </span>
        <p className="max-w-prose text-sm text-muted">
          Paper and ink, with petrol for what can be acted on. The mark is a w drawn like a prompt, with its cursor; it
          is never set smaller than 20 px. The work of its users is the loudest thing on the screen.
        </p>
      </div>
      <dl className="grid grid-cols-2 gap-3 sm:grid-cols-5">
        {GROUNDS.map((name) => (
          <Swatch key={name} name={name} background={`var(--${name})`} />
        ))}
        {SOFT.map((name) => (
          <Swatch key={name} name={`${name}-soft`} background={`var(--${name}-soft)`} colour={`var(--${name})`} />
        ))}
      </dl>
      <ul className="flex flex-wrap gap-x-6 gap-y-2">
        {INKS.map((name) => (
          <li key={name} className="font-medium" style={{ color: `var(--${name})` }}>
            {name}
          </li>
        ))}
      </ul>
      <ul className="space-y-2">
        {SIZES.map(({ size, weight, use }) => (
          <li key={use} className="flex flex-wrap items-baseline gap-x-4">
            <code className="w-40 shrink-0 font-mono text-[0.8125rem] text-muted">
              {size} / {weight}
            </code>
            <span style={{ fontSize: size, fontWeight: weight }}>{use}: a workspace of your own</span>
          </li>
        ))}
        <li className="flex flex-wrap items-baseline gap-x-4">
          <code className="w-40 shrink-0 font-mono text-[0.8125rem] text-muted">mono</code>
          <span className="font-mono">cart-rounding ~/storefront 00b2d42 0Oo1lI</span>
        </li>
      </ul>
    </div>
  );
}

function Swatch({ name, background, colour = "var(--ink)" }: { name: string; background: string; colour?: string }) {
  return (
    <div className="rounded-lg border border-line px-3 py-4" style={{ background, color: colour }}>
      <dt className="font-mono text-[0.8125rem]">{name}</dt>
      <dd className="sr-only">{background}</dd>
    </div>
  );
}
