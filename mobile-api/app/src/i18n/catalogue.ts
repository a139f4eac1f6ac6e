/** The shape of a catalogue: the same keys in every language, or the build fails. */
export type Words<T> = { readonly [K in keyof T]: T[K] extends string ? string : Words<T[K]> };
