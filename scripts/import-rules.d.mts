export function importFault(path: string, target: string, isPackage: boolean): string | undefined;
