import { WsError } from "./errors.ts";
import { excerpt } from "./names.ts";
import { nearest } from "./nearest.ts";
import type { ChangeOf } from "./provider.ts";

export function providerFailed(provider: string, hook: string, cause: unknown): WsError {
  const why = cause instanceof Error ? cause.message : String(cause);
  return new WsError("provider_failed", {
    message: `The provider '${provider}' failed in ${hook}: ${why}`,
    next: "Tell whoever made it, or leave it out: WS_DISABLE_PROVIDERS.",
    data: { provider, hook },
    cause,
  });
}

export function providerNotFound(type: string, types: readonly string[], isDisabled: boolean): WsError {
  const known = types.length === 0 ? "none are in use" : types.join(", ");
  const meant = nearest(type, types);
  const next = isDisabled
    ? "It is switched off: see WS_DISABLE_PROVIDERS and the setting 'disabledProviders'."
    : meant === undefined
      ? "See them all: ws provider list."
      : `Did you mean '#${meant}:'?`;
  return new WsError("provider_not_found", {
    message: `There is no provider for '#${type}:' references; known are: ${known}.`,
    next,
    data: { provider: type },
  });
}

export function noProviderFor({ change, project }: ChangeOf, what: string, types: readonly string[]): WsError {
  return new WsError("submit_failed", {
    message: `The change '${change.name}' of '${project.name}' cannot be ${what}: no provider knows how.`,
    next: `Providers in use: ${types.join(", ") || "none"}.`,
    data: { change: change.name },
  });
}

export function unknownChange(url: string): WsError {
  return new WsError("forge_unknown", {
    message: `No provider knows a change with the URL '${url.slice(0, 200)}'.`,
    next: "See what is known: ws provider list.",
    data: { url },
  });
}

/** What submitting, reviewing or comparing in a plain directory is answered with. */
export function noVersionControl(directory: string, action: string): WsError<"no_version_control"> {
  return new WsError("no_version_control", {
    message: `There is nothing to ${action} in '${excerpt(directory)}': it is a plain directory without version control.`,
    next: "Use a repository, such as #git:NAME or #gh:org/repo.",
    data: { directory: excerpt(directory) },
  });
}
