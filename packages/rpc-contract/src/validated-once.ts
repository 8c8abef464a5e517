import type { z } from "zod";

/**
 * The same schema, but what was found of an object is kept as long as the object: an event that goes to a thousand clients is looked at,
 * and copied, for the first of them. Only for what does not change any more once it is told.
 */
export function validatedOnce<Schema extends z.ZodType>(schema: Schema): Schema {
  const standard = schema["~standard"];
  const found = new WeakMap<object, ReturnType<typeof standard.validate>>();
  const validate: typeof standard.validate = (value) => {
    if (typeof value !== "object" || value === null) return standard.validate(value);
    const known = found.get(value) ?? standard.validate(value);
    found.set(value, known);
    return known;
  };
  return Object.create(schema, { "~standard": { value: { ...standard, validate } } }) as Schema;
}
