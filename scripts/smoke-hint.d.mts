export function explainNavigation(error: Error, targetUrl: string): string;
