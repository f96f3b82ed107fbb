export const OTLP_TRACES_FILE: string;
