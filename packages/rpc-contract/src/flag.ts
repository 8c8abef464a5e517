import { z } from "zod";

/** Yes or no, also as the text that an address has. */
export const flag = z.union([z.boolean(), z.enum(["true", "false"]).transform((text) => text === "true")]);
