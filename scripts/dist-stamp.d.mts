export function whyStale(root: string): string | undefined;
