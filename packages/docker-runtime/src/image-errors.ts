import { WsError } from "@ws/workspace-core";

export function imageNotFound(image: string, reason: string): WsError<"image_not_found"> {
  return new WsError("image_not_found", {
    message: `There is no image '${image}': ${reason}`,
    next: `Check the name, or bring it to this engine with 'docker pull ${image}' or 'docker build --tag ${image} .'.`,
    data: { image },
  });
}

/** With the last lines of what the build printed: the cause is nearly always among them. */
export function imageBuildFailed(
  image: string,
  details: { reason: string; output?: readonly string[]; next?: string; cause?: unknown },
): WsError<"image_build_failed"> {
  const output = details.output ?? [];
  return new WsError("image_build_failed", {
    message: [`The image ${image} could not be built: ${details.reason}`, ...output].join("\n"),
    next:
      details.next ?? "Put right what the last lines name, then start the workspace again: the image is built anew.",
    data: { image },
    cause: details.cause,
  });
}
