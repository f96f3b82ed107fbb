/**
 * The public halves of the token keys are one item, so that a reader never sees half of a rotation. This is its key.
 * Whoever may write it can make tokens that the router takes, so nothing but `npm run admin` has that right.
 */
export const PUBLISHED_KEY_SET = { keySet: 'tokens' } as const;
