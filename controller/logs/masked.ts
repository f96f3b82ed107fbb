/** Stands for what is not written down. It has no length: that of a password is told by nothing. */
export const MASKED = '[masked]';
