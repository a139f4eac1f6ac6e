const inks = ["--applying", "--paused", "--online", "--problem", "--block", "--ink-2"] as const;
const dashes = [[], [6, 4], [2, 3], [10, 4, 2, 4]];

/** The colour of a line, as base.css calls it: readable on a card, in both appearances. */
export const inkOf = (i: number): string => inks[i % inks.length] ?? inks[0];

/** Lines are told apart without their colour, too. */
export const dashOf = (i: number): number[] => dashes[i % dashes.length] ?? [];
