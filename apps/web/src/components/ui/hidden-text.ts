/** Typed text stands as dots, but not what stands there before anything is typed. Browsers offer to keep what is typed into password fields. */
export const hiddenText = "[-webkit-text-security:disc] placeholder:[-webkit-text-security:none]";
