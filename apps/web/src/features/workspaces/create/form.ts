import type { CreateInput } from "@ws/rpc-contract";
import { isName } from "../names.ts";

/** The form as typed: text everywhere, parsed once on submit. */
export interface FormValues {
  name: string;
  clone: string;
  branch: string;
  profile: "person" | "agent";
  image: string;
  devcontainer: "off" | "strict" | "lenient";
  docker: boolean;
  cpus: string;
  memory: string;
  processes: string;
  ttl: string;
  idle: string;
  autoCleanup: boolean;
  /** `some` are those in `chosen`. */
  credentials: "all" | "some" | "none";
  chosen: readonly string[];
  env: readonly { key: string; value: string }[];
}

export type FormErrors = Partial<Record<keyof FormValues, string>>;

export const emptyForm: FormValues = {
  name: "",
  clone: "",
  branch: "",
  profile: "person",
  image: "",
  devcontainer: "off",
  docker: false,
  cpus: "",
  memory: "",
  processes: "",
  ttl: "",
  idle: "",
  autoCleanup: false,
  credentials: "all",
  chosen: [],
  env: [],
};

/** What the form asks of the agent, or what is wrong with which field. The agent checks everything again. */
export function parseForm(values: FormValues): { input: CreateInput } | { errors: FormErrors } {
  const errors: FormErrors = {};
  if (!isName(values.name)) {
    errors.name = "Use 1 to 63 lower-case letters, digits and inner hyphens.";
  }
  const clone = values.clone.trim();
  const branch = values.branch.trim();
  if (clone === "" && branch !== "") errors.branch = "A branch needs a repository to clone.";

  const cpus = optional(values.cpus, Number);
  if (cpus !== undefined && !(cpus > 0)) errors.cpus = "A number above 0, such as 2 or 0.5.";
  const memoryBytes = optional(values.memory, parseSize);
  if (memoryBytes !== undefined && !(memoryBytes >= 32 * 1024 ** 2)) {
    errors.memory = "A size of at least 32M, such as 512M or 4G.";
  }
  const ttlSeconds = optional(values.ttl, parseDuration);
  if (ttlSeconds !== undefined && !(ttlSeconds > 0)) errors.ttl = "A time such as 30m, 8h or 2d.";

  const processes = optional(values.processes, Number);
  if (processes !== undefined && !(Number.isSafeInteger(processes) && processes > 0)) {
    errors.processes = "A whole number above 0.";
  }
  const idleSeconds = optional(values.idle, parseDuration);
  if (idleSeconds !== undefined && !(idleSeconds >= 60)) errors.idle = "A time of at least 1m, such as 30m or 8h.";
  if (clone === "" && values.devcontainer !== "off") errors.devcontainer = "It needs a repository to clone.";
  const why = values.docker ? whyNoDocker(values) : undefined;
  if (why !== undefined) errors.docker = why;

  const rows = values.env.filter((row) => row.key !== "" || row.value !== "");
  const wrong = rows.find((row) => !/^[A-Za-z_][A-Za-z0-9_]*$/.test(row.key));
  if (wrong !== undefined) {
    errors.env = `'${wrong.key}' is not a variable name: use letters, digits and _, not starting with a digit.`;
  }
  if (Object.keys(errors).length > 0) return { errors };

  const image = values.image.trim();
  const limits = { ...given("cpus", cpus), ...given("memoryBytes", memoryBytes), ...given("processes", processes) };
  return {
    input: {
      name: values.name,
      profile: values.profile,
      ...given("clone", clone || undefined),
      ...given("branch", branch || undefined),
      ...given("image", image || undefined),
      ...(values.docker ? { docker: true } : {}),
      ...(values.devcontainer === "off" ? {} : { devcontainer: values.devcontainer }),
      ...given("ttlSeconds", ttlSeconds),
      ...given("idleSeconds", idleSeconds),
      ...(values.autoCleanup ? { autoCleanup: true } : {}),
      ...(values.credentials === "all"
        ? {}
        : { credentials: values.credentials === "none" ? ("none" as const) : [...values.chosen] }),
      ...(Object.keys(limits).length > 0 ? { limits } : {}),
      ...(rows.length > 0 ? { env: Object.fromEntries(rows.map((row) => [row.key, row.value])) } : {}),
    },
  };
}

/** Why a workspace with these cannot have a Docker engine of its own, whatever its worker allows; undefined where it can. */
export function whyNoDocker({ profile, image }: Pick<FormValues, "profile" | "image">): string | undefined {
  if (profile === "agent") return "The profile Agent promises that it has no such rights.";
  return image.trim() === "" ? undefined : "A workspace that runs Docker has an image of its own.";
}

/** What a link may fill in. It never creates anything, and never sets the environment. */
export function formFromLink(query: URLSearchParams): Partial<FormValues> {
  const fields = ["name", "clone", "branch"] as const;
  return Object.fromEntries(
    fields.flatMap((field) => {
      const value = query.get(field);
      return value === null ? [] : [[field, value.slice(0, 500)]];
    }),
  );
}

/** Bytes of `512M`, `4G` or `1.5GiB`; NaN where it is none of these. */
export function parseSize(text: string): number {
  const match = /^(\d+(?:\.\d+)?)\s*([kmgt]?)i?b?$/i.exec(text.trim());
  if (match === null) return Number.NaN;
  const power = " kmgt".indexOf((match[2] ?? "").toLowerCase() || " ");
  return Math.round(Number(match[1]) * 1024 ** power);
}

/** Seconds of `90s`, `30m`, `8h` or `2d`; NaN where it is none of these. */
export function parseDuration(text: string): number {
  const match = /^(\d+(?:\.\d+)?)\s*([smhd])$/i.exec(text.trim());
  if (match === null) return Number.NaN;
  const unit = { s: 1, m: 60, h: 3600, d: 86_400 }[(match[2] ?? "s").toLowerCase()] ?? Number.NaN;
  return Math.round(Number(match[1]) * unit);
}

function optional(text: string, parse: (text: string) => number): number | undefined {
  return text.trim() === "" ? undefined : parse(text.trim());
}

function given<K extends string, V>(key: K, value: V | undefined): { [P in K]?: V } {
  return value === undefined ? {} : ({ [key]: value } as { [P in K]: V });
}
